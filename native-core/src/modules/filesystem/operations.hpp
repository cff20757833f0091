// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

namespace emilua::filesystem {

/// Bytes. They can exceed 2^53, and a double still holds them: file systems
/// count in blocks of a power of two.
struct space_info {
    std::uint64_t capacity = 0, free = 0, available = 0;
};

void rename(path old_path, path new_path);
space_info space(path p);

} // namespace emilua::filesystem
