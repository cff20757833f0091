// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/lua/byte_span_layout.hpp"

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

/// What `native.write_directly` of the prelude calls by the FFI, which cannot
/// raise: writes without an operation the span `s` to the object in `userdata`.
/// Gives how many bytes, `not_written` if that has to be tried by other means,
/// or `write_failed`, and then `failed_write` says why.
std::int32_t write_directly(lua_vm* v, void* userdata,
                            const byte_span_header* s) noexcept;
inline constexpr std::int32_t not_written = -1, write_failed = -2;

/// failed_write(stream, span): the error of that write.
int failed_write(lua_State* L);

} // namespace emilua::lua
