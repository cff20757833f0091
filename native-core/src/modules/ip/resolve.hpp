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

/// In a result; it is an ip.address.
template <> struct type_traits<boost::asio::ip::address> : traits_base {
    static constexpr const type& description = type_of<ip::address>();
    static void write(results& out, const boost::asio::ip::address& a) {
        write_result(out, ip::address{a});
    }
};

template <> struct fields_of<address_entry> {
    static constexpr auto name = "address_info";
    static constexpr field_description items[] = {
        field<&address_entry::address>("address", "An address of the host."),
        field<&address_entry::port>("port", "The service's port."),
        field<&address_entry::canonical_name>(
            "canonical_name",
            "The host's canonical name, where it was asked for."),
    };
};

template <> struct fields_of<name_entry> {
    static constexpr auto name = "name_info";
    static constexpr field_description items[] = {
        field<&name_entry::host_name>(
            "host_name", "The host's name, or its address where it has none."),
        field<&name_entry::service_name>(
            "service_name",
            "The service's name, or the port's number where it has none."),
    };
};

} // namespace emilua
