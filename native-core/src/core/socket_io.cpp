// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/socket_io.hpp"

#include <boost/asio/detail/socket_ops.hpp>

#include <fcntl.h>
#include <sys/ioctl.h>

namespace emilua {

unique_descriptor open_socket(int family, int type, int protocol) {
    unique_descriptor fd{
        ::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)};
    if (!fd) throw_errno("socket");
    return fd;
}

void require_open(const io_descriptor& d) {
    if (!d.is_open()) throw failure{bad_descriptor()};
}

int get_int_option(const io_descriptor& d, int level, int name) {
    int value = 0;
    socklen_t size = sizeof(value);
    if (::getsockopt(d.get(), level, name, &value, &size) != 0)
        throw_errno("getsockopt");
    return value;
}

void set_int_option(const io_descriptor& d, int level, int name, int value) {
    if (::setsockopt(d.get(), level, name, &value, sizeof(value)) != 0)
        throw_errno("setsockopt");
}

void assign_descriptor(io_descriptor& d, unique_descriptor&& fd) {
    if (d.is_open()) throw failure{boost::asio::error::already_open};
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0) throw_errno("fcntl", "fd");
    if (!(flags & O_NONBLOCK) &&
        ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        throw_errno("fcntl", "fd");
    d.open(std::move(fd), true);
}

std::size_t bytes_readable(const io_descriptor& d) {
    int n = 0;
    if (::ioctl(d.get(), FIONREAD, &n) != 0) throw_errno("ioctl");
    return static_cast<std::size_t>(n);
}

attempt connect_attempt::operator()(int fd, error_code& ec) {
    return boost::asio::detail::socket_ops::non_blocking_connect(fd, ec)
               ? attempt::done
               : attempt::would_block;
}

} // namespace emilua
