// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <exception>

/// How operations ended, as values of Lua.

namespace emilua::lua {

/// Pushes the error that `e`, any exception, is to a program.
void push_exception(lua_State* L, const std::exception_ptr& e);

/// Pushes how an operation ended: `true` and its results, or `false` and an
/// error, which says more if the arguments are still there, from `base` on.
void push_outcome(lua_State* L, operation& op, int base = 0);

} // namespace emilua::lua
