// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/peer.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

namespace emilua {
namespace {

bool ends_a_connection(const error_code& ec) noexcept {
    if (ec.category() != boost::system::system_category()) return false;
    switch (ec.value()) {
    case ECONNREFUSED: // of a datagram that was sent before
    case ECONNRESET:
    case EPIPE:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
        return true;
    default:
        return false;
    }
}

// getpeername(2) has forgotten the peer of a TCP connection that is over, and
// SO_PEERNAME has not. It fails for a name that is shorter than asked for.
bool ask(int fd, void* name, socklen_t size) noexcept {
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERNAME, name, &size) == 0;
}

std::optional<std::string> path_of_peer(int fd) {
    sockaddr_un name{};
    socklen_t size = sizeof(name);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0 ||
        name.sun_family != AF_UNIX || size <= offsetof(sockaddr_un, sun_path))
        return {};
    std::string path{name.sun_path, size - offsetof(sockaddr_un, sun_path)};
    if (path.front() == '\0') path.front() = '@';
    return path.substr(0, path.find('\0'));
}

std::optional<std::string> name_of_peer(int fd) {
    sockaddr_in6 name{};
    if (!ask(fd, &name, sizeof(sockaddr_in))) return path_of_peer(fd);
    if (name.sin6_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &name, sizeof(v4));
        const boost::asio::ip::address_v4 a{ntohl(v4.sin_addr.s_addr)};
        return a.to_string() + ':' + std::to_string(ntohs(v4.sin_port));
    }
    if (name.sin6_family != AF_INET6) return path_of_peer(fd);
    if (!ask(fd, &name, sizeof(name))) return {};
    boost::asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &name.sin6_addr, bytes.size());
    const boost::asio::ip::address_v6 a{bytes, name.sin6_scope_id};
    return '[' + a.to_string() + "]:" + std::to_string(ntohs(name.sin6_port));
}

} // namespace

failure lost_connection(const error_code& ec, const char* syscall, int fd) {
    failure f{ec, syscall};
    if (fd >= 0 && ends_a_connection(ec)) f.path = name_of_peer(fd);
    return f;
}

} // namespace emilua
