// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <lua.hpp>

#include <string>

namespace emilua {
class user_category;
}

namespace emilua::lua {

/// Registers the error metatables and the modules `generic_error` and
/// `asio_error`.
void open_errors(lua_State* L);

/// Pushes a new error table: `code`, `category`, and `syscall` where known.
void push_error(lua_State* L, const error_code& ec,
                const char* syscall = nullptr);
/// EINVAL with `arg`, the index of the argument at fault.
void push_argument_error(lua_State* L, int index, const char* expected);
/// Says for people, on the error at the top, what the argument called `name`
/// has to be and what the value at `given` is instead; 0 if that is unknown.
void explain_argument(lua_State* L, const char* name, const char* expected,
                      int given);
[[noreturn]] void raise(lua_State* L, const error_code& ec);
/// `index` is also where the argument is.
[[noreturn]] void raise_argument(lua_State* L, int index, const char* expected,
                                 const char* name = nullptr);
/// What `method` was called on is not `what`: most likely a dot stands for the
/// colon.
[[noreturn]] void raise_receiver(lua_State* L, const char* what,
                                 const char* method);
/// `name` of the error at the top.
void set_text(lua_State* L, const char* name, std::string_view text);
/// Whether the value at `index` is the error `ec`.
bool is_error(lua_State* L, int index, const error_code& ec);
/// Reads an error table back; false when it is none.
bool to_error_code(lua_State* L, int index, error_code& out);

/// The text at `index`, if it is one.
std::string_view text_of(lua_State* L, int index);

/// Pushes all that the error table at `index`, which is `ec`, says; or what its
/// category does.
void push_message(lua_State* L, int index, const error_code& ec);

/// As a person would write the value at `index`.
std::string shown(lua_State* L, int index);

/// A message for people, of any value, with what an error table knows. Calls
/// the program's __tostring; of another table it shows the fields.
std::string describe_error(lua_State* L, int index);

/// Pushes the category, which gives its errors by alias and number.
void push_user_category(lua_State* L, const user_category& c);

/// The modules; pushes one.
void push_generic_error(lua_State* L);
void push_asio_error(lua_State* L);

} // namespace emilua::lua
