// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/options.hpp"

namespace emilua::ip {

enum class udp_socket_option {
    debug,
    broadcast,
    do_not_route,
    send_buffer_size,
    receive_buffer_size,
    reuse_address,
    multicast_loop,
    multicast_hops,
    join_multicast_group,
    leave_multicast_group,
    multicast_interface,
    unicast_hops,
    v6_only,
};

/// The options that can be asked for.
enum class udp_socket_state {
    debug,
    broadcast,
    do_not_route,
    send_buffer_size,
    receive_buffer_size,
    reuse_address,
    multicast_loop,
    multicast_hops,
    unicast_hops,
    v6_only,
};

using udp_option_value = std::variant<bool, std::int64_t, address>;

class udp_socket : public socket_object {
public:
    explicit udp_socket(vm& owner) : socket_object{owner} {}

    void open(family_argument family) {
        open_ip_socket(io_, to_family(family), SOCK_DGRAM);
    }
    void bind(address_argument addr, port_number port) {
        bind_socket(io_, addr, port);
    }
    void connect(const address& addr, port_number port, handler<> h);
    void disconnect() { disconnect_socket(io_); }
    void assign(family_argument family, file_descriptor& fd) {
        assign_socket(io_, to_family(family), SOCK_DGRAM, fd);
    }
    file_descriptor release() { return release_socket(io_); }

    void receive(mutable_bytes buffer, flags_of<message_flag> flags,
                 handler<std::size_t> h);
    void receive_from(mutable_bytes buffer, flags_of<message_flag> flags,
                      handler<std::size_t, address, std::uint16_t> h);
    void send(const_bytes buffer, flags_of<message_flag> flags,
              handler<std::size_t> h);
    void send_to(const_bytes buffer, const address& remote_addr,
                 port_number remote_port, flags_of<message_flag> flags,
                 handler<std::size_t> h);

    void set_option(udp_socket_option opt, udp_option_value val);
    option_value get_option(udp_socket_state opt) const;
    std::size_t io_control(io_command) const { return bytes_readable(io_); }

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

private:
    template <class Attempt, class Handler, class Then>
    void transfer(io_direction direction, Attempt a, Handler h,
                  const char* syscall, Then then);

    int family() const;
    option_place place_of(udp_socket_state o) const;
    void change_membership(bool join, const address& group);
    void set_multicast_interface(const udp_option_value& val);
};

} // namespace emilua::ip
