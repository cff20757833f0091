// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <filesystem>
#include <string>

namespace emilua {

/// The folder of what this is part of: the executable or the addon.
std::filesystem::path own_folder();

/// The path of a shared library that was built with the core: it is in that
/// folder, or in `../lib/emilua-0.11`. Empty when it is in neither.
std::string find_own_library(const char* file);

} // namespace emilua
