// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <exception>

/// Writes and reads without the machinery of calls.

namespace emilua::lua {

class lua_vm;

/// Writes without an operation the byte_span at `base`. Pushes `true` and how
/// much, or `false` and an error, and gives 2; pushes nothing and gives 0 if it
/// takes an operation.
int write_at_once(lua_State* L, lua_vm& v, const member& m, void* self,
                  int base);

/// Moves bytes between the place of a file at `base` and the byte_span behind
/// it, and pushes and gives as `write_at_once` does. `in_vain`: it would have
/// to wait.
int transfer_at_once(lua_State* L, lua_vm& v, const member& m, void* self,
                     int base, bool& in_vain);

/// Starts `m`, which reads into the byte_span at `base`. Null if it has to be
/// called as others are; then `thrown` is what it threw, if it did.
operation* start_reading(lua_State* L, lua_vm& v, const member& m, void* self,
                         int base, std::exception_ptr& thrown);

/// write_all_at_once(stream, buffer): gives the number of bytes if all were
/// written without an operation; nil and how many if it was a part; false and
/// an error; nothing if none was written and `write_some` has to be called.
int write_all_at_once(lua_State* L);

} // namespace emilua::lua
