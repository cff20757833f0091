// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/functions.hpp"

#include "faces/lua/call.hpp"
#include "faces/lua/vm.hpp"

#include <boost/asio/error.hpp>

namespace emilua::lua {
namespace {

/// Leaves a stack as high as it was.
class same_height {
public:
    explicit same_height(lua_State* L) noexcept : L_{L}, top_{lua_gettop(L)} {}
    ~same_height() { lua_settop(L_, top_); }
    same_height(const same_height&) = delete;
    same_height& operator=(const same_height&) = delete;

    int top() const noexcept { return top_; }

private:
    lua_State* L_;
    int top_;
};

class kept_function final : public program_function {
public:
    kept_function(lua_vm& v, lua_State* L, int index, const parameter* given_as,
                  std::weak_ptr<void> scope)
        : vm_{v.weak_from_this()}, dropped_{v.dropped},
          scope_{std::move(scope)}, waiting_{&v.identity()}, thread_{L},
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
        if (!v) throw failure{boost::asio::error::operation_aborted};
        if (!v->is_on_turn()) refuse("a call on the turn of its VM");
        if (v->doomed) throw failure{boost::asio::error::operation_aborted};
        const auto scope = scope_.lock();
        if (!scope)
            refuse("a call while the operation lasts that it was given to");
        const outside_fibers here{*v, waiting_, thread_};
        lua_State* L = here.state();
        const same_height height{L};
        luaL_checkstack(L, 32, nullptr);
        lua_rawgeti(L, LUA_REGISTRYINDEX, ref_);
        stack_results out{L};
        write(out, data);
        if (lua_pcall(L, lua_gettop(L) - height.top() - 1, 1, 0) != 0)
            throw raised{L};
        read_result(L, read, data, scope);
    }

private:
    [[noreturn]] void refuse(const char* expected) const {
        failure f{error_code{EPERM, boost::system::system_category()}, nullptr,
                  name_};
        f.expected = expected;
        throw f;
    }

    void read_result(lua_State* L, void (*read)(reader&, place, void*),
                     void* data, const std::shared_ptr<void>& scope) const {
        call_uses used;
        used.share(scope);
        struct result_reader final : stack_reader<reader> {
            using stack_reader::stack_reader;
        } r{L, used};
        try {
            read(r, place{lua_gettop(L)}, data);
        } catch (const argument_error& e) {
            failure f{error_code{EINVAL, boost::system::system_category()},
                      nullptr, name_};
            const auto* wanted = e.wanted;
            const auto* function = what_;
            if (function && function->kind == type_kind::optional)
                function = function->element;
            if (!wanted && function) wanted = function->element;
            f.expected = "a function that returns ";
            f.expected += !e.expected.empty() ? e.expected
                          : wanted            ? explain(*wanted)
                                              : "another value";
            throw f;
        }
    }

    std::weak_ptr<lua_vm> vm_;
    std::shared_ptr<dropped_functions> dropped_;
    /// Ends with the call or the operation it was given to.
    std::weak_ptr<void> scope_;
    /// Who gave it, and where. Both wait as long as `scope_` lasts.
    fiber* waiting_;
    lua_State* thread_;
    /// The argument that it was.
    const char* name_;
    const type* what_;
    int ref_;
};

} // namespace

struct raised::kept {
    explicit kept(lua_State* L)
        : dropped{lua_vm::from_registry(L).dropped}, ref{luaL_ref(
                                                         L,
                                                         LUA_REGISTRYINDEX)} {}
    ~kept() { dropped->add(ref); }
    kept(const kept&) = delete;
    kept& operator=(const kept&) = delete;

    std::shared_ptr<dropped_functions> dropped;
    int ref;
};

raised::raised(lua_State* L) : kept_{std::make_shared<kept>(L)} {}

void raised::push(lua_State* L) const {
    lua_rawgeti(L, LUA_REGISTRYINDEX, kept_->ref);
}

std::shared_ptr<program_function> keep_function(lua_State* L, int index,
                                                const parameter* given_as,
                                                std::weak_ptr<void> scope) {
    return std::make_shared<kept_function>(lua_vm::from_registry(L), L, index,
                                           given_as, std::move(scope));
}

} // namespace emilua::lua
