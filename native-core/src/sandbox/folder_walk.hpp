// SPDX-License-Identifier: MIT OR BSL-1.0
// Folders that somebody hostile may have filled: no link is followed, and no
// path leads out.
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <string>
#include <vector>

#include <sys/stat.h>

namespace emilua::sandbox {

/// What is in a folder, in the order of the bytes. Throws `failure`.
std::vector<std::string> names_in(int folder);

/// Opens `path` below `folder`, where nothing on the way is a link. "" is the
/// folder itself. Empty, with errno.
unique_descriptor open_below(int folder, const std::string& path, int flags);

/// `path` without its last name; "" for the folder itself.
std::string folder_of(const std::string& path);
/// The last name of `path`.
std::string name_of(const std::string& path);
/// "FOLDER/NAME", or "NAME" in the folder itself.
std::string joined(const std::string& folder, const std::string& name);

/// Copies the bytes of a file, and not its holes. Throws `failure`.
void copy_bytes(int from, int to, const std::string& path);

/// Whether two files have the same bytes. Throws `failure`.
bool have_same_bytes(int a, int b, const std::string& path);

/// What a link says. Throws `failure`.
std::string read_link(int folder, const std::string& name,
                      const std::string& path);

} // namespace emilua::sandbox
