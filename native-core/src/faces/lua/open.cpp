// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/open.hpp"

#include "core/built_in.hpp"
#include "core/error_names.hpp"
#include "core/similar.hpp"
#include "faces/lua/bind.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/direct.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/format.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/memory.hpp"
#include "faces/lua/vm.hpp"
#include "modules/modules.hpp"

// The prelude's bytecode.
#include "coroutine.h"
#include "direct.h"
#include "fiber.h"
#include "modules.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace emilua::lua {

const char fiber_threads_key{}, native_yield_key{}, unwind_key{},
    unwind_failed_key{}, cancellation_key{};

namespace {

const char vm_key{}, native_key{}, fiber_key{}, ffi_key{}, prepare_key{};

void set_registry(lua_State* L, const char& key) {
    lua_pushlightuserdata(L, const_cast<char*>(&key));
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

void push_field_of(lua_State* L, const char& key, const char* field) {
    lua_vm::push_registry(L, &key);
    lua_getfield(L, -1, field);
    lua_remove(L, -2);
}

void open_library(lua_State* L, lua_CFunction open, const char* name,
                  int results = 0) {
    lua_pushcfunction(L, open);
    lua_pushstring(L, name);
    lua_call(L, 1, results);
}

int new_error(lua_State* L) {
    const std::string_view name = luaL_checkstring(L, 1);
    if (name == "coroutine_busy") {
        push_error(L, error_code{EPERM, boost::system::system_category()});
        return 1;
    }
    const auto* e = find_runtime_error(name);
    if (!e) return 0;
    push_error(L, e->code);
    return 1;
}

// Which of the names in "one of the fields a, b, c" is meant.
std::string meant_field(std::string_view fields, std::string_view name) {
    similar_name similar{name};
    while (!fields.empty()) {
        const auto comma = fields.find(", ");
        similar.consider(fields.substr(0, comma));
        fields.remove_prefix(comma == fields.npos ? fields.size() : comma + 2);
    }
    return is_it_meant(similar.best());
}

// raise_argument(number, expected [, what was given [, name [, key]]])
//
// `name` is that of the argument, or the way to a part of it.
int raise_argument_native(lua_State* L) {
    const char* expected = lua_tostring(L, 2);
    int given = lua_gettop(L) > 2 ? 3 : 0;
    {
        // Of an unknown field the path says which.
        constexpr std::string_view fields = "one of the fields ";
        std::string meant;
        if (const std::string_view e = expected; e.starts_with(fields)) {
            meant = meant_field(e.substr(fields.size()), text_of(L, 5));
            given = 0;
        }
        std::string path{text_of(L, 4)};
        if (lua_type(L, 5) == LUA_TSTRING)
            path += '.' + std::string{text_of(L, 5)};
        else if (lua_type(L, 5) == LUA_TNUMBER)
            path += '[' + std::to_string(lua_tointeger(L, 5)) + ']';
        push_argument_error(L, static_cast<int>(lua_tointeger(L, 1)), expected);
        if (path.find_first_of(".[") != path.npos) set_text(L, "path", path);
        explain_argument(L, path.empty() ? nullptr : path.c_str(), expected,
                         given);
        if (!meant.empty()) {
            lua_getfield(L, -1, "message");
            const std::string message{text_of(L, -1)};
            lua_pop(L, 1);
            set_text(L, "message", message + meant);
        }
    }
    return lua_error(L);
}

int raise_no_handler(lua_State* L) { raise(L, errc::no_cleanup_handler); }

// Of what may not suspend after all, so that it is refused all the same.
int check_suspension(lua_State* L) {
    lua_vm::of(L).check_suspension(L);
    return 0;
}

int is_byte_span(lua_State* L) {
    lua_pushboolean(L, to_byte_span(L, 1) != nullptr);
    return 1;
}

int is_system_error(lua_State* L) {
    error_code ec;
    lua_pushboolean(L, to_error_code(L, 1, ec) &&
                           ec.category() != emilua_category());
    return 1;
}

// The global byte_span, for the prelude.
int open_byte_span_native(lua_State* L) {
    open_ffi(L);
    lua_getglobal(L, "byte_span");
    return 1;
}

// open_coroutines(fiber): the chunk of coroutines.
int open_coroutines(lua_State* L) {
    load_chunk(L, luaJIT_BC_coroutine, luaJIT_BC_coroutine_SIZE, "coroutine");
    push_natives(L);
    lua_pushlightuserdata(L, const_cast<char*>(&native_yield_key));
    lua_vm::push_registry(L, &fiber_threads_key);
    lua_pushvalue(L, 1);
    lua_call(L, 4, 1);
    return 1;
}

} // namespace

void push_search_path(lua_State* L) {
    lua_newtable(L);
    int n = 0;
    if (has_built_in_packages()) {
        lua_pushlstring(L, built_in_packages.data(), built_in_packages.size());
        lua_rawseti(L, -2, ++n);
    }
    const char* path = std::getenv("EMILUA_PATH");
    std::string_view rest = path ? path : "";
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const auto directory = rest.substr(0, colon);
        if (!directory.empty()) {
            lua_pushlstring(L, directory.data(), directory.size());
            lua_rawseti(L, -2, ++n);
        }
        rest = colon == rest.npos ? "" : rest.substr(colon + 1);
    }
    lua_pushliteral(L, EMILUA_DEFAULT_MODULE_PATH);
    lua_rawseti(L, -2, ++n);
}

