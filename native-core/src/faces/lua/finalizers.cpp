// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/report.hpp"
#include "faces/lua/vm.hpp"

#include "finalizers.h" // the prelude's bytecode

namespace emilua::lua {
namespace {

// run(finalizer, object): LuaJIT would raise what it raises out of whatever
// allocated memory. That may be done for a fiber that waits, on whose thread
// nothing must be raised, because it would start anew instead of going on.
int run_finalizer(lua_State* caller) {
    auto& v = lua_vm::of(caller);
    lua_State* const L = lua_status(caller) == LUA_YIELD ? v.state() : caller;
    lua_settop(caller, 2);
    if (L != caller) {
        if (!lua_checkstack(L, 4)) throw std::bad_alloc{};
        lua_xmove(caller, L, 2);
    }
    const outside_fibers here{v, L};
    push_scope(L);
    lua_insert(L, -3);
    const int top = lua_gettop(L) - 3;
    const bool was_exiting = v.exiting();
    if (lua_pcall(L, 2, 0, 0) != 0 && v.exiting() == was_exiting) {
        report("Finalizer in " + v.name() + " panicked: '" +
               describe_error(L, -1) + "'");
        v.fail_unseen();
        v.panicked();
    }
    if (L != caller) lua_settop(L, top);
    return 0;
}

} // namespace

void guard_finalizers(lua_State* L) {
    load_chunk(L, luaJIT_BC_finalizers, luaJIT_BC_finalizers_SIZE,
               "finalizers");
    lua_pushvalue(L, -2);
    lua_pushlightuserdata(L, &lua_vm::from_registry(L));
    lua_pushcclosure(L, run_finalizer, 1);
    lua_call(L, 2, 0);
}

} // namespace emilua::lua
