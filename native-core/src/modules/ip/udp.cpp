// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/udp.hpp"

#include <cstring>

namespace emilua::ip {
namespace {

using endpoint = boost::asio::ip::tcp::endpoint;

/// Receives one datagram and says whose it is.
struct receive_from_attempt {
    mutable_bytes buffer;
    int flags;
    std::size_t received = 0;
    endpoint sender{};

    attempt operator()(int fd, error_code& ec) {
        const bool had_memory = buffer.size() != 0;
        const auto b = buffer.now();
        if (had_memory && b.size() == 0) {
            // JavaScript took it away: the datagram stays for the next one.
            ec.assign(EINVAL, boost::system::system_category());
            return attempt::done;
        }
        for (;;) {
            auto size = static_cast<socklen_t>(sender.capacity());
            const ssize_t n =
                ::recvfrom(fd, b.data(), b.size(), flags | MSG_DONTWAIT,
                           sender.data(), &size);
            if (n >= 0) {
                received = static_cast<std::size_t>(n);
                sender.resize(size);
                return attempt::done;
            }
            if (errno == EINTR) continue;
            if (errno == EAGAIN) return attempt::would_block;
            ec = last_error();
            return attempt::done;
        }
    }
};

struct send_to_attempt {
    const_bytes buffer;
    int flags;
    endpoint to;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec) {
        const bool had_data = buffer.size() != 0;
        const auto b = buffer.now();
        if (had_data && b.size() == 0) {
            ec.assign(EINVAL, boost::system::system_category());
            return attempt::done;
        }
        for (;;) {
            const ssize_t n = ::sendto(
                fd, b.data(), b.size(), flags | MSG_DONTWAIT | MSG_NOSIGNAL,
                to.data(), static_cast<socklen_t>(to.size()));
            if (n >= 0) {
                sent = static_cast<std::size_t>(n);
                return attempt::done;
            }
            if (errno == EINTR) continue;
            if (errno == EAGAIN) return attempt::would_block;
            ec = last_error();
            return attempt::done;
        }
    }
};

constexpr auto give_size = [](auto& h, auto& a) { h({}, a.sent); };

} // namespace

template <class Attempt, class Handler, class Then>
void udp_socket::transfer(io_direction direction, Attempt a, Handler h,
                          const char* syscall, Then then) {
    if (!is_open()) return h.fail(bad_descriptor(), syscall);
    auto first = first_step::attempt;
    // Datagrams come one by one: whether another one is there, only trying
    // tells.
    if (io_.pending(direction) == 0 && h.may_complete_inline()) {
        error_code ec;
        if (a(io_.get(), ec) != attempt::would_block) {
            if (ec) return h.fail(ec, syscall);
            return then(h, a);
        }
        first = after_vain_attempt(h.owner());
    }
    io_.start(direction, first, a, named_completion{h, syscall, then});
}

error_code udp_socket::connect_to(const endpoint& e) {
    if (!is_open()) open_ip_socket(io_, e.data()->sa_family, SOCK_DGRAM);
    if (::connect(io_.get(), e.data(), static_cast<socklen_t>(e.size())) == 0)
        return {};
    return last_error();
}

void udp_socket::connect(const address& addr, port_number port, handler<> h) {
    if (const auto ec = connect_to(to_endpoint(addr, port)))
        h.fail(ec, "connect");
    else
        h({});
}

void udp_socket::receive(mutable_bytes buffer, flags_of<message_flag> flags,
                         handler<std::size_t> h) {
    transfer(io_direction::read,
             receive_from_attempt{buffer, static_cast<int>(flags.bits)}, h,
             "recvfrom", [](auto& h, auto& a) { h({}, a.received); });
}

void udp_socket::receive_from(mutable_bytes buffer,
                              flags_of<message_flag> flags,
                              handler<std::size_t, address, std::uint16_t> h) {
    transfer(io_direction::read,
             receive_from_attempt{buffer, static_cast<int>(flags.bits)}, h,
             "recvfrom", [](auto& h, auto& a) {
                 h({}, a.received, address{a.sender.address()},
                   a.sender.port());
             });
}

void udp_socket::send(const_bytes buffer, flags_of<message_flag> flags,
                      handler<std::size_t> h) {
    transfer(io_direction::write,
             send_attempt{buffer, static_cast<int>(flags.bits)}, h, "send",
             give_size);
}

void udp_socket::send_to(const_bytes buffer, const address& remote_addr,
                         port_number remote_port, flags_of<message_flag> flags,
                         handler<std::size_t> h) {
    transfer(io_direction::write,
             send_to_attempt{buffer, static_cast<int>(flags.bits),
                             to_endpoint(remote_addr, remote_port)},
             h, "sendto", give_size);
}

int udp_socket::family() const {
    return get_int_option(io_, SOL_SOCKET, SO_DOMAIN);
}

