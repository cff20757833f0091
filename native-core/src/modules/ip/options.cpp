// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/options.hpp"

namespace emilua::ip {

int to_family(const family_argument& f) noexcept {
    if (auto* name = std::get_if<ip_family>(&f)) return static_cast<int>(*name);
    return std::get<address>(f).family();
}

option_value get_option(const io_descriptor& d, const option_place& p) {
    if (p.level == SOL_SOCKET && p.name == SO_LINGER) {
        linger l{};
        socklen_t size = sizeof(l);
        if (::getsockopt(d.get(), p.level, p.name, &l, &size) != 0)
            throw_errno("getsockopt");
        return linger_option{l.l_onoff != 0, l.l_linger};
    }
    const int v = get_int_option(d, p.level, p.name);
    if (p.boolean) return v != 0;
    return std::int64_t{v};
}

void set_option(const io_descriptor& d, const option_place& p,
                const option_value& v) {
    if (p.level == SOL_SOCKET && p.name == SO_LINGER) {
        auto* o = std::get_if<linger_option>(&v);
        if (!o) throw_invalid_argument("val", "{ enabled, timeout }");
        const linger l{o->enabled, o->timeout};
        if (::setsockopt(d.get(), p.level, p.name, &l, sizeof(l)) != 0)
            throw_errno("setsockopt");
        return;
    }
    if (p.boolean) {
        auto* b = std::get_if<bool>(&v);
        if (!b) throw_invalid_argument("val", "a boolean");
        return set_int_option(d, p.level, p.name, *b);
    }
    auto* n = std::get_if<std::int64_t>(&v);
    if (!n || *n < 0 || *n > std::numeric_limits<int>::max())
        throw_invalid_argument("val", "an integer from 0 to 2147483647");
    set_int_option(d, p.level, p.name, static_cast<int>(*n));
}

void open_ip_socket(io_descriptor& d, int family, int type) {
    if (d.is_open()) throw failure{boost::asio::error::already_open};
    d.open(open_socket(family, type, 0));
}

void bind_socket(const io_descriptor& d, const address_argument& addr,
                 port_number port) {
    const auto e = to_endpoint(to_address(addr, "addr"), port);
    if (::bind(d.get(), e.data(), static_cast<socklen_t>(e.size())) != 0)
        throw_errno("bind");
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

void assign_socket(io_descriptor& d, int family, int type,
                   file_descriptor& fd) {
    using namespace emilua::file_descriptor;
    const bool fits = fd.is_socket(
        family == AF_INET ? socket_family::inet : socket_family::inet6,
        type == SOCK_STREAM ? socket_kind::stream : socket_kind::datagram,
        std::nullopt);
    if (!fits) throw_invalid_argument("fd", "a socket of that family and kind");
    auto taken = fd.take();
    try {
        assign_descriptor(d, std::move(taken));
    } catch (const failure&) {
        fd = file_descriptor{std::move(taken)};
        throw;
    }
}

file_descriptor release_socket(io_descriptor& d) {
    require_open(d);
    return file_descriptor{d.release()};
}

void disconnect_socket(const io_descriptor& d) {
    const sockaddr none{AF_UNSPEC, {}};
    if (::connect(d.get(), &none, sizeof(none)) != 0) throw_errno("connect");
}

} // namespace emilua::ip

namespace emilua {

const record_description& record_traits<ip::linger_option>::describe() {
    static const record_description d{
        "linger",
        {{"enabled", &type_of<bool>(), "Whether close waits at all."},
         {"timeout", &type_of<int>(), "How long, in seconds."}}};
    return d;
}

ip::linger_option record_traits<ip::linger_option>::read(const value& v) {
    auto* enabled = v["enabled"].as<bool>();
    auto* timeout = v["timeout"].as<double>();
    const double seconds = timeout ? *timeout : 0;
    if (!enabled || (!timeout && !v["timeout"].is_nil()) || seconds < 0 ||
        seconds > 65535 || seconds != std::trunc(seconds))
        throw argument_error{0, "{ enabled = boolean, timeout = seconds }"};
    return {*enabled, static_cast<int>(seconds)};
}

value record_traits<ip::linger_option>::write(ip::linger_option v) {
    return value::record{{"enabled", v.enabled}, {"timeout", v.timeout}};
}

} // namespace emilua
