// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/unique_descriptor.hpp"

#include <emilua/describe.hpp>

namespace emilua::file_descriptor {

enum class socket_family { unix_, inet, inet6 };
enum class socket_kind { stream, datagram, seqpacket };
enum class socket_protocol { tcp, udp };
enum class file_kind {
    regular,
    directory,
    symlink,
    block,
    character,
    fifo,
    socket,
    unknown,
};

/// A descriptor in the hands of a program, attached to no reactor.
class file_descriptor {
public:
    explicit file_descriptor(unique_descriptor fd) noexcept
        : fd_{std::move(fd)} {}

    /// Throws EBADF when it is closed, or was handed on.
    int get() const;
    /// Hands the descriptor on; this object is closed afterwards.
    unique_descriptor take();

    void close();
    file_descriptor dup() const;
    bool is_socket(socket_family family, std::optional<socket_kind> type,
                   std::optional<socket_protocol> protocol) const;
    int kcmp(const file_descriptor& other) const;
    bool non_blocking() const;
    void set_non_blocking(bool v);
    file_kind type() const;
    std::string to_string() const;

private:
    unique_descriptor fd_;
};

} // namespace emilua::file_descriptor
