// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

/// What makes files, and what kinds and modes there are.

namespace emilua::filesystem {

enum class mode_bit { set_uid, set_gid, sticky_bit };
enum class device_kind { character, block };

/// Permission bits, or one of those beside them: `user` is what it says, then.
std::int32_t mode(std::variant<std::int32_t, mode_bit> user,
                  std::optional<std::int32_t> group,
                  std::optional<std::int32_t> other);

/// Throws EINVAL for more bits than permissions and the kind of a file have,
/// which the kernel would ignore.
void check_mode(std::uint32_t mode);

/// False when there was a folder. `existing_p` lends its attributes.
bool create_directory(path p, std::optional<path> existing_p);
bool create_directories(path p);
void mkdir(path p, std::uint32_t mode);
void create_hardlink(path target, path link);
void create_symlink(path target, path link);
void mkfifo(path p, std::uint32_t mode);
void mknod(path p, std::uint32_t mode, std::uint64_t dev,
           std::optional<device_kind> type);

std::uint64_t device_number(std::uint32_t major, std::uint32_t minor);
std::uint32_t dev_major(std::uint64_t dev);
std::uint32_t dev_minor(std::uint64_t dev);

} // namespace emilua::filesystem

namespace emilua {

template <> struct enum_names<filesystem::mode_bit> {
    using b = filesystem::mode_bit;
    static constexpr auto name = "mode_bit";
    static constexpr enum_item<b> items[] = {
        {"set_uid", b::set_uid, "Runs as its owner (S_ISUID)."},
        {"set_gid", b::set_gid, "Runs as its group (S_ISGID)."},
        {"sticky_bit", b::sticky_bit,
         "In this folder, only owners remove files (S_ISVTX)."},
    };
};

template <> struct enum_names<filesystem::device_kind> {
    using k = filesystem::device_kind;
    static constexpr auto name = "device_kind";
    static constexpr enum_item<k> items[] = {
        {"character", k::character, "A character device (S_IFCHR)."},
        {"block", k::block, "A block device (S_IFBLK)."},
    };
};

} // namespace emilua
