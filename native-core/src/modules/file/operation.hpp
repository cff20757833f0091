// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/open_file.hpp"
#include "core/perform.hpp"

#include <emilua/bytes.hpp>

#include <algorithm>
#include <cstring>

namespace emilua::file {

/// What a program waits for and that moves no bytes.
struct no_buffer {
    bool pinned() const noexcept { return true; }
    boost::asio::mutable_buffer now() const noexcept { return {}; }
    boost::asio::mutable_buffer now(error_code&) const noexcept { return {}; }
};

/// One suspending member at work on a file. It lives in the memory of its
/// operation, and ends with a call of the handler.
template <class Buffer, class... R>
class operation_on_file final : public file_transfer {
public:
    /// `syscall` is what a failure is blamed on. Throws `failure`.
    static void start(std::shared_ptr<open_file> file, file_call what,
                      const char* syscall, Buffer buffer, std::int64_t offset,
                      handler<R...> h) {
        // What was in an operation's own memory is known by its address for as
        // long as that operation lives.
        static_assert(sizeof(operation_on_file) <= 256);
        allocator a{h.get_allocator()};
        auto* const t = ::new (a.allocate(1)) operation_on_file{
            std::move(file), what, syscall, std::move(buffer), std::move(h)};
        t->offset = offset;
        try {
            t->begin();
        } catch (...) {
            t->dissolve();
            throw;
        }
    }

    void finish() noexcept override {
        file_->ended(*this);
        error_code ec;
        [[maybe_unused]] const auto moved = outcome(ec);
        const char* const syscall = syscall_;
        auto h = dissolve();
        if (ec)
            h.fail(ec, syscall);
        else
            h({}, R{moved}...);
    }

    void finish_later() noexcept override {
        error_code ec;
        [[maybe_unused]] const auto moved = outcome(ec);
        const char* const syscall = syscall_;
        auto h = dissolve();
        if (ec)
            h.fail_later(ec, syscall);
        else
            h.complete_later({}, R{moved}...);
    }

private:
    using allocator = operation_allocator<operation_on_file>;

    /// What memory of JavaScript is copied to or from. One transfer moves no
    /// more of it.
    static constexpr std::size_t most_copied = 1 << 20;
    /// What the kernel moves in one call.
    static constexpr std::size_t most = 0x7ffff000;

    operation_on_file(std::shared_ptr<open_file> file, file_call what,
                      const char* syscall, Buffer buffer, handler<R...> h)
        : file_transfer{what}, file_{std::move(file)}, syscall_{syscall},
          buffer_{std::move(buffer)}, h_{std::move(h)} {}

    void begin() {
        const auto b = buffer_.now();
        auto* const memory =
            const_cast<void*>(static_cast<const void*>(b.data()));
        if (buffer_.pinned()) {
            size = std::min(b.size(), most);
            data = memory;
        } else {
            size = std::min(b.size(), most_copied);
            own_.reset(new std::byte[size]);
            data = own_.get();
            if (what == file_call::write) std::memcpy(data, memory, size);
        }
        auto slot = h_.get_cancellation_slot();
        // Weak: a file that was closed does not wait until somebody is told.
        slot.assign([file = std::weak_ptr{file_}, this](auto) {
            if (const auto f = file.lock()) f->cancel(this);
        });
        try {
            file_->start(*this);
        } catch (...) {
            slot.clear();
            throw;
        }
    }

    /// How many bytes were moved. What JavaScript has is touched on its own
    /// thread, which this is.
    std::size_t outcome(error_code& ec) {
        if (result < 0) {
            ec = {static_cast<int>(-result), boost::system::system_category()};
            return 0;
        }
        const auto n = static_cast<std::size_t>(result);
        if (what != file_call::read) return n;
        if (n == 0) ec = boost::asio::error::eof;
        if constexpr (std::is_same_v<Buffer, mutable_bytes>) {
            if (n == 0 || !own_) return n;
            const auto b = buffer_.now(ec);
            const auto fits = std::min(n, b.size());
            if (fits != 0) std::memcpy(b.data(), own_.get(), fits);
            return fits;
        }
        return n;
    }

    handler<R...> dissolve() noexcept {
        auto h = std::move(h_);
        allocator a{h.get_allocator()};
        this->~operation_on_file();
        a.deallocate(this, 1);
        return h;
    }

    std::shared_ptr<open_file> file_;
    const char* syscall_;
    Buffer buffer_;
    std::unique_ptr<std::byte[]> own_;
    handler<R...> h_;
};

} // namespace emilua::file
