// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/describe_tcp.hpp"
#include "modules/ip/describe_udp.hpp"
#include "modules/ip/dial.hpp"
#include "modules/ip/resolve.hpp"

namespace emilua::ip {
namespace {

address new_address(std::optional<std::string> str) {
    return str ? address::parse(*str, "str") : address{};
}
address any_v4() { return address{boost::asio::ip::address_v4::any()}; }
address any_v6() { return address{boost::asio::ip::address_v6::any()}; }
address loopback_v4() {
    return address{boost::asio::ip::address_v4::loopback()};
}
address loopback_v6() {
    return address{boost::asio::ip::address_v6::loopback()};
}
address broadcast_v4() {
    return address{boost::asio::ip::address_v4::broadcast()};
}

constexpr auto v6_only = "EAFNOSUPPORT for an IPv4 address.";

void describe_address(module_builder& m) {
    m.cls<address>("address", "An IPv4 or IPv6 address.")
        .is_value()
        .may_be_shared()
        .constructor("new", fn<&new_address>,
                     {{"str", "\"192.0.2.1\", \"2001:db8::1\" or "
                              "\"fe80::1%eth0\"; nothing means 0.0.0.0."}},
                     "Makes an address from its usual text.",
                     "EINVAL when the text is no address. No name is ever "
                     "resolved. inet_pton(3).")
        .function("any_v4", fn<&any_v4>, {}, "The IPv4 address 0.0.0.0.",
                  "Binding to it means every IPv4 address of the machine.")
        .function("any_v6", fn<&any_v6>, {}, "The IPv6 address ::.",
                  "Binding to it means every IPv6 address of the machine, and "
                  "its IPv4 ones too unless the option \"v6_only\" is set.")
        .function("loopback_v4", fn<&loopback_v4>, {},
                  "The IPv4 address 127.0.0.1, this machine itself.")
        .function("loopback_v6", fn<&loopback_v6>, {},
                  "The IPv6 address ::1, this machine itself.")
        .function("broadcast_v4", fn<&broadcast_v4>, {},
                  "The IPv4 address 255.255.255.255.",
                  "Everybody on the local network.")
        .sync("to_v6", fn<&address::to_v6>, {},
              "The IPv6 address that stands for this IPv4 one.",
              "192.0.2.1 becomes ::ffff:192.0.2.1. EAFNOSUPPORT for an IPv6 "
              "address. RFC 4291, 2.5.5.2.")
        .sync("to_v4", fn<&address::to_v4>, {},
              "The IPv4 address that this IPv6 one stands for.",
              "EAFNOSUPPORT unless the address is v4-mapped.")
        .property("is_loopback", fn<&address::is_loopback>,
                  "Whether it means this machine itself.")
        .property("is_multicast", fn<&address::is_multicast>,
                  "Whether it means a group of machines.")
        .property("is_unspecified", fn<&address::is_unspecified>,
                  "Whether it is 0.0.0.0 or ::.")
        .property("is_v4", fn<&address::is_v4>, "Whether it is IPv4.")
        .property("is_v6", fn<&address::is_v6>, "Whether it is IPv6.")
        .property("is_link_local", fn<&address::is_link_local>,
                  "Whether it is only valid on one link (fe80::/10).", v6_only)
        .property("is_multicast_global", fn<&address::is_multicast_global>,
                  "Whether it is a multicast address of global scope.", v6_only)
        .property(
            "is_multicast_link_local", fn<&address::is_multicast_link_local>,
            "Whether it is a multicast address of link-local scope.", v6_only)
        .property("is_multicast_node_local",
                  fn<&address::is_multicast_node_local>,
                  "Whether it is a multicast address that stays in the "
                  "machine.",
                  v6_only)
        .property(
            "is_multicast_org_local", fn<&address::is_multicast_org_local>,
            "Whether it is a multicast address of organisation scope.", v6_only)
        .property(
            "is_multicast_site_local", fn<&address::is_multicast_site_local>,
            "Whether it is a multicast address of site-local scope.", v6_only)
        .property("is_site_local", fn<&address::is_site_local>,
                  "Whether it is only valid at one site (fec0::/10).", v6_only)
        .property("is_v4_mapped", fn<&address::is_v4_mapped>,
                  "Whether it stands for an IPv4 address (::ffff:0:0/96).",
                  v6_only)
        .property("scope_id", fn<&address::scope_id>,
                  fn<&address::set_scope_id>,
                  "The number of the interface that a link-local address "
                  "belongs to; 0 where none was given.",
                  v6_only)
        .meta(metamethod::tostring, fn<&address::to_string>)
        .meta(metamethod::eq, fn<&address::equals>)
        .meta(metamethod::lt, fn<&address::less>)
        .meta(metamethod::le, fn<&address::less_or_equal>);
}

constexpr auto resolve_details =
    "Suspends. An address or a numeric name of the host is never looked up, "
    "nor is a numeric service; if both are numbers nobody is asked at all. "
    "Without flags: address_configured and v4_mapped. What the system's "
    "resolver cannot interrupt goes on behind the scenes after a "
    "cancellation. Errors of getaddrinfo(3) come in the categories netdb and "
    "addrinfo ({@error host_not_found}, {@error service_not_found}).";

constexpr auto reverse_details =
    "Suspends. An address without a name comes back as its text, a port "
    "without one as its number. getnameinfo(3).";

template <int Type>
void describe_resolver(module_builder& m, const char* protocol) {
    const parameters forward = {
        {"host", "A name, or an address."},
        {"service", "A name such as \"http\", or a port."},
        {"flags", "Nothing means address_configured and v4_mapped."}};
    auto name = [&](const char* n) {
        return m.text(std::string{protocol} + '.' + n);
    };
    m.async(name("get_address_info"), fn<&get_address_info<Type, AF_UNSPEC>>,
            forward, "Finds the addresses of a host and the port of a service.",
            resolve_details);
    m.async(name("get_address_v4_info"), fn<&get_address_info<Type, AF_INET>>,
            forward,
            "Finds the IPv4 addresses of a host and the port of a service.",
            resolve_details);
    m.async(name("get_address_v6_info"), fn<&get_address_info<Type, AF_INET6>>,
            forward,
            "Finds the IPv6 addresses of a host and the port of a service.",
            resolve_details);
    m.async(name("get_name_info"), fn<&get_name_info<Type>>,
            {{"a", "The address."}, {"port", "The port."}},
            "Finds the names of a host and of a service.", reverse_details);
}

} // namespace

void describe(module_builder& m) {
    m.doc("TCP and UDP over IPv4 and IPv6, and the names behind addresses.");
    describe_address(m);
    describe_tcp(m);
    describe_udp(m);
    describe_resolver<SOCK_STREAM>(m, "tcp");
    describe_resolver<SOCK_DGRAM>(m, "udp");

    m.async("tcp.dial", fn<&dial_tcp>,
            {{"ep", "\"host:service\", \"192.0.2.1:80\" or \"[::1]:80\"."}},
            "Connects to a service by name.",
            "Suspends. Resolves the host and the service and tries what was "
            "found one after the other; fails as the last attempt did. EINVAL "
            "when `ep` has no service or an IPv6 address outside brackets.");
    m.async("tcp.listen", fn<&listen_tcp>,
            {{"ep", "\"host:service\", \"127.0.0.1:0\", \"[::]:80\" or "
                    "\":80\" for every address."}},
            "Opens an acceptor that listens at an endpoint.",
            "Suspends where names are to be resolved. Sets \"reuse_address\". "
            "For every address it serves IPv4 and IPv6 at once, and IPv4 alone "
            "where the machine has no IPv6. Of several addresses the first "
            "that the machine has is meant. "
            "Port 0 lets the system choose: see {@ref "
            "tcp.acceptor.local_port}. EADDRINUSE "
            "(bind) where somebody else listens there.");
    m.async("udp.dial", fn<&dial_udp>,
            {{"ep", "\"host:service\", \"192.0.2.1:53\" or \"[::1]:53\"."}},
            "Opens a socket that is connected to a service by name.",
            "Suspends. Nothing is sent, so nobody has to be there. EINVAL when "
            "`ep` has no service or an IPv6 address outside brackets.");
    m.written<std::tuple<address, std::uint16_t>(
        value, std::vector<address_entry>,
        std::optional<callback<bool(value, address, std::uint16_t)>>)>(
         "connect",
         {{"socket", "A socket of TCP or UDP; it is opened anew for each "
                     "endpoint."},
          {"endpoints", "What get_address_info gave."},
          {"condition", "Called with the last error, an address and a port: "
                        "whether to try it. May suspend."}},
         "Connects to the first endpoint that answers and gives it.",
         "Suspends. Fails as the last attempt did; {@error not_found} when "
         "none was "
         "tried.")
        .suspends()
        .results({"address", "port"});
    m.sync("host_name", fn<&host_name>, {}, "The name of this machine.",
           "gethostname(2).");
    m.sync("tostring", fn<&endpoint_to_string>,
           {{"addr", "The address."}, {"port", "Nothing leaves it out."}},
           "Writes an endpoint as text.",
           "\"192.0.2.1:80\", \"[2001:db8::1]:80\"; without a port as the "
           "address alone. RFC 5952.");
    m.sync("toendpoint", fn<&string_to_endpoint>,
           {{"ep", "\"192.0.2.1:80\" or \"[2001:db8::1]:80\"."}},
           "Reads an endpoint from its text.",
           "EINVAL when it is none: nothing is ever resolved.")
        .results({"address", "port"});
}

} // namespace emilua::ip
