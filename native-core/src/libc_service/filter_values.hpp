// SPDX-License-Identifier: MIT OR BSL-1.0
// Calls and their outcomes as values of Lua, for filters. Errors of Lua leave
// by a jump: nothing here has a destructor to run.
#pragma once

#include "libc_service/service.hpp"

#include <lua.hpp>

namespace emilua::libc_service {

const char* name_of(function what) noexcept;

/// Pushes the arguments of the call; returns how many.
int push_arguments(lua_State* L, const call& c);

/// Reads what `push_arguments` pushes, from that index on. Texts stay Lua's;
/// the bytes of an address go to `room`.
call read_arguments(lua_State* L, int index, function what,
                    unsigned char (&room)[16]);

/// Pushes what the function that a filter is given returns.
int push_outcome(lua_State* L, function what, const outcome& o);

/// Reads what a filter returned, the last `count` values.
outcome read_outcome(lua_State* L, function what, int count);

} // namespace emilua::libc_service
