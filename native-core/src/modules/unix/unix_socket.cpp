// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/unix/unix_socket.hpp"

#include <boost/asio/error.hpp>

namespace emilua::unix {
namespace {

int type_of_kind(socket_kind kind) noexcept {
    switch (kind) {
    case socket_kind::stream:
        return SOCK_STREAM;
    case socket_kind::datagram:
        return SOCK_DGRAM;
    case socket_kind::seqpacket:
        break;
    }
    return SOCK_SEQPACKET;
}

template <class F>
name name_of(const io_descriptor& d, F f, const char* syscall) {
    name n;
    auto size = static_cast<socklen_t>(n.capacity());
    if (f(d.get(), n.data(), &size) != 0) throw_errno(syscall);
    n.resize(size);
    return n;
}

} // namespace

void open_unix_socket(io_descriptor& d, socket_kind kind) {
    if (d.is_open()) throw failure{boost::asio::error::already_open};
    d.open(socket::open_socket(AF_UNIX, type_of_kind(kind), 0));
}

void bind_unix_socket(io_descriptor& d, socket_kind kind, const operand& to) {
    const auto where = path::of(to);
    const auto n = where.empty() ? name{} : name::of(where, "pathname");
    if (!d.is_open()) open_unix_socket(d, kind);
    if (::bind(d.get(), n.data(), n.size()) != 0) throw_errno("bind");
}

error_code connect_unix_socket(io_descriptor& d, socket_kind kind,
                               const name& to) {
    if (!d.is_open()) open_unix_socket(d, kind);
    while (::connect(d.get(), to.data(), to.size()) != 0)
        if (errno != EINTR) return last_error();
    return {};
}

void disconnect_unix_socket(const io_descriptor& d) {
    const sockaddr none{AF_UNSPEC, {}};
    if (::connect(d.get(), &none, sizeof(none)) != 0) throw_errno("connect");
}

name local_name(const io_descriptor& d) {
    return name_of(d, ::getsockname, "getsockname");
}

name remote_name(const io_descriptor& d) {
    return name_of(d, ::getpeername, "getpeername");
}

std::pair<unique_descriptor, unique_descriptor> socket_pair(socket_kind kind) {
    int fds[2];
    if (::socketpair(AF_UNIX, type_of_kind(kind) | SOCK_CLOEXEC | SOCK_NONBLOCK,
                     0, fds) != 0)
        throw_errno("socketpair");
    return {unique_descriptor{fds[0]}, unique_descriptor{fds[1]}};
}

} // namespace emilua::unix
