// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

namespace emilua::filesystem {

/// A file or an empty folder. False when there was nothing.
bool remove(path p);
/// All that is there. Folders are entered through their descriptors, never
/// through a symbolic link, whatever others put in their places meanwhile.
/// Returns how many were removed.
std::uint64_t remove_all(path p);

} // namespace emilua::filesystem
