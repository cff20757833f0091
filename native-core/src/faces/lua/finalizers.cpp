// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/report.hpp"
#include "faces/lua/vm.hpp"

#include "finalizers.h" // the prelude's bytecode

namespace emilua::lua {
namespace {

// run(finalizer, object): LuaJIT would raise what it raises out of whatever
// allocated memory.
int run_finalizer(lua_State* L) {
    auto& v = lua_vm::of(L);
    const outside_fibers here{v, L};
    lua_settop(L, 2);
    push_scope(L);
    lua_insert(L, 1);
    const bool was_exiting = v.exiting();
    if (lua_pcall(L, 2, 0, 0) != 0 && v.exiting() == was_exiting) {
        report("Finalizer in " + v.name() + " panicked: '" +
               describe_error(L, -1) + "'");
        v.fail_unseen();
        v.panicked();
    }
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
