// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <boost/asio/buffer.hpp>

namespace emilua {

/// A caller's buffer, given to a suspending operation.
///
/// Memory of a Lua VM is pinned: it stays where it is while the operation that
/// holds it is pending. Memory of JavaScript is not: it can be detached and
/// reused while an operation waits, so its address is asked for again each
/// time. Usable as an Asio buffer sequence, which asks when the system call is
/// about to be made and not before.
template <class Buffer> class basic_bytes {
public:
    basic_bytes() = default;
    /// Pinned memory.
    basic_bytes(void* data, std::size_t size) noexcept : current_{data, size} {}
    /// Buffer number `index` of an operation that does not exist yet; `bind`
    /// names it.
    basic_bytes(void* data, std::size_t size, unsigned index) noexcept
        : current_{data, size}, index_{index}, pinned_{false} {}

    void bind(operation& op) noexcept { op_ = &op; }

    bool pinned() const noexcept { return pinned_; }

    /// The memory as it is now. Valid until control returns to the language.
    Buffer now() const {
        if (!pinned_ && op_) {
            const auto m = op_->owner.fetch_buffer(*op_, index_);
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
    struct raw {
        void* data = nullptr;
        std::size_t size = 0;
    };
    mutable raw current_;
    mutable Buffer view_;
    operation* op_ = nullptr;
    unsigned index_ = 0;
    bool pinned_ = true;
};

using mutable_bytes = basic_bytes<boost::asio::mutable_buffer>;
using const_bytes = basic_bytes<boost::asio::const_buffer>;

} // namespace emilua
