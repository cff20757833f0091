// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/bind.hpp"

#include "faces/lua/call.hpp"
#include "faces/lua/call_errors.hpp"
#include "faces/lua/direct.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/functions.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/outcome.hpp"
#include "faces/lua/vm.hpp"
#include "modules/modules.hpp"

namespace emilua::lua {
namespace {

// Calls `f`; false when it failed and the error is at the top. C++ exceptions
// end here, and Lua's pass through.
template <class F>
[[gnu::always_inline]] inline bool guarded(lua_State* L, stack_call& c, F&& f) {
    const calling_from here{static_cast<lua_vm&>(c.owner), L};
    try {
        f(c);
        c.consume();
        return true;
    } catch (const failure& e) {
        if (e.code == errc::channel_closed)
            static_cast<lua_vm&>(c.owner).current().inbox_ended = false;
        push_error(L, e.code, e.syscall);
        tell_attempt(L, c.parameters(), c.base(), e.code, e.syscall,
                     e.path ? &*e.path : nullptr);
        name_argument(L, c.parameters(), c.base(), c.base(), e.argument,
                      e.expected);
    } catch (const argument_error& e) {
        push_refusal(L, e, c.parameters(), c.base(),
                     e.argument < 0 ? c.reading
                                    : static_cast<unsigned>(e.argument));
    } catch (const raised& e) {
        e.push(L);
    } catch (const std::exception& e) {
        push_error(L, error_of(e));
    }
    c.undo();
    return false;
}

// --- functions --------------------------------------------------------------

// Of a function that push_native made.
const bound_member& upvalue(lua_State* L) {
    return *static_cast<const bound_member*>(
        lua_touserdata(L, lua_upvalueindex(1)));
}

std::string name_of_class(const class_description& cls) {
    return explain({.kind = type_kind::object, .cls = &cls});
}

// The value at `index` is no object of `cls`; `method` is the one that was
// called on it, most likely with a dot for the colon.
[[noreturn]] void refuse_receiver(lua_State* L, const class_description& cls,
                                  const char* method = nullptr, int index = 1) {
    if (was_moved(L, index)) {
        push_error(L, error_code{EBADF, boost::system::system_category()});
        lua_pushinteger(L, 1);
        lua_setfield(L, -2, "arg");
        set_expected(L, not_moved, nullptr, 0);
    } else {
        const auto expected = name_of_class(cls);
        push_argument_error(L, 1, expected.c_str());
        explain_argument(L, nullptr, expected.c_str(), index);
        if (method)
            set_text(L, "message",
                     "argument 1: Expected the object itself, " + expected +
                         ": call object:" + method + "(...), with a colon");
    }
    lua_error(L);
    __builtin_unreachable();
}

// The receiver of a method, or null; `base` is the first argument's index.
void* receiver(lua_State* L, const member& m, int& base) {
    base = first_argument(m);
    if (base == 1) return nullptr;
    void* self = to_object(L, 1, *m.cls);
    if (!self && m.outlives) self = left_object(L, 1, *m.cls);
    if (!self)
        refuse_receiver(L, *m.cls,
                        m.kind == member_kind::method ? m.name : nullptr);
    return self;
}

int iterate(lua_State* L) {
    auto& [v, m, tried_at] = upvalue(L);
    void* self = to_object(L, lua_upvalueindex(2), *m.cls);
    if (!self) refuse_receiver(L, *m.cls, nullptr, lua_upvalueindex(2));
    lua_settop(L, 0);
    bool ok;
    int results = 0;
    {
        call_uses used;
        stack_call c{L, v, m.parameters, 1, used};
        c.use_receiver(self);
        ok = guarded(L, c, m.invoke);
        results = lua_gettop(L) - c.results_from();
    }
    return ok ? results : lua_error(L);
}

// What `for … in` takes: a function in front of the iterator at the top.
int add_iteration(lua_State* L, lua_vm& v, const member& next) {
    ::new (lua_newuserdata(L, sizeof(bound_member))) bound_member{v, next};
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, iterate, 2);
    lua_insert(L, -2);
    return 2;
}

// Of a member that gives one object.
const member* iterator_of(const member& m) noexcept {
    return m.result_types[0]->cls->iterator(languages::lua);
}

// What is made of nothing more is mistaken for something that opens or sets
// it, or its constructor for a method.
void check_count(lua_State* L, const member& m) {
    const auto& all = m.parameters;
    if (!all.empty() && all.back().variadic) return;
    const int first_extra = static_cast<int>(all.size()) + 1;
    if (lua_isnoneornil(L, first_extra)) return;
    const int given = all.empty() || lua_istable(L, 1) ? 1 : first_extra;
    push_argument_error(L, given, "nothing");
    explain_argument(L, nullptr, "nothing", given);
    lua_error(L);
}

template <bool GivesObject> int call_sync(lua_State* L) {
    auto& [v, m, tried_at] = upvalue(L);
    if (m.kind == member_kind::constructor) check_count(L, m);
    int base = 0;
    void* self = receiver(L, m, base);
    if (m.master_only && !v.is_master()) raise(L, errc::only_master_vm);
    bool ok;
    int results = 0;
    {
        call_uses used;
        stack_call c{L, v, m.parameters, base, used};
        c.use_receiver(self);
        ok = guarded(L, c, m.invoke);
        results = lua_gettop(L) - c.results_from();
    }
    if (!ok) return lua_error(L);
    if constexpr (GivesObject)
        if (const auto* next = iterator_of(m))
            return add_iteration(L, v, *next);
    return results;
}

int call_async(lua_State* L) {
    auto& [v, m, tried_at] = upvalue(L);
    int base = 0;
    void* self = receiver(L, m, base);
    v.check_suspension(L);
    if (m.master_only && !v.is_master()) raise(L, errc::only_master_vm);
    if (m.write_at_once)
        if (const int n = write_at_once(L, v, m, self, base)) return n;
    // What the prelude tried a moment ago it says behind the arguments.
    bool in_vain = tried_at != 0 && lua_toboolean(L, base + tried_at) != 0;
    if (m.transfer_now && !in_vain)
        if (const int n = transfer_at_once(L, v, m, self, base, in_vain))
            return n;
    operation* op = nullptr;
    auto& f = v.current();
    bool ok = true;
    int results_from = 0;
    {
        std::exception_ptr thrown;
        if (m.read_into) op = start_reading(L, v, m, self, base, thrown);
        if (!op) {
            stack_call c{L, v, m.parameters, base, f.used};
            c.use_receiver(self);
            c.in_vain = in_vain;
            ok = thrown
                     ? guarded(L, c,
                               [&](call&) { std::rethrow_exception(thrown); })
                     : guarded(L, c, m.invoke);
            op = c.started;
            if (ok && op) c.wait();
            results_from = c.results_from();
        }
    }
    if (ok && !op) {
        f.used.release();
        lua_pushboolean(L, 1);
        lua_insert(L, results_from + 1);
        return lua_gettop(L) - results_from;
    }
    if (!ok) {
        f.used.release();
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    op->waiter = &f;
    op->what = &m;
    auto expected = operation::state::initiating;
    if (op->progress.compare_exchange_strong(
            expected, operation::state::pending, std::memory_order_acq_rel)) {
        f.pending = op;
        return v.suspend(L, m.name);
    }
    const int top = lua_gettop(L);
    op->cancellation_slot().clear();
    if (op->error) f.used.come_back(v);
    f.used.release();
    push_outcome(L, *op, base);
    op->destroy();
    return lua_gettop(L) - top;
}

// Says what the operand at fault has to be, on the error at the top. The
// operands begin at `base`.
void explain_operand(lua_State* L,
                     const class_description::operation_entry& entry,
                     int base) {
    const int end = lua_gettop(L) - 1;
    error_code ec;
    if (!to_error_code(L, end + 1, ec)) return;
    lua_pushliteral(L, "arg");
    lua_rawget(L, end + 1);
    const int at = static_cast<int>(lua_tointeger(L, -1));
    lua_pushliteral(L, "expected");
    lua_rawget(L, end + 1);
    const bool known = !lua_isnil(L, -1);
    lua_settop(L, end + 1);
    std::vector<const type*> operands, results;
    entry.types(operands, results);
    const auto i = static_cast<std::size_t>(at - base);
    if (at < base || i >= operands.size() || known || ec.value() != EINVAL)
        return;
    set_expected(L, explain(*operands[i]), nullptr, at);
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
    if (!self && !entry.mixed) refuse_receiver(L, *cls);
    const int base = entry.mixed ? 1 : 2;
    bool ok;
    int results = 0;
    {
        call_uses used;
        stack_call c{L, v, {}, base, used};
        c.use_receiver(self);
        ok = guarded(L, c, entry.invoke);
        results = lua_gettop(L) - c.results_from();
    }
    if (ok) return results;
    explain_operand(L, entry, base);
    return lua_error(L);
}

int set_property(lua_State* L) {
    auto& [v, m, tried_at] = upvalue(L);
    void* self = to_object(L, 1, *m.cls);
    if (!self) refuse_receiver(L, *m.cls);
    parameter assigned{m.name};
    assigned.what = m.result_types[0];
    bool ok;
    {
        call_uses used;
        stack_call c{L, v, {&assigned, 1}, 2, used};
        c.use_receiver(self);
        ok = guarded(L, c, m.assign);
    }
    return ok ? 0 : lua_error(L);
}

// __tostring of a class that has no words of its own: its name, and what the
// object is or else where.
int name_object(lua_State* L) {
    const char* name = lua_tostring(L, lua_upvalueindex(1));
    const auto* cls = described_class(L, 1);
    if (cls && cls->to_wire) {
        const auto v = cls->to_wire(to_object(L, 1, *cls));
        if (const auto* d = v.as<double>()) {
            lua_pushfstring(L, "%s: %f", name, *d);
            return 1;
        }
        if (const auto* i = v.as<std::int64_t>()) {
            lua_pushstring(L, (name + (": " + std::to_string(*i))).c_str());
            return 1;
        }
    }
    lua_pushfstring(L, "%s: %p", name, lua_touserdata(L, 1));
    return 1;
}

void push_native(lua_State* L, lua_vm& v, const member& m, lua_CFunction f,
                 int tried_at = 0) {
    lua_pushlightuserdata(L, v.bind(m, tried_at));
    lua_pushcclosure(L, f, 1);
}

// How many arguments a call of `m` has, its receiver counted, those that may be
// left out as well, which are nil then; 0 if there is no such number, or the
// number of results depends.
int takes_exactly(const member& m) noexcept {
    for (const auto& p : m.parameters)
        if (p.variadic) return 0;
    for (const auto* r : m.result_types)
        if (r->kind == type_kind::optional) return 0;
    return first_argument(m) - 1 + static_cast<int>(m.parameters.size());
}

void push_callable(lua_State* L, lua_vm& v, const member& m) {
    const bool gives_object = m.result_types.size() == 1 &&
                              m.result_types[0]->kind == type_kind::object;
    if (!m.suspends)
        return push_native(L, v, m,
                           gives_object ? call_sync<true> : call_sync<false>);
    if (m.transfer_now && !m.master_only) {
        constexpr int arguments = 2;
        push_wrap_directly(L, "wrap_transfer");
        push_native(L, v, m, call_async, arguments);
        lua_pushlightuserdata(L, const_cast<member*>(&m));
        return lua_call(L, 2, 1);
    }
    if (const auto form = direct_form_of(m)) {
        constexpr int arguments = 4;
        push_wrap_directly(L, "wrap_prompt");
        push_native(L, v, m, call_async, arguments);
        lua_pushlightuserdata(L, const_cast<member*>(&m));
        lua_pushstring(L, form->results);
        for (const char* a : form->arguments) lua_pushstring(L, a);
        return lua_call(L, 3 + static_cast<int>(form->arguments.size()), 1);
    }
    push_wrap_suspending(L);
    push_native(L, v, m, call_async);
    lua_pushinteger(L, takes_exactly(m));
    lua_pushinteger(L, static_cast<lua_Integer>(m.result_types.size()));
    lua_call(L, 3, 1);
}

// --- tables -----------------------------------------------------------------

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

void push_constant(lua_State* L, const constant_value& c) {
    if (auto* b = std::get_if<bool>(&c))
        lua_pushboolean(L, *b);
    else if (auto* d = std::get_if<double>(&c))
        lua_pushnumber(L, *d);
    else if (auto* s = std::get_if<const char*>(&c))
        lua_pushstring(L, *s);
    else
        lua_pushnil(L);
}

/// The members of objects: `methods`, `getters` and `setters` are indices of
/// tables.
void add_instance_members(lua_State* L, lua_vm& v, const class_description& cls,
                          int methods, int getters, int setters) {
    for (auto& m : cls.members) {
        if (!is_ours(m)) continue;
        if (m.kind == member_kind::method) {
            if (m.write_at_once && !m.master_only) v.writers.push_back(&m);
            push_callable(L, v, m);
            lua_setfield(L, methods, m.name);
        } else if (m.kind == member_kind::property) {
            push_callable(L, v, m);
            lua_setfield(L, getters, m.name);
            if (!m.assign) continue;
            push_native(L, v, m, set_property);
            lua_setfield(L, setters, m.name);
        }
    }
}

/// Lets the Lua part of a slice add those that are written there:
/// `native.written_methods['module.class']`.
void keep_methods_to_write(lua_State* L, const class_description& cls,
                           int methods) {
    if (std::ranges::none_of(cls.members, [](const member& m) {
            return m.kind == member_kind::method &&
                   has(m.by_hand, languages::lua);
        }))
        return;
    push_natives(L);
    lua_getfield(L, -1, "written_methods");
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, "written_methods");
    }
    lua_pushfstring(L, "%s.%s", cls.module, cls.name);
    lua_pushvalue(L, methods);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

void add_metamethods(lua_State* L, lua_vm& v, const class_description& cls,
                     int mt) {
    for (std::size_t i = 0; i < cls.metamethods.size(); ++i) {
        lua_pushlightuserdata(L, &v);
        lua_pushlightuserdata(L, const_cast<class_description*>(&cls));
        lua_pushinteger(L, static_cast<lua_Integer>(i));
        lua_pushcclosure(L, call_metamethod, 3);
        lua_pushfstring(L, "__%s", name_of(cls.metamethods[i].which));
        lua_insert(L, -2);
        lua_rawset(L, mt);
    }
}

} // namespace

