// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/clock.hpp"
#include "modules/filesystem/path.hpp"

/// What changes files that are there, or their names.

namespace emilua::filesystem {

/// A user or group; -1 leaves it as it is.
using owner_id = ranged<-1, 4294967295>;

void rename(path old_path, path new_path);
void resize_file(path p, std::uint64_t new_size);
void chown(path p, owner_id owner, owner_id group);
void lchown(path p, owner_id owner, owner_id group);
void chmod(path p, std::uint32_t mode);
void lchmod(path p, std::uint32_t mode);
void set_last_write_time(path p, file_time tp);
/// Of the process. Returns what it was.
std::uint32_t umask(std::uint32_t mask);

} // namespace emilua::filesystem
