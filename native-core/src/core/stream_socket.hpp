// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/socket_object.hpp"

namespace emilua {

/// What connected byte streams have in common, whatever their addresses.
class stream_socket : public socket_object {
public:
    explicit stream_socket(vm& owner) : socket_object{owner} {}
    stream_socket(vm& owner, unique_descriptor fd) : socket_object{owner} {
        io_.open(std::move(fd));
    }
    stream_socket(stream_socket&& o) noexcept
        : socket_object{std::move(o)}, more_{o.more_.load(
                                           std::memory_order_relaxed)} {}

    void read_some(mutable_bytes buffer, handler<std::size_t> h) {
        receive(buffer, 0, std::move(h));
    }
    void write_some(const_bytes buffer, handler<std::size_t> h) {
        send(buffer, 0, std::move(h));
    }

protected:
    void receive(mutable_bytes buffer, int flags, handler<std::size_t> h);
    void send(const_bytes buffer, int flags, handler<std::size_t> h);
    /// Calls `h(ec)` on a thread of the context, and not before returning,
    /// or returns what happened at once.
    template <class Handler>
    std::optional<error_code> connect(const sockaddr* to, socklen_t size,
                                      bool may_complete_at_once, Handler h);

private:
    /// The last read filled its buffer or met the end, so that the next one
    /// need not wait.
    std::atomic<bool> more_ = false;
};

template <class Handler>
std::optional<error_code>
stream_socket::connect(const sockaddr* to, socklen_t size,
                       bool may_complete_at_once, Handler h) {
    if (::connect(io_.get(), to, size) == 0) {
        // The kernel connects within one machine at once.
        if (may_complete_at_once) return error_code{};
    } else if (errno != EINPROGRESS && errno != EINTR) {
        return last_error();
    }
    io_.start(io_direction::write, first_step::rearm, connect_attempt{},
              std::move(h));
    return std::nullopt;
}

} // namespace emilua
