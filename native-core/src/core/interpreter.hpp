// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string>

namespace emilua {

/// What the kernel starts instead of a program: behind its "#!", or its
/// dynamic loader; "" for nothing, and of what cannot be read.
std::string interpreter_of(const std::string& program);

} // namespace emilua
