// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/tcp.hpp"
#include "modules/ip/udp.hpp"

namespace emilua::ip {

/// Connects to the first endpoint behind `ep` that accepts.
void dial_tcp(vm& owner, std::string ep, handler<tcp_socket> h);

/// Sets the first endpoint behind `ep` that can be reached as the peer.
void dial_udp(vm& owner, std::string ep, handler<udp_socket> h);

/// Listens at the first endpoint behind `ep` that can be bound.
void listen_tcp(vm& owner, std::string ep, handler<tcp_acceptor> h);

} // namespace emilua::ip
