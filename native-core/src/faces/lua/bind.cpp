// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/bind.hpp"

#include "faces/lua/byte_span.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/vm.hpp"

#include <boost/asio/error.hpp>

#include <cmath>
#include <cstring>

namespace emilua::lua {
namespace {

// An object of a described class: its description, then the object.
constexpr std::size_t object_offset = alignof(std::max_align_t);

std::byte* payload(void* userdata) noexcept {
    return static_cast<std::byte*>(userdata) + object_offset;
}

const class_description*& description(void* userdata) noexcept {
    return *static_cast<const class_description**>(userdata);
}

} // namespace

void* to_object(lua_State* L, int index, const class_description& cls) {
    auto* p = to_tagged<tagged>(L, index, &cls);
    return p ? payload(p) : nullptr;
}

const class_description* described_class(lua_State* L, int index) {
    auto* p = static_cast<tagged*>(lua_touserdata(L, index));
    if (!p || lua_type(L, index) != LUA_TUSERDATA || !p->tag ||
        !lua_getmetatable(L, index))
        return nullptr;
    lua_vm::push_registry(L, p->tag);
    const bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return same ? static_cast<const class_description*>(p->tag) : nullptr;
}

// --- results ----------------------------------------------------------------

void stack_results::nil() { lua_pushnil(L_); }
void stack_results::boolean(bool v) { lua_pushboolean(L_, v); }
void stack_results::number(double v) { lua_pushnumber(L_, v); }
void stack_results::string(std::string_view v) {
    lua_pushlstring(L_, v.data(), v.size());
}

void stack_results::bytes(std::string_view v) {
    auto* span = push_new_byte_span(L_, v.size(), v.size());
    if (!v.empty()) std::memcpy(span->data, v.data(), v.size());
}

void* stack_results::begin_object(const class_description& cls) {
    void* p = lua_newuserdata(L_, object_offset + cls.size);
    description(p) = &cls;
    // Made first: nothing may fail between construction and metatable.
    push_class_metatable(L_, lua_vm::from_registry(L_), cls);
    lua_insert(L_, -2);
    return payload(p);
}

void stack_results::end_object() {
    lua_insert(L_, -2);
    lua_setmetatable(L_, -2);
}

void stack_results::any(const value& v) { push_value(L_, v); }

void push_value(lua_State* L, const value& v) {
    luaL_checkstack(L, 8, "message too deep");
    v.visit([L](const auto& x) {
        using T = std::remove_cvref_t<decltype(x)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
            lua_pushnil(L);
        } else if constexpr (std::is_same_v<T, bool>) {
            lua_pushboolean(L, x);
        } else if constexpr (std::is_arithmetic_v<T>) {
            lua_pushnumber(L, static_cast<double>(x));
        } else if constexpr (std::is_same_v<T, std::string>) {
            lua_pushlstring(L, x.data(), x.size());
        } else if constexpr (std::is_same_v<T, value::bytes>) {
            stack_results{L}.bytes(x.data);
        } else if constexpr (std::is_same_v<T, value::list>) {
            lua_createtable(L, static_cast<int>(x.size()), 0);
            for (std::size_t i = 0; i < x.size(); ++i) {
                push_value(L, x[i]);
                lua_rawseti(L, -2, static_cast<int>(i + 1));
            }
        } else if constexpr (std::is_same_v<T, value::record>) {
            lua_createtable(L, 0, static_cast<int>(x.size()));
            for (auto& [key, member] : x) {
                lua_pushlstring(L, key.data(), key.size());
                push_value(L, member);
                lua_rawset(L, -3);
            }
        } else if constexpr (std::is_same_v<T, boxed>) {
            stack_results out{L};
            void* to = out.begin_object(*x.cls);
            if (x.cls->is_value())
                x.cls->from_wire(to, x.cls->to_wire(x.object.get()));
            else
                x.cls->relocate(to, x.object.get());
            out.end_object();
        } else {
            push_channel(L, x);
        }
    });
}

// --- calls ------------------------------------------------------------------

