// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/clock.hpp"
#include "modules/filesystem/file_status.hpp"
#include "modules/filesystem/path.hpp"

/// What is asked about files, and changes nothing. Answers and errors are those
/// of std::filesystem.

namespace emilua::filesystem {

/// Bytes. They can exceed 2^53, and a double still holds them: file systems
/// count in blocks of a power of two.
struct space_info {
    std::uint64_t capacity = 0, free = 0, available = 0;
};

file_status status(path p);
file_status symlink_status(path p);
bool exists(path p);
bool is_block_device(path p);
bool is_character_device(path p);
bool is_directory(path p);
bool is_fifo(path p);
bool is_other(path p);
bool is_regular_file(path p);
bool is_socket(path p);
bool is_symlink(path p);
bool is_empty(path p);
bool equivalent(path p1, path p2);
std::uint64_t file_size(path p);
/// Of what was found by stat. Throws EISDIR for a folder, ENOTSUP for what is
/// no plain file either.
std::uint64_t file_size_of(const struct stat& st, const char* argument);
std::uint64_t hardlink_count(path p);
file_time last_write_time(path p);
file_time last_write_time_of(const struct stat& st) noexcept;
path read_symlink(path p);
space_info space(path p);

} // namespace emilua::filesystem

namespace emilua {

template <> struct fields_of<filesystem::space_info> {
    using s = filesystem::space_info;
    static constexpr auto name = "space_info";
    static constexpr field_description items[] = {
        field<&s::capacity>("capacity", "The size of the file system."),
        field<&s::free>("free", "What of it is free."),
        field<&s::available>("available",
                             "What of it is free for other users than root."),
    };
};

} // namespace emilua
