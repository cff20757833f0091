// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/lua/fiber.hpp"

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <cstddef>

/// Objects of described classes as userdata: the description, then the object.

namespace emilua::lua {

class lua_vm;

/// The object of `cls` at `index`, or null.
inline void* to_object(lua_State* L, int index, const class_description& cls) {
    if (lua_type(L, index) != LUA_TUSERDATA) return nullptr;
    void* const p = lua_touserdata(L, index);
    return static_cast<tagged*>(p)->tag == &cls
               ? static_cast<std::byte*>(p) + object_offset
               : nullptr;
}

/// The described class of the value at `index`, or null.
const class_description* described_class(lua_State* L, int index);

/// Pushes a userdata for an object of `cls`, whose memory it returns, and its
/// metatable; `finish_raw_object` joins the two once the object is there.
void* push_raw_object(lua_State* L, const class_description& cls);
void finish_raw_object(lua_State* L);

/// Whether the object at `index` left, in a message or because a call took it:
/// nothing finds it any more.
bool was_moved(lua_State* L, int index);
/// What is left of an object of `cls` that left, or null.
void* left_object(lua_State* L, int index, const class_description& cls);
inline constexpr const char* not_moved = "an object that was not given away";

/// An object left: ends what stayed of it.
void object_leaves(void* object) noexcept;
/// It came back: `unpack` has made it anew in the same memory.
void object_returns(void* object, const class_description& cls) noexcept;

/// Of the metatable of every class: what the collector calls.
int collect_object(lua_State* L);

} // namespace emilua::lua
