// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/call.hpp>

#include <lua.hpp>

namespace emilua::lua {

/// What a function of the program raised, at the top of `L`.
struct raised {
    lua_State* L;
};

/// The function at `index`, kept until the result is dropped, on the VM's
/// turn. Calling it throws `raised`.
std::shared_ptr<program_function> keep_function(lua_State* L, int index);

} // namespace emilua::lua
