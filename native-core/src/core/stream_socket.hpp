// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "socket_io.hpp"

namespace emilua {

enum class wait_type { read = 1, write, error };
enum class shutdown_type {
    receive = SHUT_RD,
    send = SHUT_WR,
    both = SHUT_RDWR
};

/// Waits until `d` is ready.
void wait_ready(io_descriptor& d, wait_type w, handler<> h);

/// What connected byte streams have in common, whatever their addresses.
class stream_socket {
public:
    explicit stream_socket(vm& owner) : io_{owner.io()} {}
    stream_socket(vm& owner, unique_descriptor fd) : io_{owner.io()} {
        io_.open(std::move(fd));
    }
    stream_socket(stream_socket&& o) noexcept
        : io_{std::move(o.io_)}, more_{
                                     o.more_.load(std::memory_order_relaxed)} {}

    bool is_open() const noexcept { return io_.is_open(); }
    int native_handle() const noexcept { return io_.get(); }
    /// Whether an operation is pending, so that the socket cannot be moved.
    bool busy() const noexcept;

    void close();
    void cancel();
    void shutdown(shutdown_type what);

    void read_some(mutable_bytes buffer, handler<std::size_t> h) {
        receive(buffer, 0, std::move(h));
    }
    void write_some(const_bytes buffer, handler<std::size_t> h) {
        send(buffer, 0, std::move(h));
    }
    void wait(wait_type w, handler<> h) { wait_ready(io_, w, std::move(h)); }

protected:
    void receive(mutable_bytes buffer, int flags, handler<std::size_t> h);
    void send(const_bytes buffer, int flags, handler<std::size_t> h);
    /// Calls `h(ec)` on a thread of the context, and not before returning,
    /// or returns what happened at once.
    template <class Handler>
    std::optional<error_code> connect(const sockaddr* to, socklen_t size,
                                      bool may_complete_at_once, Handler h);

    io_descriptor io_;

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
