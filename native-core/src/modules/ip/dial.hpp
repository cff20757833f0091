// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "tcp.hpp"

namespace emilua {

/// Connects to the first endpoint behind `ep` that accepts.
void dial_tcp(vm& owner, std::string_view ep, handler<tcp_socket> h);

/// Listens at the first endpoint behind `ep` that can be bound.
void listen_tcp(vm& owner, std::string_view ep, handler<tcp_acceptor> h);

} // namespace emilua
