// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/functions.hpp"

#include "faces/lua/call.hpp"
#include "faces/lua/vm.hpp"

namespace emilua::lua {
namespace {

class kept_function final : public program_function {
public:
    kept_function(lua_State* L, int index) : vm_{lua_vm::from_registry(L)} {
        lua_pushvalue(L, index);
        ref_ = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    kept_function(const kept_function&) = delete;
    kept_function& operator=(const kept_function&) = delete;
    ~kept_function() override {
        luaL_unref(vm_.state(), LUA_REGISTRYINDEX, ref_);
    }

    void invoke(void (*write)(results&, void*),
                void (*read)(reader&, place, void*), void* data) override {
        const outside_fibers here{vm_};
        lua_State* L = here.state();
        const int top = lua_gettop(L);
        luaL_checkstack(L, 32, nullptr);
        lua_rawgeti(L, LUA_REGISTRYINDEX, ref_);
        stack_results out{L};
        write(out, data);
        if (lua_pcall(L, lua_gettop(L) - top - 1, 1, 0) != 0) throw raised{L};
        struct result_reader final : stack_reader<reader> {
            using stack_reader<reader>::stack_reader;
        } r{L};
        read(r, place{lua_gettop(L)}, data);
        lua_settop(L, top);
    }

private:
    lua_vm& vm_;
    int ref_;
};

} // namespace

std::shared_ptr<program_function> keep_function(lua_State* L, int index) {
    return std::make_shared<kept_function>(L, index);
}

} // namespace emilua::lua
