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

/// What functions that the prelude calls by the FFI give besides a number of
/// bytes. They can neither raise nor suspend, and are not told the Lua thread.
namespace direct {
/// By other means, then.
inline constexpr std::int32_t not_done = -1;
/// `direct_failure` says why.
inline constexpr std::int32_t failed = -2;
/// The system said that it would have to wait.
inline constexpr std::int32_t in_vain = -3;
} // namespace direct

/// Writes the span `s` to the object in `userdata` without an operation.
std::int32_t write_directly(lua_vm* v, void* userdata,
                            const byte_span_header* s) noexcept;

/// Calls `transfer_now` of `m`.
std::int32_t transfer_directly(lua_vm* v, const member* m, void* userdata,
                               double place,
                               const byte_span_header* s) noexcept;

/// Calls `m`, whose other arguments are in the VM's `direct_frame`.
std::int32_t call_directly(lua_vm* v, const member* m, void* userdata,
                           const byte_span_header* s, double turn) noexcept;

/// take_object(kept): the object that such a call gave; into the list too,
/// where it is to be found again.
int take_object(lua_State* L);
/// take_list(): the list of objects that it gave.
int take_list(lua_State* L);

/// Keeps why the call of `m` failed, for `direct_failure`.
std::int32_t fail_directly(lua_vm& v, const member& m, failure&& f) noexcept;

/// direct_failure(...): the error of such a call, with these arguments.
int direct_failure(lua_State* L);

} // namespace emilua::lua
