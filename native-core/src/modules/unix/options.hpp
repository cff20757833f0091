// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/socket/options.hpp"

#include <sys/socket.h>

/// The options of the sockets of this module, one a line.

namespace emilua::unix {

/// Who the process at the other end is.
struct credentials {
    std::uint32_t uid = 0;
    std::vector<std::uint32_t> groups{};
    std::int32_t pid = 0;
};

using kind = socket::option_kind;
inline constexpr auto read_only = socket::option_access::read_only;

inline constexpr socket::option debug_option = {
    "debug",
    kind::boolean,
    {SOL_SOCKET, SO_DEBUG},
    "Boolean: SO_DEBUG; needs CAP_NET_ADMIN."};
inline constexpr socket::option send_buffer_option = {
    "send_buffer_size",
    kind::integer,
    {SOL_SOCKET, SO_SNDBUF},
    "Integer: SO_SNDBUF. Linux doubles what is set."};
inline constexpr socket::option receive_buffer_option = {
    "receive_buffer_size",
    kind::integer,
    {SOL_SOCKET, SO_RCVBUF},
    "Integer: SO_RCVBUF. Linux doubles what is set."};
inline constexpr socket::option credentials_option = {
    "remote_credentials",
    kind::credentials,
    {SOL_SOCKET, SO_PEERCRED},
    "Record: who connected, or listened, at the other end (SO_PEERCRED). "
    "ENOTCONN before it is connected.",
    read_only};
inline constexpr socket::option label_option = {
    "remote_security_label",
    kind::label,
    {SOL_SOCKET, SO_PEERSEC},
    "String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a "
    "security module that has labels.",
    read_only};

inline constexpr socket::option stream_options[] = {
    {"send_low_watermark",
     kind::integer,
     {SOL_SOCKET, SO_SNDLOWAT},
     "Integer: SO_SNDLOWAT. Linux: cannot be set."},
    send_buffer_option,
    {"receive_low_watermark",
     kind::integer,
     {SOL_SOCKET, SO_RCVLOWAT},
     "Integer: bytes that make the socket readable (SO_RCVLOWAT)."},
    receive_buffer_option,
    debug_option,
    credentials_option,
    label_option,
};
inline constexpr socket::option seqpacket_options[] = {
    debug_option,       send_buffer_option, receive_buffer_option,
    credentials_option, label_option,
};
inline constexpr socket::option datagram_options[] = {
    debug_option,
    send_buffer_option,
    receive_buffer_option,
};
inline constexpr socket::option acceptor_options[] = {
    {"enable_connection_aborted",
     kind::own,
     {},
     "accept fails with ECONNABORTED where a connection ended before it was "
     "accepted, instead of taking the next."},
    debug_option,
};

/// What can be set, and what can be asked for.
enum class stream_option {};
enum class stream_state {};
enum class seqpacket_option {};
enum class seqpacket_state {};
enum class datagram_option {};
enum class acceptor_option {};

using option_value = std::variant<bool, std::int64_t>;
using state_value = std::variant<bool, std::int64_t, credentials, std::string>;

void set_option(io_descriptor& d, const socket::option& o,
                const option_value& v);
state_value get_option(const io_descriptor& d, const socket::option& o);

} // namespace emilua::unix

namespace emilua {

template <> struct fields_of<unix::credentials> {
    using c = unix::credentials;
    static constexpr auto name = "remote_credentials";
    static constexpr field_description items[] = {
        field<&c::uid>("uid", "Its effective user."),
        field<&c::groups>("groups", "Its effective group, and no other."),
        field<&c::pid>("pid", "Its number then: by now another process may "
                              "have it. 0 where this one cannot see it."),
    };
};

} // namespace emilua

namespace emilua::unix {

constexpr const type* value_type(kind k) noexcept {
    switch (k) {
    case kind::credentials:
        return &type_of<credentials>();
    case kind::label:
        return &type_of<std::string>();
    default:
        return socket::value_type(k);
    }
}

} // namespace emilua::unix

namespace emilua {

template <>
struct enum_names<unix::stream_option>
    : socket::option_names<unix::stream_option, unix::stream_options> {
    static constexpr auto name = "unix_stream_option";
};

template <>
struct enum_names<unix::stream_state>
    : socket::option_names<unix::stream_state, unix::stream_options, true,
                           unix::value_type> {
    static constexpr auto name = "unix_stream_state";
};

template <>
struct enum_names<unix::seqpacket_option>
    : socket::option_names<unix::seqpacket_option, unix::seqpacket_options> {
    static constexpr auto name = "unix_seqpacket_option";
};

template <>
struct enum_names<unix::seqpacket_state>
    : socket::option_names<unix::seqpacket_state, unix::seqpacket_options, true,
                           unix::value_type> {
    static constexpr auto name = "unix_seqpacket_state";
};

template <>
struct enum_names<unix::datagram_option>
    : socket::option_names<unix::datagram_option, unix::datagram_options> {
    static constexpr auto name = "unix_datagram_option";
};

template <>
struct enum_names<unix::acceptor_option>
    : socket::option_names<unix::acceptor_option, unix::acceptor_options> {
    static constexpr auto name = "unix_acceptor_option";
};

} // namespace emilua
