// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/address.hpp"
#include "modules/socket/socket_object.hpp"

#include <netinet/in.h>

namespace emilua::ip {

using socket::file_descriptor;
using socket::io_command;
using socket::message_flag;
using socket::wait_type;

enum class ip_family { v4 = AF_INET, v6 = AF_INET6 };

/// A version, by name or by example.
using family_argument = std::variant<ip_family, address>;

int to_family(const family_argument& f) noexcept;

/// What every socket of this module does with its own address.
void open_ip_socket(io_descriptor& d, int family, int type);
/// Opens a closed one for the version of `addr`; it is closed again where that
/// fails.
void bind_socket(io_descriptor& d, const address_argument& addr,
                 port_number port, int type);
boost::asio::ip::tcp::endpoint local_endpoint(const io_descriptor& d);
boost::asio::ip::tcp::endpoint remote_endpoint(const io_descriptor& d);
/// Throws when `fd` is no socket of that kind; then the caller keeps it.
void assign_socket(io_descriptor& d, const family_argument& family, int type,
                   file_descriptor& fd);
void disconnect_socket(const io_descriptor& d);

} // namespace emilua::ip

namespace emilua {

template <> struct enum_names<ip::ip_family> {
    using o = ip::ip_family;
    static constexpr auto name = "family";
    static constexpr enum_item<o> items[] = {
        {"v4", o::v4, "IPv4 (ip(7))."},
        {"v6", o::v6, "IPv6 (ipv6(7))."},
    };
};

} // namespace emilua
