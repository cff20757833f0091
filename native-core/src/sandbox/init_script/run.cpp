// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/init_script.hpp"

#include "sandbox/init_script/call.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <strings.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// C.name of what there is none of. It is of another system, or misspelled, and
/// nil in its place could pass for flags that were left out.
int refuse_name(lua_State* L) {
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    return luaL_error(L, "no C.%s on this system", lua_tostring(L, 2));
}

void add(lua_State* L, std::span<const c_function> functions) {
    for (const auto& f : functions) {
        // What failed is named by it.
        lua_pushstring(L, f.name);
        lua_pushcclosure(L, f.call, 1);
        lua_setfield(L, -2, f.name);
    }
}

struct script {
    std::string_view source;
    int arg_fd;
};

int run_protected(lua_State* L) {
    const auto& s = *static_cast<const script*>(lua_touserdata(L, 1));
    open_script_libraries(L);
    open_c_table(L, true);
    if (s.arg_fd != -1) {
        lua_pushinteger(L, s.arg_fd);
        lua_setglobal(L, "arg");
    }
    if (luaL_loadbufferx(L, s.source.data(), s.source.size(), "=init.script",
                         "t") != 0)
        return lua_error(L);
    lua_call(L, 0, 0);
    return 0;
}

} // namespace

void* wiping_allocator(void*, void* block, std::size_t old_size,
                       std::size_t size) noexcept {
    // NOLINTBEGIN(cppcoreguidelines-no-malloc)
    void* const other = size == 0 ? nullptr : std::malloc(size);
    if (size != 0 && !other) return nullptr;
    if (block) {
        if (other) std::memcpy(other, block, std::min(old_size, size));
        ::explicit_bzero(block, old_size);
        std::free(block);
    }
    // NOLINTEND(cppcoreguidelines-no-malloc)
    return other;
}

void open_script_libraries(lua_State* L) {
    constexpr struct {
        const char* name;
        lua_CFunction open;
    } libraries[] = {{"", luaopen_base},
                     {LUA_STRLIBNAME, luaopen_string},
                     {LUA_TABLIBNAME, luaopen_table},
                     {LUA_MATHLIBNAME, luaopen_math},
                     {LUA_BITLIBNAME, luaopen_bit}};
    for (const auto& l : libraries) {
        lua_pushcfunction(L, l.open);
        lua_pushstring(L, l.name);
        lua_call(L, 1, 0);
    }
    // What they read would pass through buffers that nobody wipes.
    for (const char* name : {"dofile", "loadfile"}) {
        lua_pushnil(L);
        lua_setglobal(L, name);
    }
}

void open_c_table(lua_State* L, bool errexit) {
    lua_newtable(L);
    for (const auto& c : c_constants) {
        lua_pushnumber(L, c.value);
        lua_setfield(L, -2, c.name);
    }
    const c_subject* const subjects[] = {&descriptor_calls, &file_calls,
                                         &mount_calls, &process_calls,
                                         &restriction_calls};
    for (const auto* s : subjects) add(L, s->functions);
    lua_newtable(L);
    lua_pushcfunction(L, refuse_name);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setglobal(L, "C");
    lua_pushvalue(L, LUA_GLOBALSINDEX);
    for (const auto* s : subjects) add(L, s->helpers);
    lua_pop(L, 1);
    lua_pushboolean(L, errexit);
    lua_setglobal(L, "errexit");
}

int run_init_script(std::string_view source, int arg_fd) {
    const std::unique_ptr<lua_State, decltype(&lua_close)> state{
        lua_newstate(wiping_allocator, nullptr), lua_close};
    lua_State* const L = state.get();
    if (!L) {
        complain("init.script: no memory");
        return 1;
    }
    script s{source, arg_fd};
    const int result = lua_cpcall(L, run_protected, &s);
    std::fflush(stdout);
    if (result == 0) return 0;
    const char* const text = lua_tostring(L, -1);
    complain(text ? text : "init.script failed");
    return 1;
}

} // namespace emilua::sandbox
