// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/integer64.hpp"

#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/vm.hpp"

#include "integer64.h" // the prelude's bytecode

#include <cmath>

namespace emilua::lua {
namespace {

// Not in lua.h: cdata is LuaJIT's own type.
constexpr int lua_type_of_cdata = 10;

const char tools_key = 0;

// Pushes function `name` of the prelude's integer64.lua.
void push_tool(lua_State* L, const char* name) {
    lua_vm::push_registry(L, &tools_key);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        if (luaL_loadbuffer(L,
                            reinterpret_cast<const char*>(luaJIT_BC_integer64),
                            luaJIT_BC_integer64_SIZE, "=integer64") != 0)
            lua_error(L);
        push_ffi(L);
        lua_call(L, 1, 1);
        lua_pushlightuserdata(L, const_cast<char*>(&tools_key));
        lua_pushvalue(L, -2);
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

} // namespace

bool is_integer64(lua_State* L, int index) {
    if (lua_type(L, index) != lua_type_of_cdata) return false;
    lua_pushvalue(L, index);
    push_tool(L, "is_one");
    lua_insert(L, -2);
    lua_call(L, 1, 1);
    const bool r = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return r;
}

bool to_integer64(lua_State* L, int index, bool is_signed,
                  std::uint64_t& bits) {
    if (lua_type(L, index) == LUA_TNUMBER) {
        constexpr double max_safe = 9007199254740991.0;
        const double d = lua_tonumber(L, index);
        if (d != std::trunc(d) || std::abs(d) > max_safe ||
            (d < 0 && !is_signed))
            return false;
        bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(d));
        return true;
    }
    if (lua_type(L, index) != lua_type_of_cdata) return false;
    lua_pushvalue(L, index);
    push_tool(L, "read");
    lua_insert(L, -2);
    lua_pushlightuserdata(L, &bits);
    lua_pushboolean(L, is_signed);
    lua_call(L, 3, 1);
    const bool r = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return r;
}

void push_integer64(lua_State* L, std::uint64_t bits, bool is_signed) {
    push_tool(L, is_signed ? "signed" : "unsigned");
    lua_pushlightuserdata(L, &bits);
    lua_call(L, 1, 1);
}

} // namespace emilua::lua
