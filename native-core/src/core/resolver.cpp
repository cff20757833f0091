// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/resolver.hpp"

#include "core/want_of_descriptors.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <net/if.h>
#include <netdb.h>

#include <charconv>
#include <cstring>
#include <memory>

namespace emilua {
namespace {

error_code from_addrinfo(int e) {
    namespace error = boost::asio::error;
    switch (e) {
    case 0:
        return {};
    case EAI_AGAIN:
        return error::host_not_found_try_again;
    case EAI_BADFLAGS:
        return error::invalid_argument;
    case EAI_FAIL:
        return error::no_recovery;
    case EAI_FAMILY:
        return error::address_family_not_supported;
    case EAI_MEMORY:
        return error::no_memory;
    case EAI_NONAME:
    case EAI_ADDRFAMILY:
    case EAI_NODATA:
        return error::host_not_found;
    case EAI_SERVICE:
        return error::service_not_found;
    case EAI_SOCKTYPE:
        return error::socket_type_not_supported;
    default:
        return {errno, boost::system::system_category()};
    }
}

error_code ask_system(const address_query& q, int extra_flags,
                      std::vector<address_entry>& out) {
    addrinfo hints{};
    hints.ai_flags = q.flags | extra_flags;
    hints.ai_family = q.family;
    hints.ai_socktype = q.socket_type;
    addrinfo* list = nullptr;
    auto text = [](const std::string& s) {
        return s.empty() ? nullptr : s.c_str();
    };
    const auto ec = from_addrinfo(
        ::getaddrinfo(text(q.host), text(q.service), &hints, &list));
    if (ec) return ec;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned{list,
                                                               ::freeaddrinfo};
    std::optional<std::string> canonical;
    if (q.flags & AI_CANONNAME)
        canonical = list->ai_canonname ? list->ai_canonname : q.host;
    for (auto* i = list; i; i = i->ai_next) {
        boost::asio::ip::tcp::endpoint e;
        if (i->ai_family != AF_INET && i->ai_family != AF_INET6) continue;
        std::memcpy(e.data(), i->ai_addr, i->ai_addrlen);
        out.push_back({e.address(), e.port(), canonical});
    }
    return {};
}

template <class T> std::optional<T> number(std::string_view text) {
    T n{};
    const auto* const last = text.data() + text.size();
    const auto [end, e] = std::from_chars(text.data(), last, n);
    if (e != std::errc{} || end != last) return std::nullopt;
    return n;
}

std::optional<std::uint16_t> numeric_port(const std::string& s) {
    return s.empty() ? 0 : number<std::uint16_t>(s);
}

} // namespace

std::optional<boost::asio::ip::address>
numeric_address(const std::string& text) {
    // inet_pton(3) stops at a zero byte.
    if (text.find('\0') != text.npos) return std::nullopt;
    error_code ec;
    auto a = boost::asio::ip::make_address(text, ec);
    if (ec) return std::nullopt;
    const auto percent = text.find('%');
    if (percent == text.npos) return a;
    // Asio takes a zone that it does not know for 0 or modulo 2^32.
    auto v6 = a.to_v6();
    std::optional<std::uint32_t> zone;
    if (v6.is_link_local() || v6.is_multicast_link_local()) {
        zone = ::if_nametoindex(text.c_str() + percent + 1);
        if (*zone == 0) zone.reset();
    }
    if (!zone) zone = number<std::uint32_t>(text.substr(percent + 1));
    if (!zone) return std::nullopt;
    v6.scope_id(*zone);
    return v6;
}

bool is_wrong_port(std::string_view service) noexcept {
    const auto digits = service.find_first_not_of(" \f\n\r\t\v+-");
    if (digits == service.npos) return !service.empty();
    if (service.find_first_not_of("0123456789", digits) != service.npos)
        return false;
    return digits > 0 || !numeric_port(std::string{service});
}

std::optional<std::vector<address_entry>>
resolve_numeric(const address_query& q, error_code& ec) {
    namespace error = boost::asio::error;
    using boost::asio::ip::make_address_v6;
    using boost::asio::ip::v4_mapped;
    ec = {};
    const auto port = numeric_port(q.service);
    if (!port) return std::nullopt;
    std::vector<address_entry> r;
    if (q.host.empty()) {
        // Only says "any" and "loopback": nobody has to be asked.
        ec = ask_system(q, AI_NUMERICSERV | AI_NUMERICHOST, r);
        return r;
    }
    const auto numeric = numeric_address(q.host);
    if (!numeric) return std::nullopt;
    auto a = *numeric;
    if (a.is_v4() && q.family == AF_INET6 && q.flags & AI_V4MAPPED)
        a = make_address_v6(v4_mapped, a.to_v4());
    if ((a.is_v4() && q.family == AF_INET6) ||
        (a.is_v6() && q.family == AF_INET)) {
        ec = error::host_not_found;
        return r;
    }
    std::optional<std::string> canonical;
    if (q.flags & AI_CANONNAME) canonical = q.host;
    r.push_back({a, *port, std::move(canonical)});
    return r;
}

std::vector<address_entry> find_addresses(const address_query& q) {
    std::vector<address_entry> r;
    if (const auto ec = ask_system(q, 0, r)) {
        throw_if(want_of_descriptors(), "getaddrinfo");
        throw failure{ec, "getaddrinfo"};
    }
    return r;
}

std::vector<name_entry> find_names(const boost::asio::ip::address& address,
                                   std::uint16_t port, bool datagram) {
    const boost::asio::ip::tcp::endpoint e{address, port};
    char host[NI_MAXHOST], service[NI_MAXSERV];
    int result = 0;
    // A port without a name is no reason to fail.
    for (const int extra : {0, NI_NUMERICSERV}) {
        result = ::getnameinfo(e.data(), static_cast<socklen_t>(e.size()), host,
                               sizeof(host), service, sizeof(service),
                               (datagram ? NI_DGRAM : 0) | extra);
        if (result == 0) break;
    }
    throw_if(from_addrinfo(result), "getnameinfo");
    return {{host, service}};
}

} // namespace emilua
