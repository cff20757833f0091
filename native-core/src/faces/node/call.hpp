// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"
#include "faces/node/results.hpp"

#include <array>

namespace emilua::node {

/// The bytes of a Uint8Array; `out` is left alone if `v` is none. Says whether
/// its ArrayBuffer was detached.
enum class bytes_state { there, detached, no_bytes };
bytes_state read_bytes(napi_env env, napi_value v, std::span<std::byte>& out);

/// A call that JavaScript makes. Arguments follow the receiver, if there is
/// one, and the number of the operation, if the member suspends.
class node_call final : public call {
public:
    /// The arguments of one call of a function that `bindings` made.
    struct arguments {
        arguments(napi_env env, napi_callback_info info);

        static constexpr std::size_t inline_arguments = 12;

        std::array<napi_value, inline_arguments> values;
        std::size_t count;
        const bound_member* member;
        std::vector<napi_value> more;
    };

    explicit node_call(arguments& from);
    ~node_call();
    node_call(const node_call&) = delete;
    node_call& operator=(const node_call&) = delete;

    /// Finds the receiver. Throws `failure`.
    void find_receiver();

    bool is_nil(unsigned i) override;
    type_kind kind(unsigned i) override;
    bool boolean(unsigned i) override;
    double number(unsigned i) override;
    std::string_view string(unsigned i) override;
    mutable_bytes writable(unsigned i) override;
    const_bytes readable(unsigned i) override;
    void* object(unsigned i, const class_description& cls) override;
    value any(unsigned i) override;
    results& out() override { return results_; }

    /// What the call returns.
    napi_value result() { return results_.finish(); }

    /// The place that JavaScript gave the operation.
    std::uint32_t operation_id() const;
    /// The objects that must outlive the operation.
    pin_list& pins() noexcept { return pins_; }
    const bound_member& member() const noexcept { return member_; }
    /// The memory of argument `i`, a buffer, as it is at this moment.
    bytes_state bytes_now(unsigned i, std::span<std::byte>& out) const;

    /// The value that is the receiver, as the call left it.
    void return_receiver();

private:
    static constexpr unsigned no_bytes = ~0U;

    struct temporary {
        const class_description* cls;
        void* object;
    };
    napi_value argument(unsigned i) const noexcept;
    const type* what(unsigned i) const noexcept;
    std::span<std::byte> bytes(unsigned i);
    void* from_wire(const class_description& cls, napi_value wire);

    environment& environment_;
    const bound_member& member_;
    node_results results_;
    arguments& arguments_;
    unsigned first_;
    pin_list pins_;
    /// The buffer that was read last, as long as no JavaScript ran since.
    std::span<std::byte> bytes_;
    unsigned bytes_index_ = no_bytes;
    std::vector<temporary> temporaries_;
    std::vector<std::unique_ptr<char[]>> strings_;
    std::array<char, 512> characters_;
    std::size_t characters_used_ = 0;
};

} // namespace emilua::node
