// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string_view>

struct lua_State;

namespace emilua::sandbox {

/// Runs `init.script` in this process, which has one thread. Its `arg` is
/// `arg_fd`, or nil when that is -1. Returns 0, or the exit status with which
/// the process must end, after a message on stderr; where a call of `C` fails
/// and `errexit` is true, it ends the process itself, so that no pcall() keeps
/// it alive. Blocks as long as the script does.
///
/// The memory of the script is wiped; `source` is the caller's to wipe.
int run_init_script(std::string_view source, int arg_fd);

/// `f` is told, too, why a script of this process ends; null for nobody.
void complaints_also_to(void (*f)(const char* text));

/// Puts `C`, `errexit` and the helpers of `init.script` into the globals. May
/// raise an error of Lua.
void open_c_table(lua_State* L, bool errexit);

/// Opens those libraries of Lua that `init.script` has: base (without what
/// opens files), string, table, math and bit. May raise an error of Lua.
void open_script_libraries(lua_State* L);

/// An allocator for lua_newstate() that wipes what it frees.
void* wiping_allocator(void*, void* block, std::size_t old_size,
                       std::size_t size) noexcept;

} // namespace emilua::sandbox
