// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

namespace emilua::filesystem {

enum class on_existing { skip, overwrite, update };
enum class on_symlink { copy, skip };
enum class copy_instead { directories_only, create_symlinks, create_hardlinks };

struct copy_options {
    std::optional<on_existing> existing{};
    bool recursive = false;
    std::optional<on_symlink> symlinks{};
    std::optional<copy_instead> copy{};

    bool none() const noexcept {
        return !existing && !recursive && !symlinks && !copy;
    }
};

/// As std::filesystem::copy. Below the two folders that are given everything is
/// reached through descriptors: what is a folder when it is read is not entered
/// if it is a link by then, and links in the destination are never followed.
void copy(path from, path to, std::optional<copy_options> opts);
/// Returns whether it was copied.
bool copy_file(path from, path to, std::optional<on_existing> existing);
void copy_symlink(path from, path to);

} // namespace emilua::filesystem

namespace emilua {

template <> struct enum_names<filesystem::on_existing> {
    using e = filesystem::on_existing;
    static constexpr auto name = "on_existing";
    static constexpr enum_item<e> items[] = {
        {"skip", e::skip, "Keeps the file that is there."},
        {"overwrite", e::overwrite, "Replaces it."},
        {"update", e::update, "Replaces it if it is the older one."},
    };
};

template <> struct enum_names<filesystem::on_symlink> {
    using s = filesystem::on_symlink;
    static constexpr auto name = "on_symlink";
    static constexpr enum_item<s> items[] = {
        {"copy", s::copy, "Makes the same link there."},
        {"skip", s::skip, "Leaves links out."},
    };
};

template <> struct enum_names<filesystem::copy_instead> {
    using c = filesystem::copy_instead;
    static constexpr auto name = "copy_instead";
    static constexpr enum_item<c> items[] = {
        {"directories_only", c::directories_only, "Only the folders."},
        {"create_symlinks", c::create_symlinks,
         "Links to the files; `from` is absolute, then."},
        {"create_hardlinks", c::create_hardlinks, "More names of the files."},
    };
};

template <> struct fields_of<filesystem::copy_options> {
    using o = filesystem::copy_options;
    static constexpr auto name = "copy_options";
    static constexpr field_description items[] = {
        field<&o::existing>("existing", "What happens to a file that is there; "
                                        "an error (EEXIST) if nothing is "
                                        "said."),
        field<&o::recursive>("recursive", "Copies what is in folders, too.",
                             presence::optional),
        field<&o::symlinks>("symlinks", "What happens to symbolic links, which "
                                        "are followed if nothing is said."),
        field<&o::copy>("copy", "What is made in place of copies."),
    };
};

} // namespace emilua
