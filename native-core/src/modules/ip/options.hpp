// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/address.hpp"
#include "modules/socket/options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/// The options of the sockets of this module, one a line.

namespace emilua::ip {

using kind = socket::option_kind;
inline constexpr auto write_only = socket::option_access::write_only;

inline constexpr socket::option tcp_socket_options[] = {
    {"tcp_no_delay",
     kind::boolean,
     {IPPROTO_TCP, TCP_NODELAY},
     "Boolean: send small writes at once (TCP_NODELAY)."},
    {"send_low_watermark",
     kind::integer,
     {SOL_SOCKET, SO_SNDLOWAT},
     "Integer: SO_SNDLOWAT. Linux: cannot be set."},
    {"send_buffer_size",
     kind::integer,
     {SOL_SOCKET, SO_SNDBUF},
     "Integer: SO_SNDBUF. Linux doubles what is set."},
    {"receive_low_watermark",
     kind::integer,
     {SOL_SOCKET, SO_RCVLOWAT},
     "Integer: bytes that make the socket readable (SO_RCVLOWAT)."},
    {"receive_buffer_size",
     kind::integer,
     {SOL_SOCKET, SO_RCVBUF},
     "Integer: SO_RCVBUF. Linux doubles what is set."},
    {"out_of_band_inline",
     kind::boolean,
     {SOL_SOCKET, SO_OOBINLINE},
     "Boolean: urgent data stays in the stream (SO_OOBINLINE)."},
    {"linger",
     kind::linger,
     {SOL_SOCKET, SO_LINGER},
     "Record: what close does with unsent data (SO_LINGER)."},
    {"keep_alive",
     kind::boolean,
     {SOL_SOCKET, SO_KEEPALIVE},
     "Boolean: probe idle connections (SO_KEEPALIVE)."},
    {"keep_alive_idle",
     kind::integer,
     {IPPROTO_TCP, TCP_KEEPIDLE},
     "Integer: seconds of silence before the first probe (TCP_KEEPIDLE)."},
    {"keep_alive_interval",
     kind::integer,
     {IPPROTO_TCP, TCP_KEEPINTVL},
     "Integer: seconds between probes (TCP_KEEPINTVL)."},
    {"keep_alive_count",
     kind::integer,
     {IPPROTO_TCP, TCP_KEEPCNT},
     "Integer: probes without answer that end a connection (TCP_KEEPCNT)."},
    {"do_not_route",
     kind::boolean,
     {SOL_SOCKET, SO_DONTROUTE},
     "Boolean: local networks only (SO_DONTROUTE)."},
    {"debug",
     kind::boolean,
     {SOL_SOCKET, SO_DEBUG},
     "Boolean: SO_DEBUG; needs CAP_NET_ADMIN."},
    {"v6_only",
     kind::boolean,
     {IPPROTO_IPV6, IPV6_V6ONLY},
     "Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY)."},
};
enum class tcp_socket_option {};

inline constexpr socket::option tcp_acceptor_options[] = {
    {"reuse_address",
     kind::boolean,
     {SOL_SOCKET, SO_REUSEADDR},
     "Bind although connections of an earlier acceptor linger "
     "(SO_REUSEADDR)."},
    {"enable_connection_aborted",
     kind::own,
     {},
     "accept fails with ECONNABORTED where a connection ended before it was "
     "accepted, instead of taking the next."},
    {"debug",
     kind::boolean,
     {SOL_SOCKET, SO_DEBUG},
     "SO_DEBUG; needs CAP_NET_ADMIN."},
    {"v6_only",
     kind::boolean,
     {IPPROTO_IPV6, IPV6_V6ONLY},
     "No IPv4 through an IPv6 acceptor (IPV6_V6ONLY)."},
};
enum class tcp_acceptor_option {};

inline constexpr socket::option udp_socket_options[] = {
    {"debug",
     kind::boolean,
     {SOL_SOCKET, SO_DEBUG},
     "Boolean: SO_DEBUG; needs CAP_NET_ADMIN."},
    {"broadcast",
     kind::boolean,
     {SOL_SOCKET, SO_BROADCAST},
     "Boolean: sending to broadcast addresses is allowed (SO_BROADCAST)."},
    {"do_not_route",
     kind::boolean,
     {SOL_SOCKET, SO_DONTROUTE},
     "Boolean: local networks only (SO_DONTROUTE)."},
    {"send_buffer_size",
     kind::integer,
     {SOL_SOCKET, SO_SNDBUF},
     "Integer: SO_SNDBUF. Linux doubles what is set."},
    {"receive_buffer_size",
     kind::integer,
     {SOL_SOCKET, SO_RCVBUF},
     "Integer: SO_RCVBUF. Linux doubles what is set."},
    {"reuse_address",
     kind::boolean,
     {SOL_SOCKET, SO_REUSEADDR},
     "Boolean: share the port with others that say so (SO_REUSEADDR)."},
    {"multicast_loop",
     kind::boolean,
     {IPPROTO_IP, IP_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
     "Boolean: this machine receives what it sends to its groups."},
    {"multicast_hops",
     kind::integer,
     {IPPROTO_IP, IP_MULTICAST_TTL, IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
     "Integer: how many routers a datagram to a group passes."},
    {"join_multicast_group",
     kind::membership,
     {IPPROTO_IP, IP_ADD_MEMBERSHIP, IPPROTO_IPV6, IPV6_JOIN_GROUP},
     "Address: receive what is sent to this group; an IPv6 scope_id chooses "
     "the interface.",
     write_only},
    {"leave_multicast_group",
     kind::membership,
     {IPPROTO_IP, IP_DROP_MEMBERSHIP, IPPROTO_IPV6, IPV6_LEAVE_GROUP},
     "Address: receive it no longer.",
     write_only},
    {"multicast_interface",
     kind::interface,
     {IPPROTO_IP, IP_MULTICAST_IF, IPPROTO_IPV6, IPV6_MULTICAST_IF},
     "An IPv4 address of this machine or, for IPv6, an interface's number: "
     "where datagrams to groups leave.",
     write_only},
    {"unicast_hops",
     kind::integer,
     {IPPROTO_IP, IP_TTL, IPPROTO_IPV6, IPV6_UNICAST_HOPS},
     "Integer: how many routers a datagram to one host passes."},
    {"v6_only",
     kind::boolean,
     {IPPROTO_IPV6, IPV6_V6ONLY},
     "Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY)."},
};
enum class udp_socket_option {};

using udp_option_value = std::variant<bool, std::int64_t, address>;

constexpr const type* value_type(kind k) noexcept {
    switch (k) {
    case kind::membership:
        return &type_of<address>();
    case kind::interface:
        return &type_of<std::variant<address, socket::option_integer>>();
    default:
        return socket::value_type(k);
    }
}

/// The options that can be asked for.
enum class udp_socket_state {};

} // namespace emilua::ip

namespace emilua {

template <>
struct enum_names<ip::tcp_socket_option>
    : socket::option_names<ip::tcp_socket_option, ip::tcp_socket_options> {
    static constexpr auto name = "tcp_socket_option";
};

template <>
struct enum_names<ip::tcp_acceptor_option>
    : socket::option_names<ip::tcp_acceptor_option, ip::tcp_acceptor_options> {
    static constexpr auto name = "tcp_acceptor_option";
};

template <>
struct enum_names<ip::udp_socket_option>
    : socket::option_names<ip::udp_socket_option, ip::udp_socket_options, false,
                           ip::value_type> {
    static constexpr auto name = "udp_socket_option";
};

template <>
struct enum_names<ip::udp_socket_state>
    : socket::option_names<ip::udp_socket_state, ip::udp_socket_options, true> {
    static constexpr auto name = "udp_socket_state";
};

} // namespace emilua
