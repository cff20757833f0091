// SPDX-License-Identifier: MIT OR BSL-1.0
// Calls as filters make them, with what the program may do itself.
#include "libc_service/service.hpp"

#include <cerrno>
#include <cstdio>
#include <linux/openat2.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <fcntl.h>

namespace emilua::libc_service {

namespace {

/// A path with its NUL.
class terminated {
public:
    explicit terminated(std::string_view t) noexcept {
        const auto n = t.size() < sizeof(text_) ? t.size() : sizeof(text_) - 1;
        if (n != 0) std::memcpy(text_, t.data(), n);
        text_[n] = '\0';
    }
    const char* get() const noexcept { return text_; }

private:
    char text_[most_text + 1];
};

long open_resolved(const call& c, const char* path) noexcept {
    if (c.numbers[2] == 0)
        return ::openat(c.fd, path, static_cast<int>(c.numbers[0]),
                        static_cast<mode_t>(c.numbers[1]));
    open_how how{};
    how.flags = static_cast<std::uint64_t>(c.numbers[0]);
    how.mode = static_cast<std::uint64_t>(c.numbers[1]);
    how.resolve = static_cast<std::uint64_t>(c.numbers[2]);
    return ::syscall(SYS_openat2, c.fd, path, &how, sizeof(how));
}

long with_address(const call& c, bool connects) noexcept {
    sockaddr_storage a{};
    socklen_t size = 0;
    const auto bytes = address_size(c.what);
    if (bytes == 0) {
        sockaddr_un un{};
        un.sun_family = AF_UNIX;
        const auto n = c.first.size() < sizeof(un.sun_path)
                           ? c.first.size()
                           : sizeof(un.sun_path);
        if (n != 0) std::memcpy(un.sun_path, c.first.data(), n);
        std::memcpy(&a, &un, sizeof(un));
        const bool is_abstract = n != 0 && c.first.front() == '\0';
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + n +
                                      (is_abstract ? 0 : 1));
        if (size > sizeof(un)) size = sizeof(un);
    } else if (bytes == 4) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(static_cast<std::uint16_t>(c.numbers[0]));
        std::memcpy(&in.sin_addr, c.first.data(), bytes);
        std::memcpy(&a, &in, size = sizeof(in));
    } else {
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(static_cast<std::uint16_t>(c.numbers[0]));
        in6.sin6_scope_id = static_cast<std::uint32_t>(c.numbers[1]);
        std::memcpy(&in6.sin6_addr, c.first.data(), bytes);
        std::memcpy(&a, &in6, size = sizeof(in6));
    }
    const auto* const to = reinterpret_cast<const sockaddr*>(&a);
    return connects ? ::connect(c.fd, to, size) : ::bind(c.fd, to, size);
}

/// The first address that there is.
void resolve(const call& c, outcome& o) noexcept {
    const terminated node{c.first}, service{c.second};
    addrinfo* found = nullptr;
    o.result = ::getaddrinfo(c.first.empty() ? nullptr : node.get(),
                             c.second.empty() ? nullptr : service.get(),
                             c.hints, &found);
    if (o.result == EAI_SYSTEM) o.error = errno;
    if (o.result != 0) return;
    if (found && found->ai_family == AF_INET) {
        sockaddr_in in;
        std::memcpy(&in, found->ai_addr, sizeof(in));
        o.address.bytes = 4;
        o.address.port = ntohs(in.sin_port);
        std::memcpy(o.address.address, &in.sin_addr, 4);
    } else if (found && found->ai_family == AF_INET6) {
        sockaddr_in6 in6;
        std::memcpy(&in6, found->ai_addr, sizeof(in6));
        o.address.bytes = 16;
        o.address.port = ntohs(in6.sin6_port);
        o.address.scope = in6.sin6_scope_id;
        std::memcpy(o.address.address, &in6.sin6_addr, 16);
    }
    if (found) ::freeaddrinfo(found);
}

} // namespace

outcome call_libc(const call& c) noexcept {
    const bypass while_calling;
    outcome o;
    const terminated path{c.first};
    const auto number = static_cast<int>(c.numbers[0]);
    errno = 0;
    switch (c.what) {
    case function::open:
        o.result =
            ::open(path.get(), number, static_cast<mode_t>(c.numbers[1]));
        break;
    case function::openat:
        o.result = open_resolved(c, path.get());
        break;
    case function::unlink:
        o.result = ::unlink(path.get());
        break;
    case function::rename:
        o.result = ::rename(path.get(), terminated{c.second}.get());
        break;
    case function::stat:
        o.result = ::stat(path.get(), &o.status);
        break;
    case function::lstat:
        o.result = ::lstat(path.get(), &o.status);
        break;
    case function::access:
        o.result = ::access(path.get(), number);
        break;
    case function::eaccess:
        o.result = ::eaccess(path.get(), number);
        break;
    case function::mkdir:
        o.result = ::mkdir(path.get(), static_cast<mode_t>(c.numbers[0]));
        break;
    case function::rmdir:
        o.result = ::rmdir(path.get());
        break;
    case function::connect_unix:
    case function::connect_inet:
    case function::connect_inet6:
        o.result = with_address(c, true);
        break;
    case function::bind_unix:
    case function::bind_inet:
    case function::bind_inet6:
        o.result = with_address(c, false);
        break;
    case function::getaddrinfo:
        resolve(c, o);
        return o;
    }
    if (o.result == -1) o.error = errno;
    return o;
}

} // namespace emilua::libc_service
