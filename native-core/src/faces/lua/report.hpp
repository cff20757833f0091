// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace emilua::lua {

/// Tells on standard error what went wrong: a headline, in red where colours
/// are wanted (EMILUA_COLORS, else when it is a terminal), and what belongs to
/// it. What the program printed before comes first.
void report(const std::string& headline, std::string_view details = {});

/// An address as programs see it in reports: "VM 0x55d0c8".
std::string name_with_address(const char* what, const void* address);

/// EMILUA_PANIC=exit: the process goes no further after a failure that nobody
/// handled.
bool panics_are_fatal();

/// The stack of `L` from `level` on, without what is ours on it. `message` is
/// that of the error which ended `L`, if one did.
std::string traceback(lua_State* L, int level = 0,
                      std::string_view message = {});

/// What the program called that keeps `L` waiting in `why`: "queue:receive()",
/// where that is a function of a module in Lua.
std::string awaited(lua_State* L, const char* why);

/// A place in the program.
struct program_place {
    /// FILE:LINE, or FILE where the line is not known.
    std::string where;
    /// "receive", "main chunk", or nothing for a function without a name.
    std::string function;
};

/// Where the program is on `L`: in the innermost function of its own. Neither
/// allocates in Lua nor raises.
std::optional<program_place> place_in_program(lua_State* L);

} // namespace emilua::lua