bool is_ours(const member& m) noexcept {
    return has(m.offered, languages::lua) && !has(m.by_hand, languages::lua);
}

void push_class_metatable(lua_State* L, const class_description& cls) {
    lua_vm::push_registry(L, &cls);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    described(cls);
    auto& v = lua_vm::from_registry(L);
    lua_createtable(L, 0, 8);
    lua_createtable(L, 0, 16); // methods
    lua_createtable(L, 0, 8);  // getters
    lua_createtable(L, 0, 2);  // setters
    const int setters = lua_gettop(L), getters = setters - 1,
              methods = setters - 2, mt = setters - 3;
    add_instance_members(L, v, cls, methods, getters, setters);
    keep_methods_to_write(L, cls, methods);
    // The prelude makes __index and __newindex of them.
    push_class_index(L);
    lua_pushvalue(L, methods);
    lua_pushvalue(L, getters);
    lua_pushvalue(L, setters);
    lua_pushfstring(L, "%s.%s", cls.module, cls.name);
    lua_call(L, 4, 2);
    lua_setfield(L, mt, "__newindex");
    lua_setfield(L, mt, "__index");
    lua_settop(L, mt);
    add_metamethods(L, v, cls, mt);
    lua_pushfstring(L, "%s.%s", cls.module, cls.name);
    lua_getfield(L, mt, "__tostring");
    if (lua_isnil(L, -1)) {
        lua_pushvalue(L, -2);
        lua_pushcclosure(L, name_object, 1);
        lua_setfield(L, mt, "__tostring");
    }
    lua_pop(L, 1);
    lua_setfield(L, mt, "__metatable");
    lua_pushcfunction(L, collect_object);
    lua_setfield(L, mt, "__gc");
    lua_pushlightuserdata(L, const_cast<class_description*>(&cls));
    lua_pushvalue(L, mt);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

void push_module(lua_State* L, const module_description& m) {
    auto& v = lua_vm::from_registry(L);
    lua_newtable(L);
    const int root = lua_gettop(L);
    for (auto* cls : m.classes) {
        if (std::ranges::none_of(cls->members, is_ours)) continue;
        push_class_metatable(L, *cls);
        lua_pop(L, 1);
        lua_newtable(L);
        for (auto& f : cls->members) {
            if ((f.kind != member_kind::constructor &&
                 f.kind != member_kind::function) ||
                !is_ours(f))
                continue;
            push_callable(L, v, f);
            lua_setfield(L, -2, f.name);
        }
        set_in_namespace(L, root, cls->name);
    }
    lua_newtable(L); // getters
    const int getters = lua_gettop(L);
    lua_newtable(L); // names of what is asked for once
    const int kept = lua_gettop(L);
    bool any_getter = false;
    for (auto& f : m.functions) {
        if (!is_ours(f)) continue;
        if (f.kind == member_kind::constant) {
            push_constant(L, f.constant);
            set_in_namespace(L, root, f.name);
        } else if (f.kind == member_kind::property) {
            push_callable(L, v, f);
            lua_setfield(L, getters, f.name);
            lua_pushboolean(L, f.fixed);
            lua_setfield(L, kept, f.name);
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
        lua_pushvalue(L, kept);
        lua_pushfstring(L, "module %s", m.name);
        lua_call(L, 4, 0);
    }
    lua_settop(L, root);
}

} // namespace emilua::lua
