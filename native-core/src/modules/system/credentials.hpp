// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::system {

/// Adds users, groups, process groups and sessions to the module.
void describe_credentials(module_builder& m);

} // namespace emilua::system
