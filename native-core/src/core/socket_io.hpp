// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"

#include <emilua/bytes.hpp>

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <cerrno>

/// What every kind of socket does with its descriptor: the attempts that an
/// `io_descriptor` repeats, and the calls that do not wait.

namespace emilua {

inline error_code last_error() noexcept {
    return {errno, boost::system::system_category()};
}

inline error_code bad_descriptor() noexcept {
    return {EBADF, boost::system::system_category()};
}

/// A new socket that no child inherits and that never blocks. Throws
/// `failure`.
unique_descriptor open_socket(int family, int type, int protocol);

/// Throws EBADF when `d` is closed.
void require_open(const io_descriptor& d);

/// The value of an integer option. Throws `failure`.
int get_int_option(const io_descriptor& d, int level, int name);
void set_int_option(const io_descriptor& d, int level, int name, int value);

/// Takes `fd`, which came from elsewhere, and makes it non-blocking.
void assign_descriptor(io_descriptor& d, unique_descriptor&& fd);

/// The bytes that can be read without blocking (FIONREAD).
std::size_t bytes_readable(const io_descriptor& d);

/// How to go on after an attempt outside the reactor that would have blocked.
inline first_step after_vain_attempt(vm& v) noexcept {
    // With several threads, another one may have seen the descriptor become
    // ready in between.
    return v.context().multi_threaded() ? first_step::attempt
                                        : first_step::wait;
}

/// Receives from a stream, whose end is no bytes at all.
struct receive_attempt {
    mutable_bytes buffer;
    int flags = 0;
    std::size_t received = 0;

    attempt operator()(int fd, error_code& ec) {
        const auto b = buffer.now();
        for (;;) {
            const ssize_t n =
                ::recv(fd, b.data(), b.size(), flags | MSG_DONTWAIT);
            if (n < 0) {
                if (errno == EINTR) continue;
                if (errno == EAGAIN) return attempt::would_block;
                ec = last_error();
                return attempt::done;
            }
            received = static_cast<std::size_t>(n);
            if (n == 0) {
                // An empty buffer here is one that JavaScript took away.
                ec = b.size() == 0
                         ? error_code{EINVAL, boost::system::system_category()}
                         : error_code{boost::asio::error::eof};
                return attempt::done;
            }
            // What was peeked at is still there.
            return received < b.size() && flags == 0 ? attempt::drained
                                                     : attempt::done;
        }
    }
};

struct send_attempt {
    const_bytes buffer;
    int flags = 0;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec) {
        const bool had_data = buffer.size() != 0;
        const auto b = buffer.now();
        if (had_data && b.size() == 0) {
            // JavaScript took it away.
            ec.assign(EINVAL, boost::system::system_category());
            return attempt::done;
        }
        for (;;) {
            const ssize_t n = ::send(fd, b.data(), b.size(),
                                     flags | MSG_DONTWAIT | MSG_NOSIGNAL);
            if (n < 0) {
                if (errno == EINTR) continue;
                if (errno == EAGAIN) return attempt::would_block;
                ec = last_error();
                return attempt::done;
            }
            sent = static_cast<std::size_t>(n);
            return sent < b.size() ? attempt::drained : attempt::done;
        }
    }
};

struct accept_attempt {
    /// Whether a connection that ended before it was accepted is an error.
    bool report_aborted = false;
    unique_descriptor peer{};

    attempt operator()(int fd, error_code& ec) {
        for (;;) {
            const int n =
                ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (n >= 0) {
                peer = unique_descriptor{n};
                return attempt::done;
            }
            if (errno == EINTR) continue;
            if (errno == EAGAIN) return attempt::would_block;
            if ((errno == ECONNABORTED || errno == EPROTO) && !report_aborted)
                continue;
            ec = last_error();
            return attempt::done;
        }
    }
};

/// The second half of a connect that said EINPROGRESS.
struct connect_attempt {
    attempt operator()(int fd, error_code& ec);
};

/// Readiness itself.
struct wait_attempt {
    attempt operator()(int, error_code&) { return attempt::done; }
};

/// Completes `h` with the system call's name where it failed, after `Then`
/// saw the attempt: `then(handler, attempt)` completes a success.
template <class Handler, class Then> struct named_completion {
    using allocator_type = typename Handler::allocator_type;
    using cancellation_slot_type = typename Handler::cancellation_slot_type;

    Handler h;
    const char* syscall;
    Then then;

    allocator_type get_allocator() const noexcept { return h.get_allocator(); }
    cancellation_slot_type get_cancellation_slot() const noexcept {
        return h.get_cancellation_slot();
    }

    template <class Attempt> void operator()(const error_code& ec, Attempt& a) {
        if (ec)
            h.fail(ec, syscall);
        else
            then(h, a);
    }
};

template <class Handler, class Then>
named_completion(Handler, const char*, Then) -> named_completion<Handler, Then>;

} // namespace emilua
