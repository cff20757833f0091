// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/call.hpp>

#include <lua.hpp>

namespace emilua::lua {

/// Deep copy of the value at `index`, for a message. Objects that move leave
/// the VM, all or none. Throws `argument_error`, which says what part cannot
/// be sent.
value to_message(lua_State* L, int index);

} // namespace emilua::lua
