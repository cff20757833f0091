// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <string>
#include <vector>

namespace emilua {

/// The whole description as JSON: what the emitters of TypeScript and LuaLS,
/// and the tests that go over every member, read.
std::string manifest_of(const std::vector<const module_description*>& modules);

} // namespace emilua
