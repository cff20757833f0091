// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/init_script/call.hpp"

#include "sandbox/init_script.hpp"

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

void (*also_to)(const char* text) = nullptr;

} // namespace

void complaints_also_to(void (*f)(const char* text)) { also_to = f; }

void complain(const char* text) {
    // It ends with a status, also where nobody reads what it writes.
    std::signal(SIGPIPE, SIG_IGN);
    ::dprintf(STDERR_FILENO, "%s\n", text);
    if (also_to) also_to(text);
}

void check_errexit(lua_State* L, int error) {
    lua_getglobal(L, "errexit");
    const bool ends = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (!ends) return;
    luaL_where(L, 1);
    std::fflush(stdout);
    complain(lua_pushfstring(L, "%s%s: %s", lua_tostring(L, -1),
                             lua_tostring(L, lua_upvalueindex(1)),
                             std::strerror(error)));
    ::_exit(1);
}

int fail(lua_State* L, int error) {
    check_errexit(L, error);
    lua_pushinteger(L, -1);
    lua_pushinteger(L, error);
    return 2;
}

int fail_with_nil(lua_State* L, int error) {
    check_errexit(L, error);
    lua_pushnil(L);
    lua_pushinteger(L, error);
    return 2;
}

int finish(lua_State* L, double result) {
    if (result == -1) return fail(L, errno);
    lua_pushnumber(L, result);
    lua_pushinteger(L, 0);
    return 2;
}

double whole_number(lua_State* L, int index, double least, double most,
                    int named) {
    if (named == 0) named = index;
    const double n = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index)
                                                       : std::nan("");
    if (std::trunc(n) != n) luaL_argerror(L, named, "whole number expected");
    if (n < least || n > most) luaL_argerror(L, named, "number out of range");
    return n;
}

std::span<const char> bytes_argument(lua_State* L, int index) {
    if (lua_type(L, index) != LUA_TSTRING) luaL_typerror(L, index, "string");
    std::size_t size = 0;
    const char* const bytes = lua_tolstring(L, index, &size);
    return {bytes, size};
}

const char* text_argument(lua_State* L, int index) {
    const auto bytes = bytes_argument(L, index);
    if (std::memchr(bytes.data(), '\0', bytes.size()))
        luaL_argerror(L, index, "text without NUL expected");
    return bytes.data();
}

std::size_t size_argument(lua_State* L, int index) {
    return static_cast<std::size_t>(whole_number(
        L, index, 0, static_cast<double>(std::numeric_limits<int>::max())));
}

} // namespace emilua::sandbox
