// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

/// Objects of described classes as userdata: the description, then the object.

namespace emilua::lua {

class lua_vm;

/// The object of `cls` at `index`, or null.
void* to_object(lua_State* L, int index, const class_description& cls);

/// The described class of the value at `index`, or null.
const class_description* described_class(lua_State* L, int index);

/// Pushes a userdata for an object of `cls`, whose memory it returns, and its
/// metatable; `finish_raw_object` joins the two once the object is there.
void* push_raw_object(lua_State* L, const class_description& cls);
void finish_raw_object(lua_State* L);

/// The object at `index` was moved away: ends what is left of it. Nothing
/// finds it any more.
void end_moved_object(lua_State* L, int index);

/// Of the metatable of every class: what the collector calls.
int collect_object(lua_State* L);

} // namespace emilua::lua
