// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <boost/asio/buffer.hpp>

#include <span>

namespace emilua {

/// Has the buffers of a call, for as long as the call lasts, where memory is
/// not pinned.
class call_buffers {
public:
    /// The memory of buffer `index` at this moment. Throws `argument_error`,
    /// which names it, when it is gone: the program detached it, or it has no
    /// bytes any more (`had_bytes`: there were some).
    virtual std::span<std::byte> buffer_of_call(unsigned index,
                                                bool had_bytes) = 0;

protected:
    ~call_buffers() = default;
};

/// A caller's buffer.
///
/// Memory of a Lua VM is pinned: it stays where it is while the operation that
/// holds it is pending. Memory of JavaScript is not: the program can detach and
/// shrink it while an operation waits, and in a getter that runs while later
/// arguments are read. So its address is asked for again each time. Usable as
/// an Asio buffer sequence, which asks when the system call is about to be made
/// and not before.
template <class Buffer> class basic_bytes {
public:
    basic_bytes() = default;
    /// Pinned memory.
    basic_bytes(void* data, std::size_t size) noexcept : current_{data, size} {}
    /// Buffer number `index` of a call, which `from` knows if other code may
    /// run before it is used. `bind` makes it that of the operation that the
    /// call starts.
    basic_bytes(void* data, std::size_t size, unsigned index,
                call_buffers* from = nullptr) noexcept
        : current_{data, size}, call_{from}, index_{index},
          memory_{memory::of_call} {}

    void bind(operation& op) noexcept {
        if (memory_ == memory::pinned) return;
        op_ = &op;
        memory_ = memory::of_operation;
    }

    bool pinned() const noexcept { return memory_ == memory::pinned; }

    /// The memory as it is now. Valid until control returns to the language,
    /// which calling a function of the program does. When it is gone, a
    /// suspending member gets no bytes, and its operation will fail; any other
    /// member ends with an exception.
    Buffer now() const {
        const bool had_bytes = current_.size != 0;
        if (memory_ == memory::of_operation) {
            const auto m = op_->owner.fetch_buffer(*op_, index_);
            if (had_bytes && m.empty()) op_->buffer_lost = true;
            current_ = raw{m.data(), m.size()};
        } else if (memory_ == memory::of_call && call_) {
            const auto m = call_->buffer_of_call(index_, had_bytes);
            current_ = raw{m.data(), m.size()};
        }
        return Buffer{current_.data, current_.size};
    }
    /// The same, and EINVAL in `ec` when there was memory and there is none any
    /// more.
    Buffer now(error_code& ec) const {
        const bool had_memory = current_.size != 0;
        const auto b = now();
        if (had_memory && b.size() == 0)
            ec.assign(EINVAL, boost::system::system_category());
        return b;
    }
    /// The size when the operation started.
    std::size_t size() const noexcept { return current_.size; }

    using value_type = Buffer;
    const Buffer* begin() const {
        view_ = now();
        return &view_;
    }
    const Buffer* end() const { return &view_ + 1; }

private:
    enum class memory : std::uint8_t { pinned, of_call, of_operation };
    struct raw {
        void* data = nullptr;
        std::size_t size = 0;
    };
    mutable raw current_;
    mutable Buffer view_;
    union {
        call_buffers* call_ = nullptr;
        operation* op_;
    };
    unsigned index_ = 0;
    memory memory_ = memory::pinned;
};

using mutable_bytes = basic_bytes<boost::asio::mutable_buffer>;
using const_bytes = basic_bytes<boost::asio::const_buffer>;

} // namespace emilua