namespace {

void open_libraries(lua_State* L) {
    open_library(L, luaopen_base, "");
    open_library(L, luaopen_string, LUA_STRLIBNAME);
    open_library(L, luaopen_table, LUA_TABLIBNAME);
    open_library(L, luaopen_math, LUA_MATHLIBNAME);
    open_library(L, luaopen_bit, LUA_BITLIBNAME);
    open_library(L, luaopen_jit, LUA_JITLIBNAME);
    lua_getglobal(L, "jit");
    lua_getfield(L, -1, "opt");
    lua_getfield(L, -1, "start");
    lua_pushliteral(L, "maxtrace=8000");
    lua_pushliteral(L, "maxrecord=16000");
    lua_pushliteral(L, "maxmcode=40960");
    lua_call(L, 3, 0);
    lua_settop(L, 0);
    // Proxies without a metatable of ours have no use here.
    lua_pushnil(L);
    lua_setglobal(L, "newproxy");
}

// As luaL_newstate has it.
int panic(lua_State* L) {
    std::fprintf(stderr, "PANIC: unprotected error in call to Lua API (%s)\n",
                 text_of(L, -1).data());
    return 0;
}

lua_State* new_state(state_memory* memory) {
    if (!memory) return luaL_newstate();
    lua_State* L = lua_newstate(state_memory::allocate, memory);
    if (L) lua_atpanic(L, panic);
    return L;
}

} // namespace

lua_State* make_state(state_memory* memory) {
    lua_State* L = new_state(memory);
    if (!L) return nullptr;
    // All that is made here stays.
    lua_gc(L, LUA_GCSTOP, 0);
    open_libraries(L);
    return L;
}

lua_vm& lua_vm::from_registry(lua_State* L) {
    push_registry(L, &vm_key);
    auto* v = static_cast<lua_vm*>(lua_touserdata(L, -1));
    lua_pop(L, 1);
    return *v;
}

void load_chunk(lua_State* L, const unsigned char* bytecode, std::size_t size,
                const char* name) {
    const char* shown = lua_pushfstring(L, "%s %s]", chunk_prefix, name);
    if (luaL_loadbuffer(L, reinterpret_cast<const char*>(bytecode), size,
                        shown) != 0)
        lua_error(L);
    lua_remove(L, -2);
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, "_G");
    lua_remove(L, -2);
    lua_setfenv(L, -2);
}

void push_natives(lua_State* L) { lua_vm::push_registry(L, &native_key); }

namespace {

// Takes the function that knows spans from the top.
void open_direct(lua_State* L) {
    load_chunk(L, luaJIT_BC_direct, luaJIT_BC_direct_SIZE, "direct");
    lua_insert(L, -2);
    lua_vm::push_registry(L, &ffi_key);
    lua_insert(L, -2);
    push_natives(L);
    auto& v = lua_vm::from_registry(L);
    v.direct = std::make_unique<direct_calls>();
    lua_pushlightuserdata(L, &v);
    lua_pushlightuserdata(L, &v.direct->frame);
    lua_pushlightuserdata(L, reinterpret_cast<void*>(&write_directly));
    lua_pushlightuserdata(L, reinterpret_cast<void*>(&transfer_directly));
    lua_pushlightuserdata(L, reinterpret_cast<void*>(&call_directly));
    lua_call(L, 8, 0);
}

} // namespace

void push_ffi(lua_State* L) {
    open_ffi(L);
    lua_vm::push_registry(L, &ffi_key);
}

