// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

#include <emilua/describe.hpp>

#include <sys/socket.h>
#include <sys/un.h>

namespace emilua::unix {

using filesystem::operand;
using filesystem::path;

/// The address of a socket: a path, an abstract name, which is a path that
/// begins with NUL, or nothing.
class name {
public:
    name() noexcept = default;
    /// Throws EINVAL for `argument` when nothing can be called so, and
    /// ENAMETOOLONG.
    static name of(const std::string& text, const char* argument);
    static name of(const operand& o, const char* argument) {
        return of(path::text_of(o), argument);
    }
    /// The same, but "@" at the beginning of text means an abstract name.
    static name of_endpoint(const operand& ep);

    bool empty() const noexcept { return size_ <= path_offset; }
    bool is_abstract() const noexcept {
        return !empty() && address_.sun_path[0] == '\0';
    }
    path to_path() const;

    // An endpoint of `socket`.
    sockaddr* data() noexcept { return reinterpret_cast<sockaddr*>(&address_); }
    const sockaddr* data() const noexcept {
        return reinterpret_cast<const sockaddr*>(&address_);
    }
    socklen_t size() const noexcept { return size_; }
    static constexpr std::size_t capacity() noexcept {
        return sizeof(sockaddr_un);
    }
    void resize(std::size_t size) noexcept {
        size_ = static_cast<socklen_t>(std::min(size, capacity()));
    }

private:
    static constexpr auto path_offset = offsetof(sockaddr_un, sun_path);

    sockaddr_un address_{AF_UNIX, {}};
    socklen_t size_ = path_offset;
};

} // namespace emilua::unix
