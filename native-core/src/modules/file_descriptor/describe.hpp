// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::file_descriptor {

module_description describe();

} // namespace emilua::file_descriptor
