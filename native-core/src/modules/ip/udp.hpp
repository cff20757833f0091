// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/ip_socket.hpp"
#include "modules/ip/options.hpp"
#include "modules/socket/datagram_io.hpp"

namespace emilua::ip {

using socket::cut_off;

class udp_socket : public socket::socket_object {
public:
    explicit udp_socket(vm& owner) : socket_object{owner} {}

    static udp_socket unpack(vm& owner, parcel p) {
        udp_socket s{owner};
        s.adopt(std::move(p));
        return s;
    }

    void open(family_argument family) {
        open_ip_socket(io_, to_family(family), SOCK_DGRAM);
    }
    void bind(address_argument addr, port_number port) {
        bind_socket(io_, addr, port, SOCK_DGRAM);
    }
    void connect(address_argument addr, port_number port, handler<> h);
    void disconnect() { disconnect_socket(io_); }
    void assign(family_argument family, consumed<file_descriptor> fd) {
        assign_socket(io_, family, SOCK_DGRAM, *fd);
    }

    // Each has a form that gives the results if it need not wait.

    void receive(mutable_bytes buffer, flags_of<message_flag> flags,
                 cut_off when_cut_off, handler<std::size_t> h);
    prompt<std::size_t> receive_now(vm& owner, mutable_bytes buffer,
                                    flags_of<message_flag> flags,
                                    cut_off when_cut_off);
    void receive_from(mutable_bytes buffer, flags_of<message_flag> flags,
                      cut_off when_cut_off,
                      handler<std::size_t, address, std::uint16_t> h);
    prompt<std::size_t, address, std::uint16_t>
    receive_from_now(vm& owner, mutable_bytes buffer,
                     flags_of<message_flag> flags, cut_off when_cut_off);
    void send(const_bytes buffer, flags_of<message_flag> flags,
              handler<std::size_t> h);
    prompt<std::size_t> send_now(vm& owner, const_bytes buffer,
                                 flags_of<message_flag> flags);
    void send_to(const_bytes buffer, const address& remote_addr,
                 port_number remote_port, flags_of<message_flag> flags,
                 handler<std::size_t> h);
    prompt<std::size_t> send_to_now(vm& owner, const_bytes buffer,
                                    const address& remote_addr,
                                    port_number remote_port,
                                    flags_of<message_flag> flags);

    void set_option(udp_socket_option opt, udp_option_value val);
    socket::option_value get_option(udp_socket_state opt) const;

    address local_address() const {
        return address{local_endpoint(io_).address()};
    }
    std::uint16_t local_port() const { return local_endpoint(io_).port(); }
    address remote_address() const {
        return address{remote_endpoint(io_).address()};
    }
    std::uint16_t remote_port() const { return remote_endpoint(io_).port(); }

    /// Opens the socket where it is closed; never waits.
    error_code connect_to(const boost::asio::ip::tcp::endpoint& e);
};

} // namespace emilua::ip
