// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/resolve.hpp"

#include "core/blocking_pool.hpp"

#include <boost/asio/error.hpp>

#include <unistd.h>

#include <charconv>
#include <climits>

namespace emilua::ip {
namespace {

constexpr auto port_expected = "a service's name or a port from 0 to 65535";

const char* culprit(const error_code& ec) noexcept {
    return ec == boost::asio::error::service_not_found ? "service" : "host";
}

void complete_numeric(handler<std::vector<address_entry>> h,
                      const error_code& ec, std::vector<address_entry> r) {
    if (ec)
        h.fail(ec, "getaddrinfo", "host");
    else if (h.may_complete_inline())
        h({}, std::move(r));
    else
        h.complete_later({}, std::move(r));
}

} // namespace

template <int Type, int Family>
void get_address_info(vm&, host_argument host, service_argument service,
                      resolver_flags flags,
                      handler<std::vector<address_entry>> h) {
    address_query q;
    if (auto* a = std::get_if<address>(&host))
        q.host = a->to_string();
    else
        q.host = std::move(std::get<std::string>(host));
    if (auto* port = std::get_if<port_number>(&service))
        q.service = std::to_string(port->value);
    else
        q.service = std::move(std::get<std::string>(service));
    // getaddrinfo would see what is in front of the zero byte only.
    if (q.host.find('\0') != std::string::npos)
        throw_invalid_argument("host", "a name without a zero byte");
    if (q.service.find('\0') != std::string::npos)
        throw_invalid_argument("service", "a name without a zero byte");
    if (is_wrong_port(q.service))
        throw_invalid_argument("service", port_expected);
    q.family = Family;
    q.socket_type = Type;
    q.flags =
        flags ? static_cast<int>(flags->bits) : AI_ADDRCONFIG | AI_V4MAPPED;

    error_code ec;
    if (auto r = resolve_numeric(q, ec))
        return complete_numeric(std::move(h), ec, std::move(*r));
    run_blocking(resolver_pool(), blocking_policy::abandon, std::move(h),
                 [q = std::move(q)] {
                     try {
                         return find_addresses(q);
                     } catch (failure& f) {
                         f.argument = culprit(f.code);
                         throw;
                     }
                 });
}

template <int Type>
void get_name_info(vm&, const address& a, port_number port,
                   handler<std::vector<name_entry>> h) {
    run_blocking(resolver_pool(), blocking_policy::abandon, std::move(h),
                 [a = a.get(), port = static_cast<std::uint16_t>(port.value)] {
                     try {
                         return find_names(a, port, Type == SOCK_DGRAM);
                     } catch (failure& f) {
                         f.argument = "a";
                         throw;
                     }
                 });
}

#define EMILUA_INSTANTIATE(type, family)                                       \
    template void get_address_info<type, family>(                              \
        vm&, host_argument, service_argument, resolver_flags,                  \
        handler<std::vector<address_entry>>)
EMILUA_INSTANTIATE(SOCK_STREAM, AF_UNSPEC);
EMILUA_INSTANTIATE(SOCK_STREAM, AF_INET);
EMILUA_INSTANTIATE(SOCK_STREAM, AF_INET6);
EMILUA_INSTANTIATE(SOCK_DGRAM, AF_UNSPEC);
EMILUA_INSTANTIATE(SOCK_DGRAM, AF_INET);
EMILUA_INSTANTIATE(SOCK_DGRAM, AF_INET6);
#undef EMILUA_INSTANTIATE
template void get_name_info<SOCK_STREAM>(vm&, const address&, port_number,
                                         handler<std::vector<name_entry>>);
template void get_name_info<SOCK_DGRAM>(vm&, const address&, port_number,
                                        handler<std::vector<name_entry>>);

std::string host_name() {
    char name[HOST_NAME_MAX + 1];
    if (::gethostname(name, sizeof(name)) != 0) throw_errno("gethostname");
    return name;
}

std::string endpoint_to_string(const address& addr,
                               std::optional<port_number> port) {
    auto text = addr.to_string();
    if (!port) return text;
    const auto number = std::to_string(port->value);
    return addr.is_v6() ? "[" + text + "]:" + number : text + ":" + number;
}

std::pair<std::string, std::string> split_endpoint(std::string_view ep) {
    static const char* expected = "\"host:service\" or \"[IPv6]:service\"";
    std::string_view host, rest;
    if (ep.starts_with('[')) {
        const auto close = ep.find(']');
        if (close == ep.npos) throw_invalid_argument("ep", expected);
        host = ep.substr(1, close - 1);
        rest = ep.substr(close + 1);
        if (host.empty()) throw_invalid_argument("ep", expected);
    } else {
        const auto colon = ep.rfind(':');
        if (colon == ep.npos)
            throw_invalid_argument("ep",
                                   std::string{expected} + " in one text");
        host = ep.substr(0, colon);
        rest = ep.substr(colon);
        // Which colon would end an IPv6 address nobody can tell.
        if (host.find(':') != host.npos) throw_invalid_argument("ep", expected);
    }
    if (rest.size() < 2 || rest[0] != ':' || ep.find('\0') != ep.npos)
        throw_invalid_argument("ep", expected);
    rest.remove_prefix(1);
    if (is_wrong_port(rest)) throw_invalid_argument("ep", port_expected);
    return {std::string{host}, std::string{rest}};
}

std::tuple<address, std::uint16_t> string_to_endpoint(std::string_view ep) {
    const auto [host, service] = split_endpoint(ep);
    const bool bracketed = ep.starts_with('[');
    const auto a = address::parse(host, "ep");
    std::uint16_t port = 0;
    const auto* end = service.data() + service.size();
    const auto r = std::from_chars(service.data(), end, port);
    if (r.ec != std::errc{} || r.ptr != end || a.is_v6() != bracketed)
        throw_invalid_argument("ep", "\"IPv4:port\" or \"[IPv6]:port\"");
    return {a, port};
}

} // namespace emilua::ip
