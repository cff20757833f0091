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

/// Pushes the error that `e`, any exception, is to a program.
void push_exception(lua_State* L, const std::exception_ptr& e);

/// Pushes how an operation ended: `true` and its results, or `false` and an
/// error, which says more if the arguments are still there, from `base` on.
void push_outcome(lua_State* L, operation& op, int base = 0);

/// write_all_at_once(stream, buffer): gives the number of bytes if all were
/// written without an operation; nil and how many if it was a part; false and
/// an error; nothing if none was written and `write_some` has to be called.
int write_all_at_once(lua_State* L);

} // namespace emilua::lua
