// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::system {

module_description describe();

} // namespace emilua::system
