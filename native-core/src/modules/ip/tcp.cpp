// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/tcp.hpp"

#include <sys/ioctl.h>

namespace emilua::ip {

void tcp_socket::open(family_argument family) {
    open_ip_socket(io_, to_family(family), SOCK_STREAM);
}

void tcp_socket::connect(address_argument addr, port_number port, handler<> h) {
    const auto peer_address = to_address(addr, "addr");
    // A socket whose connection was completed in the background says so to the
    // next connect, whatever its address: success instead of EISCONN.
    sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    if (is_open() &&
        ::getpeername(io_.get(), reinterpret_cast<sockaddr*>(&peer), &size) ==
            0) {
        return h.fail(error_code{EISCONN, boost::system::system_category()},
                      "connect");
    }
    const bool at_once = h.may_complete_inline();
    named_completion done{std::move(h), "connect",
                          [](handler<>& h, auto&) { h({}); }};
    const auto result =
        connect_to(to_endpoint(peer_address, port), at_once, done);
    if (!result) return;
    if (*result)
        done.h.fail(*result, "connect");
    else
        done.h({});
}

void tcp_socket::assign(family_argument family, consumed<file_descriptor> fd) {
    assign_socket(io_, family, SOCK_STREAM, *fd);
}

void tcp_socket::set_option(tcp_socket_option opt, socket::option_value val,
                            std::optional<socket::seconds> timeout) {
    const auto& o = socket::line_of(opt);
    if (o.kind == kind::linger) {
        if (auto* enabled = std::get_if<bool>(&val))
            val = socket::linger_option{*enabled,
                                        timeout.value_or(socket::seconds{0})};
    } else if (timeout) {
        throw_invalid_argument("timeout", "nothing, except for \"linger\"");
    }
    socket::set_option(io_, o, val);
}

socket::option_value tcp_socket::get_option(tcp_socket_option opt) const {
    return socket::get_option(io_, socket::line_of(opt));
}

bool tcp_socket::at_mark() const {
    int mark = 0;
    if (::ioctl(io_.get(), SIOCATMARK, &mark) != 0) throw_errno("ioctl");
    return mark != 0;
}

void tcp_acceptor::open(family_argument family) {
    open_ip_socket(io_, to_family(family), SOCK_STREAM);
}

void tcp_acceptor::assign(family_argument family,
                          consumed<file_descriptor> fd) {
    assign_socket(io_, family, SOCK_STREAM, *fd);
}

} // namespace emilua::ip
