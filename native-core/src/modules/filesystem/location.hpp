// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/filesystem/path.hpp"

/// Where paths lead to, and where the process is.

namespace emilua::filesystem {

/// A folder by its name, or an open one.
struct folder {
    using given = std::variant<path, ref<file_descriptor::file_descriptor>>;

    path name;
    /// Another descriptor of it, so that any thread can use it; empty where the
    /// name is what counts.
    unique_descriptor open;
};

path absolute(path p);
path canonical(path p);
path weakly_canonical(path p);
/// `base` is the working directory, unless it is given.
path relative(path p, std::optional<path> base);
path proximate(path p, std::optional<path> base);
path current_working_directory();
void set_current_working_directory(folder p);
void chroot(path p);
path temp_directory_path();

} // namespace emilua::filesystem

namespace emilua {

template <> struct type_traits<filesystem::folder> : traits_base {
    using given = type_traits<filesystem::folder::given>;
    static constexpr const type& description = given::description;
    static filesystem::folder read(reader& r, place p);
};

} // namespace emilua