namespace {

int first_argument(const member& m) noexcept {
    return m.cls && (m.kind == member_kind::method ||
                     m.kind == member_kind::property)
               ? 2
               : 1;
}

// `arg`, and what was expected, on the error table at the top.
void name_argument(lua_State* L, const member* m, const char* argument,
                   const std::string& expected = {}) {
    if (argument && m) {
        for (std::size_t i = 0; i < m->parameters.size(); ++i) {
            if (m->parameters[i].name != argument) continue;
            lua_pushinteger(L, first_argument(*m) + static_cast<int>(i));
            lua_setfield(L, -2, "arg");
        }
    }
    if (!expected.empty()) {
        lua_pushlstring(L, expected.data(), expected.size());
        lua_setfield(L, -2, "expected");
    }
}

} // namespace

void push_outcome(lua_State* L, operation& op) {
    if (!op.error) {
        stack_results out{L};
        lua_pushboolean(L, 1);
        op.deliver(out);
        return;
    }
    lua_pushboolean(L, 0);
    if (op.cancel_requested &&
        op.error == boost::asio::error::operation_aborted)
        push_error(L, errc::fiber_canceled);
    else
        push_error(L, op.error,
                   op.syscall ? op.syscall : op.what->name.c_str());
    name_argument(L, op.what, op.argument,
                  op.expected ? *op.expected : std::string{});
}

namespace {

class stack_call final : public call {
public:
    stack_call(lua_State* L, lua_vm& v, int base) noexcept
        : call{v}, L_{L}, out_{L}, base_{base}, top_{lua_gettop(L)} {}

    bool is_nil(unsigned i) override { return lua_isnoneornil(L_, at(i)); }

    type_kind kind(unsigned i) override {
        const int index = at(i);
        switch (lua_type(L_, index)) {
        case LUA_TBOOLEAN:
            return type_kind::boolean;
        case LUA_TNUMBER:
            return type_kind::number;
        case LUA_TSTRING:
            return type_kind::string;
        case LUA_TUSERDATA:
            return type_kind::object;
        case LUA_TTABLE:
            if (lua_objlen(L_, index) > 0) return type_kind::list;
            lua_pushnil(L_);
            if (lua_next(L_, index) == 0) return type_kind::list;
            lua_pop(L_, 2);
            return type_kind::record;
        default:
            return to_byte_span(L_, index) ? type_kind::mutable_bytes
                                           : type_kind::nothing;
        }
    }

    bool boolean(unsigned i) override {
        if (lua_type(L_, at(i)) != LUA_TBOOLEAN)
            throw argument_error{i, "a boolean"};
        return lua_toboolean(L_, at(i)) != 0;
    }

    double number(unsigned i) override {
        if (lua_type(L_, at(i)) != LUA_TNUMBER)
            throw argument_error{i, "a number"};
        return lua_tonumber(L_, at(i));
    }

    std::string_view string(unsigned i) override {
        if (lua_type(L_, at(i)) != LUA_TSTRING)
            throw argument_error{i, "a string"};
        std::size_t size = 0;
        const char* p = lua_tolstring(L_, at(i), &size);
        return {p, size};
    }

    mutable_bytes writable(unsigned i) override {
        auto* s = to_byte_span(L_, at(i));
        if (!s) throw argument_error{i, "a byte_span"};
        return {s->data, static_cast<std::size_t>(s->length)};
    }

    const_bytes readable(unsigned i) override {
        auto* s = to_byte_span(L_, at(i));
        if (!s) throw argument_error{i, "a byte_span"};
        return {s->data, static_cast<std::size_t>(s->length)};
    }

    void* object(unsigned i, const class_description& cls) override {
        return to_object(L_, at(i), cls);
    }

    value any(unsigned i) override {
        if (is_nil(i)) return {};
        try {
            return to_message(L_, at(i));
        } catch (const not_sendable& e) {
            throw argument_error{i,
                                 "a value that can be copied, not " + e.what};
        }
    }

    results& out() override { return out_; }

private:
    // Results are pushed above the arguments, and an argument left out must
    // not be mistaken for one of them.
    int at(unsigned i) const noexcept {
        const int index = base_ + static_cast<int>(i);
        return index <= top_ ? index : top_ + 4096;
    }

