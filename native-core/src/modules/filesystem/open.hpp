// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <array>
#include <string_view>

/// How files are opened, here and below a folder that is open.

namespace emilua::filesystem {

enum class open_flag : unsigned {
    append = 1,
    create = 2,
    directory = 4,
    exclusive = 8,
    no_follow = 16,
    path = 32,
    read_only = 64,
    read_write = 128,
    sync_all_on_write = 256,
    temporary = 512,
    truncate = 1024,
    write_only = 2048,
};

/// The same, and how the way there is resolved.
enum class openat_flag : unsigned {
    append = 1,
    create = 2,
    directory = 4,
    exclusive = 8,
    no_follow = 16,
    path = 32,
    read_only = 64,
    read_write = 128,
    sync_all_on_write = 256,
    temporary = 512,
    truncate = 1024,
    write_only = 2048,
    resolve_beneath = 4096,
    resolve_in_root = 8192,
    resolve_no_magiclinks = 16384,
    resolve_no_symlinks = 32768,
    resolve_no_xdev = 65536,
    resolve_cached = 131072,
};

/// Opens what is at `p`, from `folder` on. Always O_CLOEXEC and O_NOCTTY.
/// Throws EINVAL for flags that exclude each other, and without a mode where
/// there has to be one.
unique_descriptor open_file(int folder, const path& p,
                            flags_of<openat_flag> flags,
                            std::optional<std::uint32_t> mode);

} // namespace emilua::filesystem

namespace emilua::detail {

/// All of both, in the order of their names.
template <class F, std::size_t N, std::size_t M>
constexpr auto joined(const std::array<enum_item<F>, N>& a,
                      const std::array<enum_item<F>, M>& b) {
    std::array<enum_item<F>, N + M> all{};
    std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), all.begin()));
    std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
        return std::string_view{x.name} < std::string_view{y.name};
    });
    return all;
}

/// What all have that open files.
template <class F>
inline constexpr std::array<enum_item<F>, 8> how_to_open = {{
    {"append", F::append, "Each write goes to the end (O_APPEND)."},
    {"create", F::create, "Makes the file if there is none."},
    {"exclusive", F::exclusive,
     "With `create`: refuses a file that is there (EEXIST)."},
    {"read_only", F::read_only, "For reading."},
    {"read_write", F::read_write, "For both."},
    {"sync_all_on_write", F::sync_all_on_write,
     "A write is done when it is on the disk (O_SYNC)."},
    {"truncate", F::truncate, "Empties the file first."},
    {"write_only", F::write_only, "For writing."},
}};

/// What those have that open anything.
template <class F>
inline constexpr auto how_to_open_anything = joined(
    how_to_open<F>,
    std::array<enum_item<F>, 4>{{
        {"directory", F::directory, "Refuses what is no folder (ENOTDIR)."},
        {"no_follow", F::no_follow, "Refuses a symbolic link (ELOOP)."},
        {"path", F::path, "Refers to it without opening it (O_PATH)."},
        {"temporary", F::temporary,
         "A file without a name in the folder that is given "
         "(O_TMPFILE)."},
    }});

} // namespace emilua::detail

namespace emilua {

template <> struct enum_names<filesystem::open_flag> {
    static constexpr auto name = "open_flag";
    static constexpr auto items =
        detail::how_to_open_anything<filesystem::open_flag>;
};

template <> struct enum_names<filesystem::openat_flag> {
    using f = filesystem::openat_flag;
    static constexpr auto name = "openat_flag";
    static constexpr auto items =
        detail::joined(detail::how_to_open_anything<f>,
                       std::array<enum_item<f>, 6>{{
                           {"resolve_beneath", f::resolve_beneath,
                            "Refuses to leave the folder (EXDEV)."},
                           {"resolve_in_root", f::resolve_in_root,
                            "Takes the folder for the root, also of absolute "
                            "links."},
                           {"resolve_no_magiclinks", f::resolve_no_magiclinks,
                            "Refuses the links of /proc (ELOOP)."},
                           {"resolve_no_symlinks", f::resolve_no_symlinks,
                            "Refuses symbolic links all the way (ELOOP)."},
                           {"resolve_no_xdev", f::resolve_no_xdev,
                            "Refuses to enter another mount (EXDEV)."},
                           {"resolve_cached", f::resolve_cached,
                            "Refuses what the kernel would have to look up on "
                            "the disk (EAGAIN)."},
                       }});
};

} // namespace emilua
