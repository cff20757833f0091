// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/byte_stream.hpp"

#include <sys/socket.h>

/// What every kind of socket does with its descriptor: the calls and the
/// attempts that an `io_descriptor` repeats.

namespace emilua::socket {

/// A new socket that no child inherits and that never blocks. Throws
/// `failure`.
unique_descriptor open_socket(int family, int type, int protocol);

/// Of every socket, of whatever address family.
struct socket_calls {
    static constexpr auto read_name = "recv";
    static constexpr auto write_name = "send";
    static constexpr bool short_means_drained = true;

    static constexpr io_direction direction(int flags) noexcept {
        return flags & MSG_OOB ? io_direction::urgent : io_direction::read;
    }
    static ssize_t read(int fd, void* data, std::size_t size, int flags,
                        bool&) noexcept {
        return ::recv(fd, data, size, flags | MSG_DONTWAIT);
    }
    static ssize_t write(int fd, const void* data, std::size_t size,
                         int flags) noexcept {
        return ::send(fd, data, size, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
    }
};

struct accept_attempt {
    /// Whether a connection that ended before it was accepted is an error.
    bool report_aborted = false;
    unique_descriptor peer{};

    attempt operator()(int fd, error_code& ec);
};

/// The second half of a connect that said EINPROGRESS.
struct connect_attempt {
    attempt operator()(int fd, error_code& ec);
};

/// Readiness itself.
struct wait_attempt {
    attempt operator()(int, error_code&) { return attempt::done; }
};

} // namespace emilua::socket