    lua_State* L_;
    stack_results out_;
    int base_;
    int top_;
};

// Calls `f`; false when it failed and the error is at the top. C++ exceptions
// end here, and Lua's pass through.
bool guarded(lua_State* L, stack_call& c, void (*f)(call&), const member* m,
             int base) {
    try {
        f(c);
        return true;
    } catch (const failure& e) {
        push_error(L, e.code, e.syscall);
        name_argument(L, m, e.argument, e.expected);
    } catch (const argument_error& e) {
        push_argument_error(L, base + static_cast<int>(e.index),
                            e.expected.c_str());
    } catch (const boost::system::system_error& e) {
        push_error(L, e.code());
    } catch (const std::bad_alloc&) {
        push_error(L, error_code{ENOMEM, boost::system::system_category()});
    }
    return false;
}

const member& upvalue_member(lua_State* L) {
    return *static_cast<const member*>(lua_touserdata(L, lua_upvalueindex(2)));
}

// The receiver of a method, or null; `base` is the first argument's index.
void* receiver(lua_State* L, const member& m, int& base) {
    base = first_argument(m);
    if (base == 1) return nullptr;
    void* self = to_object(L, 1, *m.cls);
    if (!self) raise_argument(L, 1, m.cls->name.c_str());
    return self;
}

int call_sync(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& m = upvalue_member(L);
    int base = 0;
    void* self = receiver(L, m, base);
    if (m.master_only && !v.is_master()) raise(L, errc::only_master_vm);
    const int top = lua_gettop(L);
    bool ok;
    {
        stack_call c{L, v, base};
        c.self = self;
        ok = guarded(L, c, m.invoke, &m, base);
    }
    if (!ok) return lua_error(L);
    return lua_gettop(L) - top;
}

int call_async(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& m = upvalue_member(L);
    int base = 0;
    void* self = receiver(L, m, base);
    v.check_suspension(L);
    if (m.master_only && !v.is_master()) raise(L, errc::only_master_vm);
    operation* op;
    {
        stack_call c{L, v, base};
        c.self = self;
        if (!guarded(L, c, m.invoke, &m, base)) {
            lua_pushboolean(L, 0);
            lua_insert(L, -2);
            return 2;
        }
        op = c.started;
    }
    op->waiter = &v.current();
    op->what = &m;
    auto expected = operation::state::initiating;
    if (op->progress.compare_exchange_strong(
            expected, operation::state::pending, std::memory_order_acq_rel)) {
        v.current().pending = op;
        return v.suspend(L, m.name.c_str());
    }
    const int top = lua_gettop(L);
    op->cancellation.slot().clear();
    push_outcome(L, *op);
    op->destroy();
    return lua_gettop(L) - top;
}

int call_metamethod(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto* cls = static_cast<const class_description*>(
        lua_touserdata(L, lua_upvalueindex(2)));
    const auto& entry = cls->metamethods[static_cast<std::size_t>(
        lua_tointeger(L, lua_upvalueindex(3)))];
    void* self = to_object(L, 1, *cls);
    if (entry.which == metamethod::eq && (!self || !to_object(L, 2, *cls))) {
        lua_pushboolean(L, 0);
        return 1;
    }
    if (!self) raise_argument(L, 1, cls->name.c_str());
    const int top = lua_gettop(L);
    bool ok;
    {
        stack_call c{L, v, 2};
        c.self = self;
        ok = guarded(L, c, entry.invoke, nullptr, 2);
    }
    if (!ok) return lua_error(L);
    return lua_gettop(L) - top;
}

int set_property(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& m = upvalue_member(L);
    void* self = to_object(L, 1, *m.cls);
    if (!self) raise_argument(L, 1, m.cls->name.c_str());
    bool ok;
    {
        stack_call c{L, v, 2};
        c.self = self;
        ok = guarded(L, c, m.assign, &m, 2);
    }
    if (!ok) return lua_error(L);
    return 0;
}

int collect_object(lua_State* L) {
    void* p = lua_touserdata(L, 1);
    // Null when a message moved it away.
    if (auto* cls = std::exchange(description(p), nullptr))
        cls->destroy(payload(p));
    return 0;
}

void push_callable(lua_State* L, lua_vm& v, const member& m) {
    if (m.suspends) {
        push_wrap_suspending(L);
        lua_pushlightuserdata(L, &v);
        lua_pushlightuserdata(L, const_cast<member*>(&m));
        lua_pushcclosure(L, call_async, 2);
        lua_call(L, 1, 1);
    } else {
        lua_pushlightuserdata(L, &v);
        lua_pushlightuserdata(L, const_cast<member*>(&m));
        lua_pushcclosure(L, call_sync, 2);
    }
}

// Leaves at the top the table that the dotted `name` lives in, below the
// table at `root`, and returns the last part of the name.
std::string_view enter_namespace(lua_State* L, int root,
                                 std::string_view name) {
    lua_pushvalue(L, root);
    for (;;) {
        const auto dot = name.find('.');
        if (dot == name.npos) return name;
        lua_pushlstring(L, name.data(), dot);
        lua_pushvalue(L, -1);
        lua_rawget(L, -3);
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, -5);
        }
        lua_replace(L, -3);
        lua_pop(L, 1);
        name.remove_prefix(dot + 1);
    }
}

