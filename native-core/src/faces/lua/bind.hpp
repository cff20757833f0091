// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

/// Described modules and classes as tables and metatables of C functions.

namespace emilua::lua {

/// Pushes a new table with everything of `m` that has a thunk.
void push_module(lua_State* L, const module_description& m);

/// Pushes the metatable of `cls`, made on first use.
void push_class_metatable(lua_State* L, const class_description& cls);

/// Whether Lua gets `m` from here.
bool is_ours(const member& m) noexcept;

} // namespace emilua::lua
