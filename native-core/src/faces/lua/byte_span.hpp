// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/lua/byte_span_layout.hpp"

#include <lua.hpp>

#include <cstddef>

namespace emilua::lua {

/// Replaces the FFI library and LuaJIT's own `pcall`, at the top of the stack,
/// by the global `byte_span`, which is made here, and a function that says
/// whether a value is one. Once a VM.
void open_byte_span(lua_State* L);

/// The byte_span at `index`, or null. Whoever keeps it keeps the Lua value
/// reachable; its memory stays where it is until then.
byte_span_header* to_byte_span(lua_State* L, int index) noexcept;

/// Pushes a new byte_span, all of it zero. Raises like `byte_span.new`, so
/// it is never null.
byte_span_header* push_new_byte_span(lua_State* L, std::size_t length,
                                     std::size_t capacity);

} // namespace emilua::lua
