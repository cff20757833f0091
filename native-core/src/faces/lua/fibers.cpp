// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/printer.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/report.hpp"
#include "faces/lua/vm.hpp"
#include "faces/lua/vm_registry.hpp"

#include <cstring>

namespace emilua::lua {

const tag fiber_tag{"fiber"};

namespace {

fiber_handle& check_fiber(lua_State* L, const char* method) {
    auto* h = to_tagged<fiber_handle>(L, 1, &fiber_tag);
    if (!h) raise_receiver(L, "a fiber", method);
    return *h;
}

void let_go(lua_vm& v, fiber_handle& h) {
    auto& f = *std::exchange(h.f, nullptr);
    f.handle = nullptr;
    v.release(f);
}

int push_handle(lua_State* L, const lua_vm& v, fiber& f) {
    auto* h = ::new (lua_newuserdata(L, sizeof(fiber_handle)))
        fiber_handle{&fiber_tag, &f, std::nullopt};
    f.handle = h;
    lua_rawgeti(L, LUA_REGISTRYINDEX, v.fiber_metatable_ref);
    lua_setmetatable(L, -2);
    return 1;
}

int spawn(lua_State* L) {
    if (lua_type(L, 1) != LUA_TFUNCTION)
        raise_argument(L, 1, "a function", "f");
    if (!lua_isnoneornil(L, 2)) {
        constexpr auto expected =
            "nothing: the function of a fiber takes no arguments, a closure "
            "has what it needs";
        push_argument_error(L, 2, expected);
        explain_argument(L, nullptr, expected, 0);
        return lua_error(L);
    }
    lua_settop(L, 1);
    auto& v = lua_vm::of(L);
    return push_handle(L, v, v.spawn(L));
}

int in_main_fiber(lua_State* L) {
    lua_pushboolean(L, lua_vm::of(L).identity().is_program);
    return 1;
}

void join_interrupt(lua_vm& v, fiber& f) {
    static_cast<fiber*>(f.waits_on)->joiner = nullptr;
    v.wake_with_error(f, errc::fiber_canceled);
}

// Whoever joins or detaches it may.
void check_joinable(lua_State* L, const fiber_handle& h) {
    if (h.f && !h.f->joiner) return;
    push_error(L, errc::not_joinable);
    set_text(L, "message",
             h.f ? "Fiber is not joinable: another fiber waits in its join()"
                 : "Fiber is not joinable: it was joined or detached before");
    lua_error(L);
}

int join(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& h = check_fiber(L, "join");
    v.check_suspension(L);
    check_joinable(L, h);
    if (h.f == &v.current()) raise(L, errc::join_self);
    auto& f = *h.f;
    if (f.ended) {
        const int n = v.move_outcome(f, v.current(), L);
        v.recycle(f);
        return n;
    }
    auto& me = v.current();
    f.joiner = &me;
    me.waits_on = &f;
    me.interrupt = join_interrupt;
    return v.suspend(L, "fiber:join()");
}

int detach(lua_State* L) {
    auto& h = check_fiber(L, "detach");
    check_joinable(L, h);
    let_go(lua_vm::of(L), h);
    return 0;
}

int cancel(lua_State* L) {
    if (auto* f = check_fiber(L, "cancel").f) lua_vm::of(L).cancel(*f);
    return 0;
}

int collect_handle(lua_State* L) {
    auto* h = static_cast<fiber_handle*>(lua_touserdata(L, 1));
    if (h->f) let_go(lua_vm::of(L), *h);
    return 0;
}

// fiber_state(fiber, "joinable" | "cancellation_caught")
int fiber_state(lua_State* L) {
    auto& h = check_fiber(L, "method");
    if (lua_tostring(L, 2)[0] == 'j') {
        lua_pushboolean(L, h.f && !h.f->joiner);
    } else {
        if (!h.cancellation_caught)
            raise_argument(L, 1, "a fiber that was joined");
        lua_pushboolean(L, *h.cancellation_caught);
    }
    return 1;
}

int yield(lua_State* L) {
    auto& v = lua_vm::of(L);
    v.check_suspension(L);
    auto& f = v.current();
    f.after_others = true;
    v.make_ready(f);
    lua_settop(L, 0);
    return v.suspend(L, "this_fiber.yield()");
}

int forbid_suspend(lua_State* L) {
    ++lua_vm::of(L).current().forbidden;
    return 0;
}

int allow_suspend(lua_State* L) {
    auto& f = lua_vm::of(L).current();
    if (f.forbidden == 0) raise(L, errc::suspension_already_allowed);
    --f.forbidden;
    return 0;
}

int disable_cancellation(lua_State* L) {
    ++lua_vm::of(L).current().masks;
    return 0;
}

int restore_cancellation(lua_State* L) {
    auto& f = lua_vm::of(L).current();
    if (f.masks == 0) raise(L, errc::cancellation_not_disabled);
    --f.masks;
    return 0;
}

int this_fiber_property(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& f = v.identity();
    const char* key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (std::strcmp(key, "is_main") == 0) {
        lua_pushboolean(L, f.is_program);
    } else if (std::strcmp(key, "id") == 0) {
        lua_pushfstring(L, "%p-%d", static_cast<void*>(&v),
                        static_cast<int>(f.id));
    } else if (std::strcmp(key, "local_") == 0) {
        if (f.local_ref == LUA_NOREF) {
            lua_newtable(L);
            f.local_ref = luaL_ref(L, LUA_REGISTRYINDEX);
        }
        lua_rawgeti(L, LUA_REGISTRYINDEX, f.local_ref);
    } else {
        lua_createtable(L, 0, 3);
        for (const char* name : {"is_main", "id", "local_"}) {
            lua_pushboolean(L, 1);
            lua_setfield(L, -2, name);
        }
        lua_pushinteger(L, 2);
        lua_replace(L, 1);
        lua_pushliteral(L, "this_fiber");
        lua_insert(L, 2);
        return refuse_member(L);
    }
    return 1;
}

// Where cancellation is checked but nothing suspends: pcall and its family.
int cancellation_point(lua_State* L) {
    auto& f = lua_vm::of(L).current();
    if (f.cancel_requested && f.masks == 0) raise(L, errc::fiber_canceled);
    return 0;
}

int mark_handlers(lua_State* L) {
    lua_vm::of(L).identity().has_handlers = true;
    return 0;
}

// Of what no fiber runs: the thread it is called for, or a name for none.
int waiting_thread(lua_State* L) {
    auto* const t = lua_vm::of(L).waiting_thread();
    if (t && lua_checkstack(t, 1)) {
        lua_pushthread(t);
        lua_xmove(t, L, 1);
    } else {
        lua_pushliteral(L, "first");
    }
    return 1;
}

// cleanup_failed(error, traceback): nothing of the program runs after it.
int cleanup_failed(lua_State* L) {
    auto& v = lua_vm::of(L);
    {
        const std::string message = describe_error(L, 1);
        report(v.name() + " is closed: a cleanup handler failed: '" + message +
                   "'",
               lua_tostring(L, 2));
        v.panicked();
        v.doom(1, "a cleanup handler failed: " + message);
    }
    return v.stop(L);
}

// after_failure(error): what a protected call caught must not be seen by the
// program when the VM ends. Lua cannot recover from an allocation that failed.
// Returns the error, with what is known of it.
int after_failure(lua_State* L) {
    auto& v = lua_vm::of(L);
    if (lua_type(L, 1) == LUA_TSTRING &&
        std::strcmp(lua_tostring(L, 1), "not enough memory") == 0)
        v.doom_out_of_memory();
    // Finalizers go on even then.
    if (v.doomed && !v.outside()) return v.stop(L);
    lua_settop(L, 1);
    keep_plain_error(L, 1);
    explain_nil(L, 1);
    return 1;
}

int push_traceback(lua_State* L) {
    {
        const std::string text = traceback(L, 1);
        lua_pushlstring(L, text.data(), text.size());
    }
    return 1;
}

// keep_origin(error): of what is raised again; returns it.
int keep_origin(lua_State* L) {
    lua_settop(L, 1);
    if (explain_nil(L, 1)) lua_replace(L, 1);
    lua_vm::of(L).keep_origin(L, 1);
    return 1;
}

// origin_of(error): what keep_origin kept, as text.
int origin_of(lua_State* L) {
    lua_settop(L, 1);
    {
        const std::string text = lua_vm::of(L).origin_of(L);
        lua_pushlstring(L, text.data(), text.size());
    }
    return 1;
}

// set_origin(text, error): of an error that came from another fiber.
int set_origin(lua_State* L) {
    lua_settop(L, 2);
    lua_vm::of(L).set_origin(L, std::string{text_of(L, 1)});
    return 0;
}

// exit(code, force): ends the VM. Only the main one may be forced to.
int exit_vm(lua_State* L) {
    auto& v = lua_vm::of(L);
    const auto code = static_cast<int>(lua_tointeger(L, 1));
    if (v.options().role == "main") {
        if (lua_type(L, 2) == LUA_TSTRING) std::abort();
        if (lua_tointeger(L, 2) == 2) {
            printer::instance().flush();
            std::_Exit(code);
        }
    }
    if (v.options().role == "main")
        vm_registry::instance().program_exited = true;
    v.exit(code);
    return v.stop(L);
}

int print_line(lua_State* L) {
    auto& v = lua_vm::of(L);
    std::size_t size = 0;
    const char* p = lua_tolstring(L, 1, &size);
    const auto ec = printer::instance().print({p, size});
    v.flush_wanted = true;
    if (!ec) return 0;
    push_error(L, ec, "write");
    return lua_error(L);
}

// As reports name it.
int fiber_tostring(lua_State* L) {
    auto& h = check_fiber(L, "method");
    if (!h.f) {
        lua_pushliteral(L, "fiber: joined or detached");
        return 1;
    }
    lua_pushfstring(L, "fiber: %p", static_cast<void*>(h.f));
    {
        const auto place = place_of(h.f->co);
        if (!place.empty()) lua_pushfstring(L, " (%s)", place.c_str());
    }
    lua_concat(L, lua_gettop(L) - 1);
    return 1;
}

// fiber_metatable(index): what handles look like, from the prelude.
int fiber_metatable(lua_State* L) {
    lua_settop(L, 1);
    auto& v = lua_vm::of(L);
    lua_createtable(L, 0, 6);
    // First: the collector asks each handle for it, and what comes first into a
    // table is found first.
    lua_pushlightuserdata(L, &v);
    lua_pushcclosure(L, collect_handle, 1);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, fiber_tostring);
    lua_setfield(L, -2, "__tostring");
    push_refuse_fields(L, "fiber");
    lua_setfield(L, -2, "__newindex");
    lua_pushliteral(L, "fiber");
    lua_setfield(L, -2, "__metatable");
    v.fiber_metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

} // namespace

void add_fiber_natives(lua_State* L, lua_vm& v) {
    add_native(L, v, "spawn", spawn);
    add_native(L, v, "in_main_fiber", in_main_fiber);
    add_native(L, v, "join", join);
    add_native(L, v, "detach", detach);
    add_native(L, v, "cancel", cancel);
    add_native(L, v, "fiber_state", fiber_state);
    add_native(L, v, "fiber_metatable", fiber_metatable);
    add_native(L, v, "yield", yield);
    add_native(L, v, "forbid_suspend", forbid_suspend);
    add_native(L, v, "allow_suspend", allow_suspend);
    add_native(L, v, "disable_cancellation", disable_cancellation);
    add_native(L, v, "restore_cancellation", restore_cancellation);
    add_native(L, v, "this_fiber_property", this_fiber_property);
    add_native(L, v, "cancellation_point", cancellation_point);
    add_native(L, v, "mark_handlers", mark_handlers);
    add_native(L, v, "waiting_thread", waiting_thread);
    add_native(L, v, "cleanup_failed", cleanup_failed);
    add_native(L, v, "traceback", push_traceback);
    add_native(L, v, "keep_origin", keep_origin);
    add_native(L, v, "origin_of", origin_of);
    add_native(L, v, "set_origin", set_origin);
    add_native(L, v, "after_failure", after_failure);
    add_native(L, v, "exit", exit_vm);
    add_native(L, v, "print_line", print_line);
}

} // namespace emilua::lua
