// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <filesystem>
#include <string>

namespace emilua {

/// The folder of what this is part of: the executable or the addon.
std::filesystem::path own_folder();

/// Where shared libraries are that are part of the executable.
inline constexpr char built_in_libraries[] = "libraries:/";

/// Where they are looked for besides. Before the first VM.
void look_for_libraries_in(std::string folder);

/// The path of a shared library that was built with the core: it is built in,
/// in that folder, or in `../lib/emilua-0.11`. Empty when it is in none.
std::string find_own_library(const char* file);

} // namespace emilua
