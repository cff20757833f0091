// SPDX-License-Identifier: MIT OR BSL-1.0
#include "libc_service/interposed.hpp"

#include <cerrno>
#include <cstdlib>
#include <netdb.h>
#include <netinet/in.h>

using namespace emilua::libc_service;

namespace {

struct kind {
    int type, protocol;
};
constexpr kind kinds[] = {
    {SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}, {SOCK_RAW, 0}};

/// In one piece, as freeaddrinfo() of glibc takes it.
struct piece {
    addrinfo info;
    sockaddr_storage address;
};

int port_of(const resolved& a, const char* service) noexcept {
    if (a.port >= 0) return a.port;
    const long n = service ? std::strtol(service, nullptr, 10) : 0;
    return n >= 0 && n <= 65535 ? static_cast<int>(n) : 0;
}

bool wants(const addrinfo* hints, const kind& k) noexcept {
    if (!hints) return true;
    return (hints->ai_socktype == 0 || hints->ai_socktype == k.type) &&
           (hints->ai_protocol == 0 || k.protocol == 0 ||
            hints->ai_protocol == k.protocol);
}

void fill(piece& p, const resolved& a, int port, const kind& k) noexcept {
    p = {};
    p.info.ai_family = a.bytes == 4 ? AF_INET : AF_INET6;
    p.info.ai_socktype = k.type;
    p.info.ai_protocol = k.protocol;
    p.info.ai_addr = reinterpret_cast<sockaddr*>(&p.address);
    if (a.bytes == 4) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(static_cast<std::uint16_t>(port));
        std::memcpy(&in.sin_addr, a.address, sizeof(in.sin_addr));
        std::memcpy(&p.address, &in, sizeof(in));
        p.info.ai_addrlen = sizeof(in);
    } else {
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(static_cast<std::uint16_t>(port));
        in6.sin6_scope_id = a.scope;
        std::memcpy(&in6.sin6_addr, a.address, sizeof(in6.sin6_addr));
        std::memcpy(&p.address, &in6, sizeof(in6));
        p.info.ai_addrlen = sizeof(in6);
    }
}

/// One address, once for each kind of socket that is wanted.
int list_of(const resolved& a, const char* service, const addrinfo* hints,
            addrinfo** to) noexcept {
    const int family = a.bytes == 4 ? AF_INET : AF_INET6;
    if (a.bytes != 0 && hints && hints->ai_family != AF_UNSPEC &&
        hints->ai_family != family)
        return EAI_ADDRFAMILY;
    *to = nullptr;
    if (a.bytes == 0) return 0;
    addrinfo** const first = to;
    for (const auto& k : kinds) {
        if (!wants(hints, k)) continue;
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
        auto* const p = static_cast<piece*>(std::malloc(sizeof(piece)));
        if (!p) {
            ::freeaddrinfo(*first);
            return EAI_MEMORY;
        }
        fill(*p, a, port_of(a, service), k);
        *to = &p->info;
        to = &p->info.ai_next;
    }
    return *first ? 0 : EAI_SOCKTYPE;
}

bool needs_nobody(const char* node, const char* service,
                  const addrinfo* hints) noexcept {
    const int flags = hints ? hints->ai_flags : 0;
    return (!node || flags & AI_NUMERICHOST) &&
           (!service || flags & AI_NUMERICSERV);
}

int protocol_of(const addrinfo* hints) noexcept {
    if (!hints) return 0;
    if (hints->ai_protocol != 0) return hints->ai_protocol;
    return hints->ai_socktype == SOCK_STREAM  ? IPPROTO_TCP
           : hints->ai_socktype == SOCK_DGRAM ? IPPROTO_UDP
                                              : 0;
}

} // namespace

EMILUA_EXPORT int getaddrinfo(const char* node, const char* service,
                              const addrinfo* hints, addrinfo** to) {
    call c{
        function::getaddrinfo, {protocol_of(hints)}, text(node), text(service)};
    c.hints = hints;
    const auto o = run_if_active(c, !needs_nobody(node, service, hints));
    if (o.own_credentials)
        return EMILUA_LIBC(getaddrinfo)(node, service, hints, to);
    if (o.result == 0) {
        addrinfo* list = nullptr;
        const int error = list_of(o.address, service, hints, &list);
        if (error == 0) *to = list;
        return error;
    }
    // -1 is a call that could not even be asked.
    if (o.result == -1 && o.error != 0) {
        errno = o.error;
        return EAI_SYSTEM;
    }
    return static_cast<int>(o.result);
}
