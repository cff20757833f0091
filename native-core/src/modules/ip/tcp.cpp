// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/tcp.hpp"

#include <netinet/tcp.h>
#include <sys/ioctl.h>

namespace emilua::ip {
namespace {

option_place place_of(tcp_socket_option o) noexcept {
    switch (o) {
    case tcp_socket_option::tcp_no_delay:
        return {IPPROTO_TCP, TCP_NODELAY, true};
    case tcp_socket_option::send_low_watermark:
        return {SOL_SOCKET, SO_SNDLOWAT, false};
    case tcp_socket_option::send_buffer_size:
        return {SOL_SOCKET, SO_SNDBUF, false};
    case tcp_socket_option::receive_low_watermark:
        return {SOL_SOCKET, SO_RCVLOWAT, false};
    case tcp_socket_option::receive_buffer_size:
        return {SOL_SOCKET, SO_RCVBUF, false};
    case tcp_socket_option::out_of_band_inline:
        return {SOL_SOCKET, SO_OOBINLINE, true};
    case tcp_socket_option::linger:
        return {SOL_SOCKET, SO_LINGER, false};
    case tcp_socket_option::keep_alive:
        return {SOL_SOCKET, SO_KEEPALIVE, true};
    case tcp_socket_option::do_not_route:
        return {SOL_SOCKET, SO_DONTROUTE, true};
    case tcp_socket_option::debug:
        return {SOL_SOCKET, SO_DEBUG, true};
    case tcp_socket_option::v6_only:
        break;
    }
    return {IPPROTO_IPV6, IPV6_V6ONLY, true};
}

option_place place_of(tcp_acceptor_option o) noexcept {
    switch (o) {
    case tcp_acceptor_option::reuse_address:
        return {SOL_SOCKET, SO_REUSEADDR, true};
    case tcp_acceptor_option::debug:
        return {SOL_SOCKET, SO_DEBUG, true};
    default:
        return {IPPROTO_IPV6, IPV6_V6ONLY, true};
    }
}

} // namespace

void tcp_socket::open(family_argument family) {
    open_ip_socket(io_, to_family(family), SOCK_STREAM);
}

void tcp_socket::connect(const address& addr, port_number port, handler<> h) {
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
    const auto result = connect_to(
        to_endpoint(addr, port), h.may_complete_inline(),
        named_completion{h, "connect", [](auto& h, auto&) { h({}); }});
    if (!result) return;
    if (*result)
        h.fail(*result, "connect");
    else
        h({});
}

void tcp_socket::assign(family_argument family, file_descriptor& fd) {
    assign_socket(io_, to_family(family), SOCK_STREAM, fd);
}

void tcp_socket::set_option(tcp_socket_option opt, option_value val,
                            std::optional<int> timeout) {
    if (opt == tcp_socket_option::linger) {
        if (auto* enabled = std::get_if<bool>(&val))
            val = linger_option{*enabled, timeout.value_or(0)};
    } else if (timeout) {
        throw_invalid_argument("timeout", "nothing, except for \"linger\"");
    }
    ip::set_option(io_, place_of(opt), val);
}

option_value tcp_socket::get_option(tcp_socket_option opt) const {
    return ip::get_option(io_, place_of(opt));
}

bool tcp_socket::at_mark() const {
    int mark = 0;
    if (::ioctl(io_.get(), SIOCATMARK, &mark) != 0) throw_errno("ioctl");
    return mark != 0;
}

void tcp_acceptor::open(family_argument family) {
    open_ip_socket(io_, to_family(family), SOCK_STREAM);
}

void tcp_acceptor::listen(std::optional<int> backlog) {
    if (::listen(io_.get(), backlog.value_or(SOMAXCONN)) != 0)
        throw_errno("listen");
}

void tcp_acceptor::accept(handler<tcp_socket> h) {
    if (!io_.is_open()) return h.fail(bad_descriptor(), "accept4");
    struct hand_over {
        tcp_acceptor* self;
        void operator()(handler<tcp_socket>& h, accept_attempt& a) const {
            self->burst_.store(true, std::memory_order_relaxed);
            try {
                h({}, tcp_socket{h.owner(), std::move(a.peer)});
            } catch (const failure& f) {
                h.fail(f.code, f.syscall);
            }
        }
    };
    accept_attempt a{report_aborted_};
    auto first = first_step::attempt;
    if (burst_.load(std::memory_order_relaxed) &&
        io_.pending(io_direction::read) == 0 && h.may_complete_inline()) {
        error_code ec;
        if (a(io_.get(), ec) == attempt::done) {
            if (ec) return h.fail(ec, "accept4");
            return hand_over{this}(h, a);
        }
        burst_.store(false, std::memory_order_relaxed);
        first = after_vain_attempt(h.owner());
    }
    io_.start(io_direction::read, first, std::move(a),
              named_completion{h, "accept4", hand_over{this}});
}

void tcp_acceptor::assign(family_argument family, file_descriptor& fd) {
    assign_socket(io_, to_family(family), SOCK_STREAM, fd);
}

void tcp_acceptor::set_option(tcp_acceptor_option opt, bool val) {
    if (opt == tcp_acceptor_option::enable_connection_aborted) {
        require_open(io_);
        report_aborted_ = val;
        return;
    }
    ip::set_option(io_, place_of(opt), val);
}

bool tcp_acceptor::get_option(tcp_acceptor_option opt) const {
    if (opt == tcp_acceptor_option::enable_connection_aborted) {
        require_open(io_);
        return report_aborted_;
    }
    return std::get<bool>(ip::get_option(io_, place_of(opt)));
}

} // namespace emilua::ip
