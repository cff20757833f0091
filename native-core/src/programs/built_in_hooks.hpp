// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>

namespace emilua {

/// Takes what the executable defines of `get_builtin_…`. Before the first VM.
void use_built_in_modules();

/// The path of the built-in program; empty if there is none.
std::string built_in_program();

} // namespace emilua
