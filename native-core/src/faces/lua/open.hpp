// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

#include <cstddef>
#include <cstdint>

namespace emilua::lua {

class lua_vm;
class state_memory;

/// Addresses that serve as keys of the Lua registry.
extern const char fiber_threads_key, native_yield_key, unwind_key,
    unwind_failed_key, cancellation_key;

/// What the names of our own chunks begin with.
inline constexpr char chunk_prefix[] = "=[emilua";

/// A new state with the libraries, in `memory` or that of all; null if there is
/// none.
lua_State* make_state(state_memory* memory);

/// Opens the prelude and everything global of a new VM.
void open_vm(lua_State* L, lua_vm& v);

/// Pushes the FFI library, which is no global.
void push_ffi(lua_State* L);

/// Functions of the prelude that classes and modules are finished with.
void push_wrap_suspending(lua_State* L);
/// Those of the FFI: "wrap_transfer", "wrap_prompt".
void push_wrap_directly(lua_State* L, const char* name);
void push_class_index(lua_State* L);
void push_module_index(lua_State* L);

void push_scope(lua_State* L);

/// Makes the FFI library at the top call the program's finalizers safely.
void guard_finalizers(lua_State* L);

/// Pushes the list of where packages are looked for: what is built in, then
/// EMILUA_PATH, then beside the installation.
void push_search_path(lua_State* L);

/// Pushes the function that runs the program.
void push_program(lua_State* L, lua_vm& v);

/// Adds a native function, with the VM as its first upvalue, to the table at
/// the top.
void add_native(lua_State* L, lua_vm& v, const char* name, lua_CFunction f);

/// Pushes a chunk of ours, whose globals are the VM's and not those of the
/// program that happens to need it. Static storage.
void load_chunk(lua_State* L, const unsigned char* bytecode, std::size_t size,
                const char* name);

/// Pushes the table of natives.
void push_natives(lua_State* L);

/// Opens the FFI library and byte_span, which stands on it, unless they are
/// open: most programs use neither.
void open_ffi(lua_State* L);

/// Pushes the FFI library.
void push_ffi(lua_State* L);

/// Whether `id` is a module that comes with Emilua.
bool is_builtin_module(const char* id);
/// Pushes a table that has the names of these modules as its keys.
void push_builtin_names(lua_State* L);
/// Pushes open_builtin(id, may_open), which gives the built-in module `id`:
/// false if it is not open yet and must stay so, nil if there is none.
void push_open_builtin(lua_State* L, lua_vm& v);

/// Pushes the module `id` of those that fibers synchronise with.
void push_synchronisation(lua_State* L, lua_vm& v, const char* id);
/// The number of the fiber that owns the mutex at `index`; 0 if that is none,
/// or nobody owns it.
std::uint64_t owner_of_mutex(lua_State* L, int index);

// What fills the table of natives that the prelude is built from.
void add_fiber_natives(lua_State* L, lua_vm& v);
void add_actor_natives(lua_State* L, lua_vm& v);
void add_module_natives(lua_State* L, lua_vm& v);

} // namespace emilua::lua
