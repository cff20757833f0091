// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/socket/socket_io.hpp"

#include <emilua/bytes.hpp>

#include <boost/asio/error.hpp>

/// Messages one by one, and whom they are from and for. An `Endpoint` is a
/// socket address as Asio's are: `data()`, `size()`, `capacity()`, `resize()`.

namespace emilua::socket {

/// What a message that was cut off is for its receiver.
enum class cut_off { success, error };
/// What a message without bytes is for its receiver.
enum class no_bytes { message, end_of_stream };

/// Receives one message and says whose it is.
template <class Endpoint> struct receive_from_attempt {
    mutable_bytes buffer;
    int flags;
    cut_off when_cut_off = cut_off::success;
    no_bytes when_empty = no_bytes::message;
    std::size_t received = 0;
    Endpoint sender{};

    attempt operator()(int fd, error_code& ec) {
        // Without memory the message stays for the next one.
        const auto b = buffer.now(ec);
        if (ec) return attempt::done;
        auto size = static_cast<socklen_t>(sender.capacity());
        const auto outcome = retry(received, ec, [&] {
            return ::recvfrom(fd, b.data(), b.size(),
                              flags | MSG_DONTWAIT | MSG_TRUNC, sender.data(),
                              &size);
        });
        if (outcome != attempt::done || ec) return outcome;
        sender.resize(size);
        if (received == 0 && when_empty == no_bytes::end_of_stream)
            ec = boost::asio::error::eof;
        if (received > b.size()) {
            if (when_cut_off == cut_off::error && (flags & MSG_PEEK) == 0)
                ec = {EMSGSIZE, boost::system::system_category()};
            received = b.size();
        }
        return outcome;
    }
};

template <class Endpoint> struct send_to_attempt {
    const_bytes buffer;
    int flags;
    Endpoint to;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec) {
        const auto b = buffer.now(ec);
        if (ec) return attempt::done;
        return retry(sent, ec, [&] {
            return ::sendto(fd, b.data(), b.size(),
                            flags | MSG_DONTWAIT | MSG_NOSIGNAL, to.data(),
                            static_cast<socklen_t>(to.size()));
        });
    }
};

} // namespace emilua::socket
