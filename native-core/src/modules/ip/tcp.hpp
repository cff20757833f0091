// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/ip_socket.hpp"
#include "modules/ip/options.hpp"
#include "modules/socket/acceptor.hpp"
#include "modules/socket/stream_socket.hpp"

namespace emilua::ip {

class tcp_socket : public socket::stream_socket {
public:
    using stream_socket::stream_socket;

    static tcp_socket unpack(vm& owner, parcel p) {
        tcp_socket s{owner};
        s.adopt(std::move(p));
        socket::look_for_linger(s.io_);
        return s;
    }

    void open(family_argument family);
    void bind(address_argument addr, port_number port) {
        bind_socket(io_, addr, port, SOCK_STREAM);
    }
    void connect(address_argument addr, port_number port, handler<> h);
    void disconnect() { disconnect_socket(io_); }
    void assign(family_argument family, consumed<file_descriptor> fd);

    void set_option(tcp_socket_option opt, socket::option_value val,
                    std::optional<socket::seconds> timeout);
    socket::option_value get_option(tcp_socket_option opt) const;

    address local_address() const {
        return address{local_endpoint(io_).address()};
    }
    std::uint16_t local_port() const { return local_endpoint(io_).port(); }
    address remote_address() const {
        return address{remote_endpoint(io_).address()};
    }
    std::uint16_t remote_port() const { return remote_endpoint(io_).port(); }
    bool at_mark() const;

    /// As `connect`, for what is written in C++: see `stream_socket::connect`.
    template <class Handler>
    std::optional<error_code>
    connect_to(const boost::asio::ip::tcp::endpoint& e, bool at_once,
               Handler& h) {
        if (!is_open()) open_ip_socket(io_, e.data()->sa_family, SOCK_STREAM);
        return stream_socket::connect(
            e.data(), static_cast<socklen_t>(e.size()), at_once, h);
    }
};

class tcp_acceptor : public socket::acceptor<tcp_socket> {
public:
    using acceptor::acceptor;

    static tcp_acceptor unpack(vm& owner, parcel p) {
        tcp_acceptor a{owner};
        a.adopt(std::move(p));
        return a;
    }

    void open(family_argument family);
    void bind(address_argument addr, port_number port) {
        bind_socket(io_, addr, port, SOCK_STREAM);
    }
    void assign(family_argument family, consumed<file_descriptor> fd);

    void set_option(tcp_acceptor_option opt, bool val) {
        set_boolean_option(socket::line_of(opt), val);
    }
    bool get_option(tcp_acceptor_option opt) const {
        return get_boolean_option(socket::line_of(opt));
    }

    address local_address() const {
        return address{local_endpoint(io_).address()};
    }
    std::uint16_t local_port() const { return local_endpoint(io_).port(); }
};

} // namespace emilua::ip

template <> struct emilua::described_in<emilua::ip::tcp_socket> {
    static constexpr auto module = "ip";
};
