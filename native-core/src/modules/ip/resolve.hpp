// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/address.hpp"

#include "core/resolver.hpp"

#include <netdb.h>

namespace emilua::ip {

enum class resolver_flag : unsigned {
    address_configured = AI_ADDRCONFIG,
    all_matching = AI_ALL,
    canonical_name = AI_CANONNAME,
    passive = AI_PASSIVE,
    v4_mapped = AI_V4MAPPED,
};

using host_argument = std::variant<address, std::string>;
using service_argument = std::variant<port_number, std::string>;
using resolver_flags = std::optional<flags_of<resolver_flag>>;

/// `Type` is SOCK_STREAM or SOCK_DGRAM, `Family` AF_UNSPEC, AF_INET, AF_INET6.
template <int Type, int Family>
void get_address_info(vm&, host_argument host, service_argument service,
                      resolver_flags flags,
                      handler<std::vector<address_entry>> h);

template <int Type>
void get_name_info(vm&, const address& a, port_number port,
                   handler<std::vector<name_entry>> h);

std::string host_name();
std::string endpoint_to_string(const address& addr,
                               std::optional<port_number> port);
std::tuple<address, std::uint16_t> string_to_endpoint(std::string_view ep);

/// "host:service" and "[v6]:service". Throws EINVAL for "ep".
std::pair<std::string, std::string> split_endpoint(std::string_view ep);

} // namespace emilua::ip

namespace emilua {

template <> struct enum_names<ip::resolver_flag> {
    using o = ip::resolver_flag;
    static constexpr auto name = "resolver_flag";
    static constexpr enum_item<o> items[] = {
        {"address_configured", o::address_configured,
         "Only versions that this machine has a non-loopback address of "
         "(AI_ADDRCONFIG)."},
        {"all_matching", o::all_matching,
         "With v4_mapped: IPv6 and mapped IPv4 addresses alike (AI_ALL)."},
        {"canonical_name", o::canonical_name,
         "Also find the host's canonical name (AI_CANONNAME)."},
        {"passive", o::passive,
         "The addresses are to be bound to (AI_PASSIVE)."},
        {"v4_mapped", o::v4_mapped,
         "Where IPv6 was asked for and there is none, IPv4 addresses mapped "
         "into it (AI_V4MAPPED)."},
    };
};

template <> struct record_traits<address_entry> {
    static const record_description& describe();
    static value write(address_entry e);
    static address_entry read(const value&) = delete;
};

template <> struct record_traits<name_entry> {
    static const record_description& describe();
    static value write(name_entry e);
    static name_entry read(const value&) = delete;
};

} // namespace emilua
