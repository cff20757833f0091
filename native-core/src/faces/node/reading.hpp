// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/call.hpp"

namespace emilua::node {

/// The buffer of a call that is no `node_call`, while that lasts.
class buffer_of_call final : public buffer_source {
public:
    explicit buffer_of_call(std::span<std::byte> bytes) noexcept
        : bytes_{bytes} {}

    bool buffer_now(unsigned, std::span<std::byte>& out) override {
        out = bytes_;
        return true;
    }
    argument_error loss_of(unsigned number) const override {
        return loss_of_buffer(number, {});
    }

private:
    std::span<std::byte> bytes_;
};

/// Whether `op` ended before it waited.
inline bool is_done(const operation& op) noexcept {
    return op.progress.load(std::memory_order_relaxed) ==
           operation::state::done;
}

/// The operation of a read.
using reading = typed_operation<std::size_t>;

/// The buffer that an object reads into again and again: where its memory is,
/// for as long as that is there. JavaScript keeps the buffer while it says so.
/// An operation that has succeeded is that of the next read as well. One line
/// of the processor's caches has all that a read asks for.
class alignas(64) repeated_read final : public slot_table::attachment,
                                        public buffer_source {
public:
    repeated_read(const bound_member& m, napi_value array_buffer,
                  std::span<std::byte> bytes);
    ~repeated_read() override;
    repeated_read(const repeated_read&) = delete;
    repeated_read& operator=(const repeated_read&) = delete;

    bool buffer_now(unsigned number, std::span<std::byte>& out) override;
    argument_error loss_of(unsigned number) const override {
        return loss_of_buffer(number, {});
    }
    /// What it was when JavaScript told of it.
    std::span<std::byte> bytes() const noexcept { return bytes_; }

    /// For the next read: what was kept, or a new one.
    reading& next();
    /// `op`, which was delivered, is for the next read.
    void keep(reading& op) noexcept;

    const bound_member& member;

private:
    environment& owner_;
    napi_ref array_buffer_ = nullptr;
    std::span<std::byte> bytes_;
    reading* kept_ = nullptr;
};

/// A call of a member that takes nothing but a buffer to read into. With
/// another argument the object reads into that buffer again and again, if
/// nothing else uses the object; `environment::tell_more` says 1 then.
napi_value call_reading(napi_env env, napi_callback_info info);

/// Starts operation `id`, a read of object `h` into that buffer. What is wrong
/// with it becomes its result.
void start_repeated_read(environment& owner, std::uint32_t id,
                         slot_table::handle h);

/// Of such a read by `again`, which succeeded and is over: how many bytes.
std::int32_t end_repeated_read(repeated_read& again, operation& op) noexcept;

} // namespace emilua::node