void open_ffi(lua_State* L) {
    luaL_checkstack(L, 16, "no room for the FFI");
    lua_vm::push_registry(L, &ffi_key);
    const bool open = !lua_isnil(L, -1);
    lua_pop(L, 1);
    if (open) return;
    // A program with a literal such as 1LL has loaded the library already.
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, LUA_FFILIBNAME);
    lua_remove(L, -2);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        open_library(L, luaopen_ffi, LUA_FFILIBNAME, 1);
    }
    guard_finalizers(L);
    lua_pushvalue(L, -1);
    set_registry(L, ffi_key);
    // Nothing of the program may come between the library and its first user.
    push_field_of(L, native_key, "raw_pcall");
    open_byte_span(L);
    open_direct(L);
    watch_module(L, "byte_span");
    auto* globals = lua_vm::from_registry(L).state();
    lua_xmove(L, globals, 1);
    lua_setglobal(globals, "byte_span");
}

void push_wrap_suspending(lua_State* L) {
    push_field_of(L, fiber_key, "wrap_suspending");
}
void push_wrap_directly(lua_State* L, const char* name) {
    open_ffi(L);
    push_field_of(L, native_key, name);
}
void push_class_index(lua_State* L) {
    push_field_of(L, fiber_key, "class_index");
}
void push_module_index(lua_State* L) {
    push_field_of(L, fiber_key, "module_index");
}

void push_scope(lua_State* L) { push_field_of(L, fiber_key, "scope"); }

void add_native(lua_State* L, lua_vm& v, const char* name, lua_CFunction f) {
    lua_pushlightuserdata(L, &v);
    lua_pushcclosure(L, f, 1);
    lua_setfield(L, -2, name);
}

void open_vm(lua_State* L, lua_vm& v) {
    lua_pushlightuserdata(L, &v);
    set_registry(L, vm_key);
    open_errors(L);
    lua_createtable(L, 0, 64);
    add_fiber_natives(L, v);
    add_actor_natives(L, v);
    add_module_natives(L, v);
    add_native(L, v, "new_error", new_error);
    add_native(L, v, "raise_argument", raise_argument_native);
    add_native(L, v, "refuse_member", refuse_member);
    add_native(L, v, "note_missing", note_missing);
    add_native(L, v, "raise_no_handler", raise_no_handler);
    add_native(L, v, "check_suspension", check_suspension);
    add_native(L, v, "direct_failure", direct_failure);
    add_native(L, v, "take_object", take_object);
    add_native(L, v, "take_list", take_list);
    add_native(L, v, "is_byte_span", is_byte_span);
    add_native(L, v, "is_system_error", is_system_error);
    add_native(L, v, "open_byte_span", open_byte_span_native);
    add_native(L, v, "open_coroutines", open_coroutines);
    lua_createtable(L, 0, 1);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "requested");
    lua_pushvalue(L, -1);
    set_registry(L, cancellation_key);
    lua_setfield(L, -2, "cancellation");
    lua_pushvalue(L, -1);
    set_registry(L, native_key);
    const int native = lua_gettop(L);

    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    set_registry(L, fiber_threads_key);

    load_chunk(L, luaJIT_BC_fiber, luaJIT_BC_fiber_SIZE, "fiber");
    lua_pushvalue(L, native);
    lua_call(L, 1, 1);
    const int fiber = lua_gettop(L);
    lua_getfield(L, fiber, "unwind_finished");
    set_registry(L, unwind_key);
    lua_getfield(L, fiber, "unwind_failed");
    set_registry(L, unwind_failed_key);
    lua_pushvalue(L, fiber);
    set_registry(L, fiber_key);

    load_chunk(L, luaJIT_BC_modules, luaJIT_BC_modules_SIZE, "modules");
    lua_pushvalue(L, native);
    lua_pushvalue(L, fiber);
    push_open_builtin(L, v);
    lua_call(L, 3, 1);
    set_registry(L, prepare_key);

    lua_getfield(L, native, "spawn_context_threads");
    lua_setglobal(L, "spawn_context_threads");
    lua_pushcfunction(L, format);
    lua_setglobal(L, "format");
    lua_settop(L, 0);
    lua_gc(L, LUA_GCRESTART, -1);
}

void push_program(lua_State* L, lua_vm& v) {
    auto& o = v.options();
    lua_vm::push_registry(L, &prepare_key);
    lua_pushlstring(L, o.program.data(), o.program.size());
    if (o.root.empty())
        lua_pushnil(L);
    else
        lua_pushlstring(L, o.root.data(), o.root.size());
    lua_pushlstring(L, o.role.data(), o.role.size());
    lua_call(L, 3, 1);
}

} // namespace emilua::lua
