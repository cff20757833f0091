// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace emilua {

/// What this process was started from and what this code is in, when that is a
/// library, with the libraries that those need and their loader: the paths that
/// the loader found. Not what was loaded besides.
std::vector<std::string> own_files();

/// The library that this code is in; "" when it is in the executable.
std::string own_addon();

} // namespace emilua
