// SPDX-License-Identifier: MIT OR BSL-1.0
#include "libc_service/interposed.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

using namespace emilua::libc_service;

namespace {

struct family {
    function unix_, inet, inet6;
};
constexpr family connecting{function::connect_unix, function::connect_inet,
                            function::connect_inet6};
constexpr family binding{function::bind_unix, function::bind_inet,
                         function::bind_inet6};

template <class T> std::string_view bytes_of(const T& t) noexcept {
    return {reinterpret_cast<const char*>(&t), sizeof(t)};
}

outcome ask_address(const family& f, int fd, const sockaddr* a,
                    socklen_t size) noexcept {
    if (!a || !is_active() || size < sizeof(a->sa_family)) return not_asked();
    call c{};
    c.fd = fd;
    sockaddr_in in;
    sockaddr_in6 in6;
    if (a->sa_family == AF_UNIX) {
        constexpr auto start = offsetof(sockaddr_un, sun_path);
        const auto* const path = reinterpret_cast<const char*>(a) + start;
        // Without a name it is no name that anybody could ask about.
        if (size <= start || size > sizeof(sockaddr_un)) return not_asked();
        c.what = f.unix_;
        c.first = {path, *path ? ::strnlen(path, size - start) : size - start};
    } else if (a->sa_family == AF_INET && size >= sizeof(in)) {
        std::memcpy(&in, a, sizeof(in));
        c.what = f.inet;
        c.first = bytes_of(in.sin_addr);
        c.numbers[0] = ntohs(in.sin_port);
    } else if (a->sa_family == AF_INET6 && size >= sizeof(in6)) {
        std::memcpy(&in6, a, sizeof(in6));
        c.what = f.inet6;
        c.first = bytes_of(in6.sin6_addr);
        c.numbers[0] = ntohs(in6.sin6_port);
        c.numbers[1] = in6.sin6_scope_id;
    } else {
        return not_asked();
    }
    return run(c);
}

} // namespace

EMILUA_EXPORT int connect(int fd, const sockaddr* to, socklen_t size) {
    const auto o = ask_address(connecting, fd, to, size);
    if (!o.own_credentials) return static_cast<int>(o.result);
    return EMILUA_LIBC(connect)(fd, to, size);
}

EMILUA_EXPORT int bind(int fd, const sockaddr* to, socklen_t size) noexcept {
    const auto o = ask_address(binding, fd, to, size);
    if (!o.own_credentials) return static_cast<int>(o.result);
    return EMILUA_LIBC(bind)(fd, to, size);
}
