// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/socket/names.hpp"
#include "modules/socket/socket_io.hpp"

namespace emilua::socket {

using file_descriptor::socket_family;
using file_descriptor::socket_kind;
// Last, because from here on the name means the class.
using file_descriptor::file_descriptor;

/// What the objects of programs that stand for a socket have in common.
class socket_object : public descriptor_object {
public:
    using descriptor_object::descriptor_object;

    void shutdown(shutdown_type what);
    void wait(wait_type w, handler<> h);
    file_descriptor release();
    std::size_t io_control(io_command) const { return bytes_readable(io_); }
};

/// Takes `fd` if it is a socket of that family and kind; otherwise throws, and
/// the caller keeps it.
void assign(io_descriptor& d, socket_family family, socket_kind kind,
            file_descriptor& fd);

} // namespace emilua::socket
