// SPDX-License-Identifier: MIT OR BSL-1.0
// Sockets of the host that take the place of a guest's.
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <sys/socket.h>

namespace emilua::sandbox {

/// What matters of the socket that a guest wants to connect.
struct socket_kind {
    int family = 0, type = 0;
    bool non_blocking = false;
};
std::optional<socket_kind> kind_of(int socket) noexcept;

/// Whether it is connected, or was.
bool has_peer(int socket) noexcept;

/// An address of the Internet; nothing for another one.
std::optional<boost::asio::ip::tcp::endpoint>
internet_address(std::string_view bytes) noexcept;
/// The path of a UNIX socket; nothing for another address, and for names that
/// are no paths.
std::optional<std::string> unix_path(std::string_view bytes);

/// A socket that does not block, with what programs set before they connect.
/// Empty and errno.
unique_descriptor socket_like(int theirs, const socket_kind& k) noexcept;

/// Connects to the socket that lies at `path` for thread `tid`, if it is one
/// that `allowed` has by its real path there. 0 or an errno.
int connect_to_path(int socket, pid_t tid, const std::string& path,
                    const std::function<bool(const std::string&)>& allowed);

} // namespace emilua::sandbox
