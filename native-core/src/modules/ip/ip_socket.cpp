// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/ip_socket.hpp"

#include <boost/asio/error.hpp>

namespace emilua::ip {

int to_family(const family_argument& f) noexcept {
    if (auto* name = std::get_if<ip_family>(&f)) return static_cast<int>(*name);
    return std::get<address>(f).family();
}

void open_ip_socket(io_descriptor& d, int family, int type) {
    if (d.is_open()) throw failure{boost::asio::error::already_open};
    d.open(socket::open_socket(family, type, 0));
}

void bind_socket(io_descriptor& d, const address_argument& addr,
                 port_number port, int type) {
    const auto e = to_endpoint(to_address(addr, "addr"), port);
    const bool opens = !d.is_open();
    if (opens) open_ip_socket(d, e.data()->sa_family, type);
    if (::bind(d.get(), e.data(), static_cast<socklen_t>(e.size())) == 0)
        return;
    const auto ec = last_error();
    // The next address may be of the other version.
    if (opens) d.close();
    throw failure{ec, "bind"};
}

namespace {

template <class F>
boost::asio::ip::tcp::endpoint name_of(const io_descriptor& d, F f,
                                       const char* syscall) {
    boost::asio::ip::tcp::endpoint e;
    auto size = static_cast<socklen_t>(e.capacity());
    if (f(d.get(), e.data(), &size) != 0) throw_errno(syscall);
    e.resize(size);
    return e;
}

} // namespace

boost::asio::ip::tcp::endpoint local_endpoint(const io_descriptor& d) {
    return name_of(d, ::getsockname, "getsockname");
}

boost::asio::ip::tcp::endpoint remote_endpoint(const io_descriptor& d) {
    return name_of(d, ::getpeername, "getpeername");
}

void assign_socket(io_descriptor& d, const family_argument& family, int type,
                   file_descriptor& fd) {
    using socket::socket_family;
    using socket::socket_kind;
    socket::assign(
        d,
        to_family(family) == AF_INET ? socket_family::inet
                                     : socket_family::inet6,
        type == SOCK_STREAM ? socket_kind::stream : socket_kind::datagram, fd);
}

void disconnect_socket(const io_descriptor& d) {
    const sockaddr none{AF_UNSPEC, {}};
    if (::connect(d.get(), &none, sizeof(none)) != 0) throw_errno("connect");
}

} // namespace emilua::ip
