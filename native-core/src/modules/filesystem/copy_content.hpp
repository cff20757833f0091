// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/copy.hpp"

#include <sys/stat.h>

namespace emilua::filesystem {

/// A name in a folder that is open, or AT_FDCWD.
struct place_in_folder {
    int folder;
    const char* name;
};

/// Copies a plain file. `from_st` is what it was found to be, `to_st` what is
/// at the destination, null if nothing is. `links`: whether symbolic links at
/// either end are followed. Returns false when it leaves the other file as it
/// is.
bool copy_content(place_in_folder from, place_in_folder to,
                  std::optional<on_existing> existing,
                  const struct stat& from_st, const struct stat* to_st,
                  bool follow_from, bool follow_to);

} // namespace emilua::filesystem
