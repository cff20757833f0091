// SPDX-License-Identifier: MIT OR BSL-1.0
// The modules that come with Emilua, as Lua sees them.
#include "faces/lua/actors.hpp"
#include "faces/lua/bind.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/vm.hpp"

#include "core/plugins.hpp"
#include "modules/modules.hpp"

#include "module_chunks.h" // generated: modules/NAME/*.lua as bytecode

#include <cstring>
#include <string_view>

namespace emilua::lua {
namespace {

/// A module that this face makes without a description.
struct face_module {
    const char* id;
    void (*push)(lua_State* L, lua_vm& v, const char* id);
};

constexpr face_module face_modules[] = {
    {"asio_error",
     [](lua_State* L, lua_vm&, const char*) { push_asio_error(L); }},
    {"condition_variable", push_synchronisation},
    {"ffi", [](lua_State* L, lua_vm&, const char*) { push_ffi(L); }},
    {"future", push_synchronisation},
    {"generic_error",
     [](lua_State* L, lua_vm&, const char*) { push_generic_error(L); }},
    {"inbox", [](lua_State* L, lua_vm& v, const char*) { push_inbox(L, v); }},
    {"mutex", push_synchronisation},
    {"recursive_mutex", push_synchronisation},
};

const face_module* find_face_module(std::string_view id) {
    for (auto& m : face_modules)
        if (id == m.id) return &m;
    return nullptr;
}

const module_chunk* find_chunk(std::string_view id) {
    for (auto& c : module_chunks)
        if (id == c.id) return &c;
    return nullptr;
}

const module_description* find_described(std::string_view id) {
    // Of a part of the runtime Lua has other ways to it.
    const auto* d = find_plugin(id) ? nullptr : find_module(id);
    return d && !d->internal ? d : nullptr;
}

// Both functions that open modules have the VM and the table of open modules
// as upvalues.
void push_opener(lua_State* L, lua_vm& v, int opened, lua_CFunction f) {
    lua_pushlightuserdata(L, &v);
    lua_pushvalue(L, opened);
    lua_pushcclosure(L, f, 2);
}

int use(lua_State* L);

// Calls the chunk with the table at the top, which is to be the module, and
// replaces it by the one that the chunk returns, if it does.
void complete(lua_State* L, lua_vm& v, const module_chunk& chunk) {
    load_chunk(L, chunk.bytecode, chunk.size, chunk.id);
    push_natives(L);
    lua_pushvalue(L, -3);
    push_opener(L, v, lua_upvalueindex(2), use);
    lua_call(L, 3, 1);
    lua_remove(L, lua_isnil(L, -1) ? -1 : -2);
}

// Pushes the built-in module, which is none that is open.
void open(lua_State* L, lua_vm& v, const char* id) {
    if (auto* m = find_face_module(id)) {
        m->push(L, v, id);
    } else {
        if (auto* d = find_described(id))
            push_module(L, *d);
        else
            lua_newtable(L);
        if (auto* chunk = find_chunk(id)) complete(L, v, *chunk);
    }
    // Not LuaJIT's own, which is no module of ours.
    if (lua_istable(L, -1) && std::string_view{id} != LUA_FFILIBNAME)
        watch_module(L, id);
    lua_pushstring(L, id);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(2));
}

bool push_opened(lua_State* L, const char* id) {
    lua_pushstring(L, id);
    lua_rawget(L, lua_upvalueindex(2));
    if (!lua_isnil(L, -1)) return true;
    lua_pop(L, 1);
    return false;
}

// use(id), for chunks: a built-in module, or a part of one ('stream.scanner').
int use(lua_State* L) {
    auto& v = lua_vm::of(L);
    const char* id = luaL_checkstring(L, 1);
    if (push_opened(L, id)) return 1;
    if (!is_builtin_module(id) && !find_chunk(id))
        raise(L, errc::module_not_found);
    open(L, v, id);
    return 1;
}

// open_builtin(id, may_open): see push_open_builtin.
int open_builtin(lua_State* L) {
    auto& v = lua_vm::of(L);
    const char* id = luaL_checkstring(L, 1);
    const bool may_open = lua_toboolean(L, 2) != 0;
    if (push_opened(L, id)) return 1;
    if (!is_builtin_module(id)) return 0;
    if (may_open)
        open(L, v, id);
    else
        lua_pushboolean(L, 0);
    return 1;
}

} // namespace

bool is_builtin_module(const char* id) {
    return find_face_module(id) ||
           (!std::strchr(id, '.') && (find_chunk(id) || find_described(id)));
}

void push_builtin_names(lua_State* L) {
    const auto add = [L](const char* id) {
        if (!is_builtin_module(id)) return;
        lua_pushboolean(L, 1);
        lua_setfield(L, -2, id);
    };
    lua_newtable(L);
    for (const auto& m : face_modules) add(m.id);
    for (const auto& c : module_chunks) add(c.id);
    for (const auto& m : builtin_modules()) add(m.name);
}

void push_open_builtin(lua_State* L, lua_vm& v) {
    lua_newtable(L);
    push_opener(L, v, -2, open_builtin);
    lua_remove(L, -2);
}

} // namespace emilua::lua
