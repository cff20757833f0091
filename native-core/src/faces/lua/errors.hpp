// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <lua.hpp>

#include <string>

namespace emilua::lua {

/// Registers the error metatables and the modules `generic_error` and
/// `asio_error`.
void open_errors(lua_State* L);

/// Pushes a new error table: `code`, `category`, and `syscall` where known.
void push_error(lua_State* L, const error_code& ec,
                const char* syscall = nullptr);
/// EINVAL with `arg`, the index of the argument at fault.
void push_argument_error(lua_State* L, int index, const char* expected);
[[noreturn]] void raise(lua_State* L, const error_code& ec);
[[noreturn]] void raise_argument(lua_State* L, int index, const char* expected);

/// Whether the value at `index` is the error `ec`.
bool is_error(lua_State* L, int index, const error_code& ec);
/// Reads an error table back; false when it is none.
bool to_error_code(lua_State* L, int index, error_code& out);

/// A message for people, of any value, with what an error table knows.
std::string describe_error(lua_State* L, int index);

/// The modules; pushes one.
void push_generic_error(lua_State* L);
void push_asio_error(lua_State* L);

} // namespace emilua::lua
