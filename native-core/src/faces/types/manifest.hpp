// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/description.hpp>

#include <span>
#include <string>

namespace emilua {

/// The whole description as JSON: what the emitters of TypeScript and LuaLS,
/// and the tests that go over every member, read. Throws std::logic_error,
/// which says what to change, when the description contradicts itself.
std::string manifest_of(std::span<const module_description* const> modules);

} // namespace emilua
