// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/socket/socket_object.hpp"

namespace emilua::socket {

/// What connected byte streams have in common, whatever their addresses.
class stream_socket : public byte_stream<socket_calls, socket_object> {
public:
    using byte_stream::byte_stream;

    void receive(mutable_bytes buffer, flags_of<message_flag> flags,
                 handler<std::size_t> h) {
        byte_stream::receive(buffer, static_cast<int>(flags.bits),
                             std::move(h));
    }
    void send(const_bytes buffer, flags_of<message_flag> flags,
              handler<std::size_t> h) {
        byte_stream::send(buffer, static_cast<int>(flags.bits), std::move(h));
    }

protected:
    /// Takes `h` and calls `h(ec, attempt)` on a thread of the context, not
    /// before returning; or leaves it and returns what happened at once.
    template <class Handler>
    std::optional<error_code> connect(const sockaddr* to, socklen_t size,
                                      bool may_complete_at_once, Handler& h);
};

template <class Handler>
std::optional<error_code>
stream_socket::connect(const sockaddr* to, socklen_t size,
                       bool may_complete_at_once, Handler& h) {
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

} // namespace emilua::socket