void set_in_namespace(lua_State* L, int root, std::string_view name) {
    const auto last = enter_namespace(L, root, name);
    lua_pushlstring(L, last.data(), last.size());
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

} // namespace

void push_class_metatable(lua_State* L, lua_vm& v,
                          const class_description& cls) {
    lua_vm::push_registry(L, &cls);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 8);
    lua_createtable(L, 0, 16); // methods
    lua_createtable(L, 0, 8);  // getters
    lua_createtable(L, 0, 2);  // setters
    const int setters = lua_gettop(L), getters = setters - 1,
              methods = setters - 2, mt = setters - 3;
    for (auto& m : cls.members) {
        if (m.kind == member_kind::method) {
            push_callable(L, v, m);
            lua_setfield(L, methods, m.name.c_str());
        } else if (m.kind == member_kind::property) {
            push_callable(L, v, m);
            lua_setfield(L, getters, m.name.c_str());
            if (m.assign) {
                lua_pushlightuserdata(L, &v);
                lua_pushlightuserdata(L, const_cast<member*>(&m));
                lua_pushcclosure(L, set_property, 2);
                lua_setfield(L, setters, m.name.c_str());
            }
        }
    }
    // The prelude makes __index and __newindex of them.
    push_class_index(L);
    lua_pushvalue(L, methods);
    lua_pushvalue(L, getters);
    lua_pushvalue(L, setters);
    lua_call(L, 3, 2);
    lua_setfield(L, mt, "__newindex");
    lua_setfield(L, mt, "__index");
    lua_settop(L, mt);
    for (std::size_t i = 0; i < cls.metamethods.size(); ++i) {
        lua_pushlightuserdata(L, &v);
        lua_pushlightuserdata(L, const_cast<class_description*>(&cls));
        lua_pushinteger(L, static_cast<lua_Integer>(i));
        lua_pushcclosure(L, call_metamethod, 3);
        lua_setfield(
            L, mt,
            (std::string{"__"} + name_of(cls.metamethods[i].which)).c_str());
    }
    const std::string name = cls.module + '.' + cls.name;
    lua_pushlstring(L, name.data(), name.size());
    lua_setfield(L, mt, "__metatable");
    lua_pushcfunction(L, collect_object);
    lua_setfield(L, mt, "__gc");
    lua_pushlightuserdata(L, const_cast<class_description*>(&cls));
    lua_pushvalue(L, mt);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

void push_module(lua_State* L, lua_vm& v, const module_description& m) {
    lua_newtable(L);
    const int root = lua_gettop(L);
    for (auto* cls : m.classes) {
        push_class_metatable(L, v, *cls);
        lua_pop(L, 1);
        lua_newtable(L);
        for (auto& f : cls->members) {
            if (f.kind != member_kind::constructor &&
                f.kind != member_kind::function)
                continue;
            push_callable(L, v, f);
            lua_setfield(L, -2, f.name.c_str());
        }
        set_in_namespace(L, root, cls->name);
    }
    lua_newtable(L); // getters
    const int getters = lua_gettop(L);
    bool any_getter = false;
    for (auto& f : m.functions) {
        if (f.kind == member_kind::constant) {
            push_value(L, f.constant);
            set_in_namespace(L, root, f.name);
        } else if (f.fixed) {
            push_callable(L, v, f);
            lua_call(L, 0, 1);
            set_in_namespace(L, root, f.name);
        } else if (f.kind == member_kind::property) {
            push_callable(L, v, f);
            lua_setfield(L, getters, f.name.c_str());
            any_getter = true;
        } else {
            push_callable(L, v, f);
            set_in_namespace(L, root, f.name);
        }
    }
    if (any_getter) {
        push_module_index(L);
        lua_pushvalue(L, root);
        lua_pushvalue(L, getters);
        lua_call(L, 2, 0);
    }
    lua_settop(L, root);
}

} // namespace emilua::lua
