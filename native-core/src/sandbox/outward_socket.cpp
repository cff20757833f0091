// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/outward_socket.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

struct option {
    int level, name;
};
/// What connections keep of what was said before they were there.
constexpr option kept_options[] = {
    {SOL_SOCKET, SO_KEEPALIVE},       {SOL_SOCKET, SO_OOBINLINE},
    {SOL_SOCKET, SO_LINGER},          {SOL_SOCKET, SO_RCVTIMEO},
    {SOL_SOCKET, SO_SNDTIMEO},        {IPPROTO_TCP, TCP_NODELAY},
    {IPPROTO_TCP, TCP_KEEPIDLE},      {IPPROTO_TCP, TCP_KEEPINTVL},
    {IPPROTO_TCP, TCP_KEEPCNT},       {IPPROTO_TCP, TCP_USER_TIMEOUT},
    {IPPROTO_TCP, TCP_NOTSENT_LOWAT}, {IPPROTO_IP, IP_TOS},
};

void keep_options(int from, int to) noexcept {
    for (const auto& o : kept_options) {
        char value[64];
        socklen_t size = sizeof(value);
        if (::getsockopt(from, o.level, o.name, value, &size) == 0)
            ::setsockopt(to, o.level, o.name, value, size);
    }
}

std::string in_proc(pid_t tid, const char* file) {
    std::string r{"/proc/"};
    r += std::to_string(tid);
    return r += file;
}

/// As the thread would find it, whose root nothing leads out of.
unique_descriptor open_for(pid_t tid, const std::string& path) {
    const bool relative = !path.starts_with('/');
    auto from = in_proc(tid, "/root");
    std::string whole = path;
    if (relative) {
        // Names above a working directory are those of the root, too.
        char text[PATH_MAX];
        const auto cwd = in_proc(tid, "/cwd");
        const auto n = ::readlink(cwd.c_str(), text, sizeof(text));
        if (n <= 0 || n == sizeof(text)) {
            errno = ENOENT;
            return {};
        }
        whole.assign(text, static_cast<std::size_t>(n))
            .append("/")
            .append(path);
    }
    const unique_descriptor root{
        ::open(from.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!root) return {};
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    return unique_descriptor{static_cast<int>(
        ::syscall(SYS_openat2, root.get(), whole.c_str(), &how, sizeof(how)))};
}

} // namespace

std::optional<socket_kind> kind_of(int socket) noexcept {
    socket_kind k;
    socklen_t size = sizeof(int);
    if (::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &k.family, &size) == -1 ||
        ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &k.type, &size) == -1)
        return std::nullopt;
    k.non_blocking = ::fcntl(socket, F_GETFL) & O_NONBLOCK;
    return k;
}

bool has_peer(int socket) noexcept {
    sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    return ::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) ==
           0;
}

std::optional<boost::asio::ip::tcp::endpoint>
internet_address(std::string_view bytes) noexcept {
    sa_family_t family = AF_UNSPEC;
    if (bytes.size() >= sizeof(family))
        std::memcpy(&family, bytes.data(), sizeof(family));
    const std::size_t size = family == AF_INET    ? sizeof(sockaddr_in)
                             : family == AF_INET6 ? sizeof(sockaddr_in6)
                                                  : 0;
    if (size == 0 || bytes.size() < size) return std::nullopt;
    boost::asio::ip::tcp::endpoint e;
    if (family == AF_INET6) e = {boost::asio::ip::tcp::v6(), 0};
    std::memcpy(e.data(), bytes.data(), size);
    return e;
}

std::optional<std::string> unix_path(std::string_view bytes) {
    constexpr auto at = offsetof(sockaddr_un, sun_path);
    sa_family_t family = AF_UNSPEC;
    if (bytes.size() >= sizeof(family))
        std::memcpy(&family, bytes.data(), sizeof(family));
    if (family != AF_UNIX || bytes.size() <= at || bytes[at] == '\0')
        return std::nullopt;
    const auto path = bytes.substr(at);
    return std::string{path.substr(0, path.find('\0'))};
}

unique_descriptor socket_like(int theirs, const socket_kind& k) noexcept {
    unique_descriptor s{
        ::socket(k.family, k.type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (s) keep_options(theirs, s.get());
    return s;
}

int connect_to_path(int socket, pid_t tid, const std::string& path,
                    const std::function<bool(const std::string&)>& allowed) {
    const auto file = open_for(tid, path);
    if (!file) return errno;
    struct stat st;
    if (::fstat(file.get(), &st) == -1) return errno;
    if (!S_ISSOCK(st.st_mode)) return ECONNREFUSED;
    std::string link{"/proc/self/fd/"};
    link += std::to_string(file.get());
    char real[PATH_MAX];
    const auto n = ::readlink(link.c_str(), real, sizeof(real));
    if (n <= 0 || n == sizeof(real)) return EACCES;
    if (!allowed({real, static_cast<std::size_t>(n)})) return EACCES;
    // This very file, whatever its name leads to by now.
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    std::strncpy(a.sun_path, link.c_str(), sizeof(a.sun_path) - 1);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&a), sizeof(a)) ==
        -1)
        return errno;
    return 0;
}

} // namespace emilua::sandbox
