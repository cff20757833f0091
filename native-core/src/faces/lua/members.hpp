// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

#include <string>

namespace emilua::lua {

// Names that do not exist. Objects refuse them. A module's table has nil for
// them, because programs ask it what there is; so they are remembered, and an
// error that such a nil brings about says where it is from.

/// refuse_member(arg, what, key, known...): EINVAL, with the name that was
/// meant if one of the tables `known` has it as a key.
int refuse_member(lua_State* L);

/// Pushes what refuses an assignment to an object of the class `what`.
void push_refuse_fields(lua_State* L, const char* what);

/// nearest(name, known): the key of the table `known` that `name` is a
/// misspelling of, or nil.
int nearest(lua_State* L);

/// Lets the table at the top, which is the module `what`, and those inside of
/// it remember what they do not have.
void watch_module(lua_State* L, const std::string& what);
/// note_missing(module, what, key): the same for one whose __index is the
/// prelude's.
int note_missing(lua_State* L);

/// Remembers the error at `index` for as long as the program does, if it is a
/// table that is no error of Emilua's: what asks it for `togeneric` has lost
/// it.
void keep_plain_error(lua_State* L, int index);

/// If the error at `index` is LuaJIT's of a nil that was called or indexed, and
/// it is known where that is from: pushes the text with that behind it.
bool explain_nil(lua_State* L, int index);

} // namespace emilua::lua
