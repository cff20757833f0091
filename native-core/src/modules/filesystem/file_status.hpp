// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <sys/stat.h>

namespace emilua::filesystem {

enum class file_type {
    not_found,
    regular,
    directory,
    symlink,
    block,
    character,
    fifo,
    socket,
    unknown,
};

/// Of permissions that nobody knows.
enum class no_mode { unknown };

/// What lies somewhere, if anything does.
struct file_status {
    file_type type = file_type::not_found;
    /// Permissions, with the bits beside them: 07777 at most.
    std::variant<std::uint32_t, no_mode> mode = no_mode::unknown;
};

file_type type_of_mode(mode_t mode) noexcept;
/// Of what the system has answered to stat or lstat: `code` is its errno, or 0.
/// Nothing there is no error. Throws what else failed, for `syscall`.
file_status to_status(int code, const struct stat& st, const char* syscall,
                      const char* argument);

} // namespace emilua::filesystem

namespace emilua {

template <> struct enum_names<filesystem::file_type> {
    using t = filesystem::file_type;
    static constexpr auto name = "file_type";
    static constexpr enum_item<t> items[] = {
        {"not_found", t::not_found, "Nothing."},
        {"regular", t::regular, "A plain file."},
        {"directory", t::directory, "A folder."},
        {"symlink", t::symlink, "A symbolic link."},
        {"block", t::block, "A block device."},
        {"character", t::character, "A character device."},
        {"fifo", t::fifo, "A named pipe."},
        {"socket", t::socket, "A socket."},
        {"unknown", t::unknown, "Something that may not be looked at."},
    };
};

template <> struct enum_names<filesystem::no_mode> {
    using m = filesystem::no_mode;
    static constexpr auto name = "no_mode";
    static constexpr enum_item<m> items[] = {
        {"unknown", m::unknown, "Nobody knows."},
    };
};

template <> struct fields_of<filesystem::file_status> {
    using s = filesystem::file_status;
    static constexpr auto name = "file_status";
    static constexpr field_description items[] = {
        field<&s::type>("type", "What it is."),
        field<&s::mode>("mode", "Its permissions (chmod(2)), unless there is "
                                "nothing that could have any."),
    };
};

} // namespace emilua
