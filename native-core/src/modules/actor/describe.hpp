// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::actor {

module_description describe();

} // namespace emilua::actor
