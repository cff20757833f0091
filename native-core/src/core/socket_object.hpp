// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/socket_io.hpp"

namespace emilua {

enum class wait_type { read = 1, write, error };
enum class shutdown_type {
    receive = SHUT_RD,
    send = SHUT_WR,
    both = SHUT_RDWR
};

/// What the objects of programs that stand for a socket have in common.
class socket_object {
public:
    explicit socket_object(vm& owner) : io_{owner.io()} {}

    bool is_open() const noexcept { return io_.is_open(); }
    int native_handle() const noexcept { return io_.get(); }
    /// Whether an operation is pending, so that the socket cannot be moved.
    bool busy() const noexcept;

    void close() { throw_if(io_.close(), "close"); }
    void cancel();
    void shutdown(shutdown_type what);
    void wait(wait_type w, handler<> h);

protected:
    io_descriptor io_;
};

} // namespace emilua
