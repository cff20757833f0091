// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

namespace emilua::lua {

class lua_vm;

/// Addresses that serve as keys of the Lua registry.
extern const char fiber_threads_key, native_yield_key, unwind_key,
    unwind_failed_key, program_key;

/// Opens the libraries, the prelude and everything global of a new VM.
void open_vm(lua_State* L, lua_vm& v);

/// Pushes the function that runs the program.
void push_program(lua_State* L, lua_vm& v);

/// Adds a native function, with the VM as its first upvalue, to the table at
/// the top.
void add_native(lua_State* L, lua_vm& v, const char* name, lua_CFunction f);

// What fills the table of natives that the prelude is built from.
void add_fiber_natives(lua_State* L, lua_vm& v);
void add_sync_natives(lua_State* L, lua_vm& v);
void add_actor_natives(lua_State* L, lua_vm& v);
void add_module_natives(lua_State* L, lua_vm& v);

} // namespace emilua::lua