option_place udp_socket::place_of(udp_socket_state o) const {
    const bool v4 = family() == AF_INET;
    switch (o) {
    case udp_socket_state::debug:
        return {SOL_SOCKET, SO_DEBUG, true};
    case udp_socket_state::broadcast:
        return {SOL_SOCKET, SO_BROADCAST, true};
    case udp_socket_state::do_not_route:
        return {SOL_SOCKET, SO_DONTROUTE, true};
    case udp_socket_state::send_buffer_size:
        return {SOL_SOCKET, SO_SNDBUF, false};
    case udp_socket_state::receive_buffer_size:
        return {SOL_SOCKET, SO_RCVBUF, false};
    case udp_socket_state::reuse_address:
        return {SOL_SOCKET, SO_REUSEADDR, true};
    case udp_socket_state::multicast_loop:
        return v4 ? option_place{IPPROTO_IP, IP_MULTICAST_LOOP, true}
                  : option_place{IPPROTO_IPV6, IPV6_MULTICAST_LOOP, true};
    case udp_socket_state::multicast_hops:
        return v4 ? option_place{IPPROTO_IP, IP_MULTICAST_TTL, false}
                  : option_place{IPPROTO_IPV6, IPV6_MULTICAST_HOPS, false};
    case udp_socket_state::unicast_hops:
        return v4 ? option_place{IPPROTO_IP, IP_TTL, false}
                  : option_place{IPPROTO_IPV6, IPV6_UNICAST_HOPS, false};
    case udp_socket_state::v6_only:
        break;
    }
    return {IPPROTO_IPV6, IPV6_V6ONLY, true};
}

option_value udp_socket::get_option(udp_socket_state opt) const {
    return ip::get_option(io_, place_of(opt));
}

void udp_socket::set_option(udp_socket_option opt, udp_option_value val) {
    auto set = [&](udp_socket_state s) {
        const auto place = place_of(s);
        if (auto* b = std::get_if<bool>(&val))
            ip::set_option(io_, place, *b);
        else if (auto* n = std::get_if<std::int64_t>(&val))
            ip::set_option(io_, place, *n);
        else
            throw_invalid_argument("val",
                                   place.boolean ? "a boolean" : "an integer");
    };
    switch (opt) {
    case udp_socket_option::debug:
        return set(udp_socket_state::debug);
    case udp_socket_option::broadcast:
        return set(udp_socket_state::broadcast);
    case udp_socket_option::do_not_route:
        return set(udp_socket_state::do_not_route);
    case udp_socket_option::send_buffer_size:
        return set(udp_socket_state::send_buffer_size);
    case udp_socket_option::receive_buffer_size:
        return set(udp_socket_state::receive_buffer_size);
    case udp_socket_option::reuse_address:
        return set(udp_socket_state::reuse_address);
    case udp_socket_option::multicast_loop:
        return set(udp_socket_state::multicast_loop);
    case udp_socket_option::multicast_hops:
        return set(udp_socket_state::multicast_hops);
    case udp_socket_option::unicast_hops:
        return set(udp_socket_state::unicast_hops);
    case udp_socket_option::v6_only:
        return set(udp_socket_state::v6_only);
    case udp_socket_option::multicast_interface:
        return set_multicast_interface(val);
    case udp_socket_option::join_multicast_group:
    case udp_socket_option::leave_multicast_group:
        break;
    }
    auto* group = std::get_if<address>(&val);
    if (!group) throw_invalid_argument("val", "an ip.address");
    change_membership(opt == udp_socket_option::join_multicast_group, *group);
}

void udp_socket::change_membership(bool join, const address& group) {
    int r;
    if (group.is_v4()) {
        ip_mreqn m{};
        const auto bytes = group.get().to_v4().to_bytes();
        std::memcpy(&m.imr_multiaddr, bytes.data(), bytes.size());
        r = ::setsockopt(io_.get(), IPPROTO_IP,
                         join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &m,
                         sizeof(m));
    } else {
        ipv6_mreq m{};
        const auto bytes = group.get().to_v6().to_bytes();
        std::memcpy(&m.ipv6mr_multiaddr, bytes.data(), bytes.size());
        m.ipv6mr_interface = group.scope_id();
        r = ::setsockopt(io_.get(), IPPROTO_IPV6,
                         join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &m,
                         sizeof(m));
    }
    if (r != 0) throw_errno("setsockopt", "val");
}

void udp_socket::set_multicast_interface(const udp_option_value& val) {
    if (auto* a = std::get_if<address>(&val); a && a->is_v4()) {
        in_addr interface;
        const auto bytes = a->get().to_v4().to_bytes();
        std::memcpy(&interface, bytes.data(), bytes.size());
        if (::setsockopt(io_.get(), IPPROTO_IP, IP_MULTICAST_IF, &interface,
                         sizeof(interface)) != 0)
            throw_errno("setsockopt", "val");
        return;
    }
    auto* index = std::get_if<std::int64_t>(&val);
    if (!index)
        throw_invalid_argument("val",
                               "an IPv4 address or an interface's number");
    ip::set_option(io_, {IPPROTO_IPV6, IPV6_MULTICAST_IF, false}, *index);
}

} // namespace emilua::ip
