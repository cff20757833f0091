// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/functions.hpp"

#include "faces/lua/call.hpp"
#include "faces/lua/vm.hpp"

#include <boost/asio/error.hpp>

namespace emilua::lua {
namespace {

class kept_function final : public program_function {
public:
    kept_function(lua_vm& v, lua_State* L, int index, const parameter* given_as)
        : vm_{v.weak_from_this()}, dropped_{v.dropped},
          name_{given_as ? given_as->name : nullptr}, what_{given_as
                                                                ? given_as->what
                                                                : nullptr} {
        dropped_->forget(L);
        lua_pushvalue(L, index);
        ref_ = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    kept_function(const kept_function&) = delete;
    kept_function& operator=(const kept_function&) = delete;
    ~kept_function() override { dropped_->add(ref_); }

    void invoke(void (*write)(results&, void*),
                void (*read)(reader&, place, void*), void* data) override {
        const auto v = vm_.lock();
        if (!v || v->doomed)
            throw failure{boost::asio::error::operation_aborted};
        const outside_fibers here{*v};
        lua_State* L = here.state();
        const int top = lua_gettop(L);
        luaL_checkstack(L, 32, nullptr);
        lua_rawgeti(L, LUA_REGISTRYINDEX, ref_);
        stack_results out{L};
        write(out, data);
        if (lua_pcall(L, lua_gettop(L) - top - 1, 1, 0) != 0) throw raised{L};
        read_result(L, read, data);
        lua_settop(L, top);
    }

private:
    void read_result(lua_State* L, void (*read)(reader&, place, void*),
                     void* data) const {
        struct result_reader final : stack_reader<reader> {
            using stack_reader<reader>::stack_reader;
        } r{L};
        try {
            read(r, place{lua_gettop(L)}, data);
        } catch (const argument_error& e) {
            failure f{error_code{EINVAL, boost::system::system_category()},
                      nullptr, name_};
            const auto* wanted = e.wanted;
            if (!wanted && what_) wanted = what_->element;
            f.expected = "a function that returns ";
            f.expected += !e.expected.empty() ? e.expected
                          : wanted            ? explain(*wanted)
                                              : "another value";
            throw f;
        }
    }

    std::weak_ptr<lua_vm> vm_;
    std::shared_ptr<dropped_functions> dropped_;
    /// The argument that it was.
    const char* name_;
    const type* what_;
    int ref_;
};

} // namespace

std::shared_ptr<program_function> keep_function(lua_State* L, int index,
                                                const parameter* given_as) {
    return std::make_shared<kept_function>(lua_vm::from_registry(L), L, index,
                                           given_as);
}

} // namespace emilua::lua
