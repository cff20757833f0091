// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <span>

/// What errors of described members say about the call.

namespace emilua::lua {

/// Where the arguments of `m` begin, the receiver counted.
int first_argument(const member& m) noexcept;

/// What was expected, on the error at the top: of the argument called `name`,
/// which is at `given`; 0 if it is gone.
void set_expected(lua_State* L, const std::string& expected, const char* name,
                  int given);

/// `arg`, counted from `first`, and what was expected, on the error at the top.
/// The arguments begin at `base`; 0 if they are gone.
void name_argument(lua_State* L, std::span<const parameter> parameters,
                   int first, int base, const char* argument,
                   const std::string& expected);

/// What was tried, on the error at the top, which is `ec` of `syscall`. The
/// arguments begin at `base`; 0 if they are gone. `path` is what the failure
/// says, which counts for more than they do, or null.
void tell_attempt(lua_State* L, std::span<const parameter> parameters, int base,
                  const error_code& ec, const char* syscall,
                  const std::string* path);

/// Pushes the error of argument number `argument`.
void push_refusal(lua_State* L, const argument_error& e,
                  std::span<const parameter> parameters, int base,
                  std::size_t argument);

} // namespace emilua::lua
