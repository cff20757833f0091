// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/socket/socket_io.hpp"

#include <boost/asio/detail/socket_ops.hpp>

namespace emilua::socket {

unique_descriptor open_socket(int family, int type, int protocol) {
    unique_descriptor fd{
        ::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)};
    if (!fd) throw_errno("socket");
    return fd;
}

attempt accept_attempt::operator()(int fd, error_code& ec) {
    for (;;) {
        std::size_t accepted = 0;
        const auto outcome = retry(accepted, ec, [fd] {
            return ::accept4(fd, nullptr, nullptr,
                             SOCK_CLOEXEC | SOCK_NONBLOCK);
        });
        if (outcome == attempt::would_block) return outcome;
        if (!ec)
            peer = unique_descriptor{static_cast<int>(accepted)};
        else if (!report_aborted &&
                 (ec.value() == ECONNABORTED || ec.value() == EPROTO)) {
            ec.clear();
            continue;
        }
        return outcome;
    }
}

attempt connect_attempt::operator()(int fd, error_code& ec) {
    return boost::asio::detail::socket_ops::non_blocking_connect(fd, ec)
               ? attempt::done
               : attempt::would_block;
}

} // namespace emilua::socket
