// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

namespace emilua::lua {

/// The global `format(fmt, ...)`: libfmt's format language for booleans,
/// numbers, strings, and pairs of a name and one of these. Reference, "format".
int format(lua_State* L);

} // namespace emilua::lua
