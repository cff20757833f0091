// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua::system {

/// The folders in which the dynamic linker looks for libraries of this
/// program, each once; not those that cannot be opened.
std::vector<file_descriptor::file_descriptor> library_directories();

} // namespace emilua::system
