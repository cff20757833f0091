// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/byte_span.hpp"

#include "faces/lua/errors.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/open.hpp"

#include "byte_span.h" // the prelude's bytecode

#include <cstdio>
#include <cstring>
#include <string>

namespace emilua::lua {
namespace {

// Not in lua.h: cdata is LuaJIT's own type.
constexpr int lua_type_of_cdata = 10;

const char new_key = 0;

// A size, which may be more than an integer is.
std::string in_digits(lua_Number size) {
    char text[64];
    std::snprintf(text, sizeof(text), size < 1e18 ? "%.0f" : "%g", size);
    return text;
}

// Says on the error at the top how much it was that argument `arg` asked for,
// and how much there can be, where that is at `limit`.
void explain_size(lua_State* L, int arg, int limit) {
    std::string s =
        "argument " + std::to_string(arg) +
        ": Cannot allocate memory: " + in_digits(lua_tonumber(L, 3)) + " bytes";
    if (limit != 0)
        s += ", a byte_span has at most " + in_digits(lua_tonumber(L, limit));
    set_text(L, "message", s);
}

// raise(EINVAL, arg, expected, given), raise(ENOMEM, arg, size, limit)
int raise_for_prelude(lua_State* L) {
    const auto code = static_cast<int>(lua_tointeger(L, 1));
    const auto arg = static_cast<int>(lua_tointeger(L, 2));
    const int given = lua_gettop(L) >= 4 ? 4 : 0;
    if (code == EINVAL) {
        const char* expected = lua_tostring(L, 3);
        push_argument_error(L, arg, expected);
        // Of what stands in for the object the value says nothing.
        explain_argument(L, nullptr, expected,
                         arg == 1 && std::strchr(expected, ':') ? 0 : given);
        return lua_error(L);
    }
    push_error(L, error_code{code, boost::system::system_category()});
    lua_pushinteger(L, arg);
    lua_setfield(L, -2, "arg");
    explain_size(L, arg, given);
    return lua_error(L);
}

} // namespace

void open_byte_span(lua_State* L) {
    const auto cookie = byte_span_cookie();
    load_chunk(L, luaJIT_BC_byte_span, luaJIT_BC_byte_span_SIZE, "byte_span");
    lua_insert(L, -3);
    lua_pushcfunction(L, raise_for_prelude);
    lua_pushlstring(L, reinterpret_cast<const char*>(&cookie), sizeof(cookie));
    lua_pushcfunction(L, refuse_member);
    lua_call(L, 5, 2);

    lua_pushlightuserdata(L, const_cast<char*>(&new_key));
    lua_getfield(L, -3, "new");
    lua_rawset(L, LUA_REGISTRYINDEX);
}

byte_span_header* to_byte_span(lua_State* L, int index) noexcept {
    if (lua_type(L, index) != lua_type_of_cdata) return nullptr;
    // The smallest C object is followed by the allocator's padding, so the
    // first word can be read before anything is known about it.
    const void* payload = lua_topointer(L, index);
    std::uint64_t cookie;
    std::memcpy(&cookie, payload, sizeof(cookie));
    if (cookie != byte_span_cookie()) return nullptr;
    return static_cast<byte_span_header*>(const_cast<void*>(payload));
}

byte_span_header* push_new_byte_span(lua_State* L, std::size_t length,
                                     std::size_t capacity) {
    lua_pushlightuserdata(L, const_cast<char*>(&new_key));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        open_ffi(L);
        lua_pushlightuserdata(L, const_cast<char*>(&new_key));
        lua_rawget(L, LUA_REGISTRYINDEX);
    }
    lua_pushnumber(L, static_cast<lua_Number>(length));
    lua_pushnumber(L, static_cast<lua_Number>(capacity));
    lua_call(L, 2, 1);
    return to_byte_span(L, -1);
}

} // namespace emilua::lua
