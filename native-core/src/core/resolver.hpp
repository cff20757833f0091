// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <vector>

/// What the system knows about names. These calls block, some of them for
/// half a minute: they are made on `resolver_pool()`.

namespace emilua {

struct address_query {
    /// Empty: this machine.
    std::string host;
    /// Empty: port 0.
    std::string service;
    /// AF_UNSPEC, AF_INET, AF_INET6.
    int family = 0;
    /// SOCK_STREAM, SOCK_DGRAM.
    int socket_type = 0;
    /// AI_*.
    int flags = 0;
};

struct address_entry {
    boost::asio::ip::address address;
    std::uint16_t port = 0;
    std::optional<std::string> canonical_name;
};

struct name_entry {
    std::string host_name;
    std::string service_name;
};

/// The address that `text` is. Nothing if it is none, or if its zone is neither
/// a number nor, where only one link knows the address, an interface of this
/// machine.
std::optional<boost::asio::ip::address>
numeric_address(const std::string& text);

/// Whether `service` looks like a number to the system but is no port: it
/// would take it modulo 65536, and skip white space and a sign.
bool is_wrong_port(std::string_view service) noexcept;

/// Answers without asking anybody, if host and service are numbers.
std::optional<std::vector<address_entry>>
resolve_numeric(const address_query& q, error_code& ec);

/// Throw `failure` as getaddrinfo and getnameinfo fail.
std::vector<address_entry> find_addresses(const address_query& q);
std::vector<name_entry> find_names(const boost::asio::ip::address& address,
                                   std::uint16_t port, bool datagram);

} // namespace emilua
