// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

/// The parts of the description that are functions.

namespace emilua::filesystem {

void describe_queries(module_builder& m);
void describe_locations(module_builder& m);
void describe_changes(module_builder& m);

} // namespace emilua::filesystem
