// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/report.hpp"

#include <lua.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace emilua::lua {

/// The stack of `L` from `level` on, without what is ours on it. `message` is
/// that of the error which ended `L`, if one did.
std::string traceback(lua_State* L, int level = 0,
                      std::string_view message = {});

/// Where the function is written that `L` runs, or is about to: "main.lua:12";
/// "" where that is none of the program's.
std::string place_of(lua_State* L);

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
