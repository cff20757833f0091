// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

#include <cstdint>

/// Integers of 64 bits, which in Lua are cdata of the FFI.

namespace emilua::lua {

/// Whether the value at `index` is an int64_t or uint64_t.
bool is_integer64(lua_State* L, int index);

/// Reads one that fits, or a number that is whole and exact; false for
/// anything else.
bool to_integer64(lua_State* L, int index, bool is_signed, std::uint64_t& bits);

void push_integer64(lua_State* L, std::uint64_t bits, bool is_signed);

} // namespace emilua::lua
