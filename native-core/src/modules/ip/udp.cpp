// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/udp.hpp"

#include <cstring>

namespace emilua::ip {
namespace {

using endpoint = boost::asio::ip::tcp::endpoint;

using receive_from_attempt = socket::receive_from_attempt<endpoint>;
using send_to_attempt = socket::send_to_attempt<endpoint>;
using send_attempt = emilua::send_attempt<socket::socket_calls>;

constexpr auto received = [](auto& a) { return std::tuple{a.received}; };
constexpr auto received_from = [](auto& a) {
    return std::tuple{a.received, address{a.sender.address()}, a.sender.port()};
};
constexpr auto sent = [](auto& a) { return std::tuple{a.sent}; };

int bits(flags_of<message_flag> flags) noexcept {
    return static_cast<int>(flags.bits);
}

void change_membership(const io_descriptor& d, const socket::option_place& p,
                       const address& group) {
    int r;
    if (group.is_v4()) {
        ip_mreqn m{};
        const auto bytes = group.get().to_v4().to_bytes();
        std::memcpy(&m.imr_multiaddr, bytes.data(), bytes.size());
        r = ::setsockopt(d.get(), p.level, p.name, &m, sizeof(m));
    } else {
        ipv6_mreq m{};
        const auto bytes = group.get().to_v6().to_bytes();
        std::memcpy(&m.ipv6mr_multiaddr, bytes.data(), bytes.size());
        m.ipv6mr_interface = group.scope_id();
        r = ::setsockopt(d.get(), p.v6_level, p.v6_name, &m, sizeof(m));
    }
    if (r != 0) throw_errno("setsockopt", "val");
}

void set_interface(io_descriptor& d, const socket::option_place& p,
                   const udp_option_value& val) {
    if (auto* a = std::get_if<address>(&val); a && a->is_v4()) {
        in_addr interface;
        const auto bytes = a->get().to_v4().to_bytes();
        std::memcpy(&interface, bytes.data(), bytes.size());
        if (::setsockopt(d.get(), p.level, p.name, &interface,
                         sizeof(interface)) != 0)
            throw_errno("setsockopt", "val");
        return;
    }
    auto* index = std::get_if<std::int64_t>(&val);
    if (!index)
        throw_invalid_argument("val",
                               "an IPv4 address or an interface's number");
    socket::set_option(d, {"", kind::integer, {p.v6_level, p.v6_name}, ""},
                       *index);
}

} // namespace

error_code udp_socket::connect_to(const endpoint& e) {
    if (!is_open()) open_ip_socket(io_, e.data()->sa_family, SOCK_DGRAM);
    if (::connect(io_.get(), e.data(), static_cast<socklen_t>(e.size())) == 0)
        return {};
    return last_error();
}

void udp_socket::connect(address_argument addr, port_number port, handler<> h) {
    if (const auto ec = connect_to(to_endpoint(to_address(addr, "addr"), port)))
        h.fail(ec, "connect");
    else
        h({});
}

// Datagrams come one by one: whether another one is there, only trying tells.

void udp_socket::receive(mutable_bytes buffer, flags_of<message_flag> flags,
                         cut_off when_cut_off, handler<std::size_t> h) {
    perform(io_, io_direction::read, at_once::in_budget,
            receive_from_attempt{buffer, bits(flags), when_cut_off},
            std::move(h), "recvfrom", completes_with{received});
}

prompt<std::size_t> udp_socket::receive_now(vm& owner, mutable_bytes buffer,
                                            flags_of<message_flag> flags,
                                            cut_off when_cut_off) {
    return perform_promptly(
        owner, io_, io_direction::read,
        receive_from_attempt{buffer, bits(flags), when_cut_off}, "recvfrom",
        received);
}

void udp_socket::receive_from(mutable_bytes buffer,
                              flags_of<message_flag> flags,
                              cut_off when_cut_off,
                              handler<std::size_t, address, std::uint16_t> h) {
    perform(io_, io_direction::read, at_once::in_budget,
            receive_from_attempt{buffer, bits(flags), when_cut_off},
            std::move(h), "recvfrom", completes_with{received_from});
}

prompt<std::size_t, address, std::uint16_t>
udp_socket::receive_from_now(vm& owner, mutable_bytes buffer,
                             flags_of<message_flag> flags,
                             cut_off when_cut_off) {
    return perform_promptly(
        owner, io_, io_direction::read,
        receive_from_attempt{buffer, bits(flags), when_cut_off}, "recvfrom",
        received_from);
}

void udp_socket::send(const_bytes buffer, flags_of<message_flag> flags,
                      handler<std::size_t> h) {
    perform(io_, io_direction::write, at_once::in_budget,
            send_attempt{buffer, bits(flags)}, std::move(h), "send",
            completes_with{sent});
}

prompt<std::size_t> udp_socket::send_now(vm& owner, const_bytes buffer,
                                         flags_of<message_flag> flags) {
    return perform_promptly(owner, io_, io_direction::write,
                            send_attempt{buffer, bits(flags)}, "send", sent);
}

void udp_socket::send_to(const_bytes buffer, const address& remote_addr,
                         port_number remote_port, flags_of<message_flag> flags,
                         handler<std::size_t> h) {
    perform(io_, io_direction::write, at_once::in_budget,
            send_to_attempt{buffer, bits(flags),
                            to_endpoint(remote_addr, remote_port)},
            std::move(h), "sendto", completes_with{sent});
}

prompt<std::size_t> udp_socket::send_to_now(vm& owner, const_bytes buffer,
                                            const address& remote_addr,
                                            port_number remote_port,
                                            flags_of<message_flag> flags) {
    return perform_promptly(
        owner, io_, io_direction::write,
        send_to_attempt{buffer, bits(flags),
                        to_endpoint(remote_addr, remote_port)},
        "sendto", sent);
}

socket::option_value udp_socket::get_option(udp_socket_state opt) const {
    return socket::get_option(io_, socket::line_of(opt));
}

void udp_socket::set_option(udp_socket_option opt, udp_option_value val) {
    const auto& o = socket::line_of(opt);
    auto* a = std::get_if<address>(&val);
    if (o.kind == kind::membership) {
        if (!a) throw_invalid_argument("val", "an ip.address");
        return change_membership(io_, o.place, *a);
    }
    if (o.kind == kind::interface) return set_interface(io_, o.place, val);
    if (auto* b = std::get_if<bool>(&val))
        return socket::set_option(io_, o, *b);
    if (auto* n = std::get_if<std::int64_t>(&val))
        return socket::set_option(io_, o, *n);
    throw_invalid_argument("val", o.kind == kind::boolean ? "a boolean"
                                                          : "an integer");
}

} // namespace emilua::ip
