// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/reader.hpp"
#include "faces/node/results.hpp"

#include <array>

namespace emilua::node {

/// A member of a description as a function of JavaScript.
struct bound_member {
    enum class receiver : std::uint8_t { none, object, value };

    environment* owner;
    const member& description;
    void (*invoke)(call&);
    receiver self = receiver::none;
    /// Of a method: the class of its receiver.
    const class_description* cls = nullptr;
    bool suspends = false;
    /// Whether a secret may be among its arguments.
    bool takes_secret = false;
};

/// Throws why an operation failed that has ended before it waited.
void throw_if_failed(operation& op);

/// A call that JavaScript makes. Arguments follow the receiver, if there is
/// one, and the number of the operation, if the member suspends.
class node_call final : public js_reader<call>,
                        private buffer_source,
                        private call_buffers {
public:
    /// The arguments of one call of a function that `bindings` made.
    struct arguments {
        arguments(napi_env env, napi_callback_info info);
        /// Of a member that suspends: those of operation `id` on object `h`.
        arguments(const bound_member& m, std::uint32_t id, slot_table::handle h,
                  napi_value argument);

        static constexpr std::size_t inline_arguments = 12;

        std::array<napi_value, inline_arguments> values;
        std::size_t count;
        const bound_member* member;
        /// All of them, where there are more.
        std::unique_ptr<napi_value[]> more;
    };

    explicit node_call(arguments& from);
    node_call(const node_call&) = delete;
    node_call& operator=(const node_call&) = delete;

    /// Makes the call and gives what JavaScript gets; throws in JavaScript.
    napi_value run();
    /// The same for a member that suspends, which says how it went by
    /// `environment::tell`.
    napi_value start();
    /// The same where `op`, on `receiver`, is done already, and not with a
    /// result.
    napi_value finish(operation& op, void* receiver) noexcept;
    /// The error of a call that failed before it got here.
    napi_value fail(failure f) noexcept;
    /// What is being thrown, as an error of JavaScript.
    napi_value error() noexcept;

    // call
    unsigned count() override { return argument_count_; }
    place argument(unsigned i) override {
        return at(i < argument_count_ ? arguments_[i] : nullptr);
    }
    results& out() override { return results_; }

private:
    void check_right() const;
    /// Finds the receiver. Throws `failure` that names it.
    void find_receiver();
    void* receiver_of(napi_value v);
    /// A method of a value that gives nothing gives the value, as the call
    /// left it.
    void return_receiver();
    std::uint32_t operation_id() const;
    void start_operation();
    /// Gives the result of what is done, or the error of a buffer that is gone.
    napi_value finish_at_once();
    void wait(std::uint32_t id);
    std::unique_ptr<operation_parts> parts();
    bool buffer_now(unsigned number, std::span<std::byte>& out) override;
    argument_error loss_of(unsigned number) const override;
    std::span<std::byte> buffer_of_call(unsigned number,
                                        bool had_bytes) override;

    napi_value error_of(const argument_error& e);
    /// The type of an argument that is a `t`, as far as another argument
    /// decides it.
    const type& decided_type(const type& t);
    /// How to make an object of `t` of what was given.
    std::string hint_for(const type& t, napi_value given) const;
    /// What `path` leads to inside of argument `i`, as the program reads it.
    given_value given(std::size_t i, const std::vector<path_step>& path);
    given_value given(const failure& e);

    const bound_member& member_;
    node_results results_;
    const napi_value* all_;
    unsigned first_;
    /// The buffer that was asked for last.
    unsigned last_buffer_ = 0;
};

} // namespace emilua::node
