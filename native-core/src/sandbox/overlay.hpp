// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>

namespace emilua::sandbox {

/// A mount that is nowhere yet: `upper` over the folder `lower`. For a process
/// with a mount namespace of its own user namespace. -1 with errno. Allocates
/// nothing.
int mount_overlay(int lower, const char* upper, const char* work,
                  unsigned attributes) noexcept;

/// Whether guests can have such a mount of these folders, by trying it.
bool can_overlay(const std::string& lower, const std::string& upper,
                 const std::string& work);

} // namespace emilua::sandbox
