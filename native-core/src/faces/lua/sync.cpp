// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/bind.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/vm.hpp"

#include "sync.h" // the prelude's bytecode

namespace emilua::lua {

const tag mutex_tag{"mutex"}, recursive_mutex_tag{"recursive_mutex"},
    condition_variable_tag{"condition_variable"}, promise_tag{"promise"},
    future_tag{"future"};

namespace {

// Fibers wait inside the object's own queue. An object that is collected has
// no waiters: each of them holds it on its stack.

struct mutex {
    const void* tag = nullptr;
    /// The id of the fiber that owns it: a fiber may end without unlocking.
    std::uint64_t owner = 0;
    std::uint64_t depth = 0;
    fiber_queue waiters;
};

struct condition {
    const void* tag = nullptr;
    fiber_queue waiters;
};

struct future_state {
    enum class status { pending, value, error } is = status::pending;
    int ref = LUA_NOREF;
    fiber_queue waiters;
};

struct future_end {
    const void* tag = nullptr;
    std::shared_ptr<future_state> state;
};

const char mutex_mt_key{}, recursive_mt_key{}, condition_mt_key{},
    promise_mt_key{}, future_mt_key{};

template <class T> T& make(lua_State* L, const tag& t, const char& mt) {
    auto* p = ::new (lua_newuserdata(L, sizeof(T))) T{};
    p->tag = &t;
    lua_vm::push_registry(L, &mt);
    lua_setmetatable(L, -2);
    return *p;
}

mutex* to_mutex(lua_State* L, int index) {
    auto* m = to_tagged<mutex>(L, index, &mutex_tag);
    return m ? m : to_tagged<mutex>(L, index, &recursive_mutex_tag);
}

mutex& check_mutex(lua_State* L, const char* method) {
    auto* m = to_mutex(L, 1);
    if (!m) raise_receiver(L, "a mutex", method);
    return *m;
}

bool is_recursive(const mutex& m) { return m.tag == &recursive_mutex_tag; }

int new_mutex(lua_State* L) {
    make<mutex>(L, mutex_tag, mutex_mt_key);
    return 1;
}

int new_recursive_mutex(lua_State* L) {
    make<mutex>(L, recursive_mutex_tag, recursive_mt_key);
    return 1;
}

// No cancellation point, and no wrapper in Lua: it cannot fail once it waits.
int lock(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& m = check_mutex(L, "lock");
    v.check_suspension(L, false);
    auto& me = v.current();
    if (m.owner == 0) {
        m.owner = me.id;
        m.depth = 1;
        return 0;
    }
    if (m.owner == me.id) {
        if (!is_recursive(m)) raise(L, errc::mutex_owned);
        ++m.depth;
        return 0;
    }
    m.waiters.push_back(me);
    return v.suspend(L, "mutex:lock()");
}

int try_lock(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& m = check_mutex(L, "try_lock");
    auto& me = v.current();
    if (m.owner == 0) {
        m.owner = me.id;
        m.depth = 1;
        lua_pushboolean(L, 1);
    } else if (m.owner == me.id) {
        if (!is_recursive(m)) raise(L, errc::mutex_owned);
        ++m.depth;
        lua_pushboolean(L, 1);
    } else {
        lua_pushboolean(L, 0);
    }
    return 1;
}

void give_mutex(lua_vm& v, mutex& m, fiber& f) {
    m.owner = f.id;
    m.depth = 1;
    // The state of a fiber in wait() already holds what that returns; lock()
    // returns nothing.
    if (!f.waits_on) lua_settop(f.co, 0);
    v.wake(f);
}

// Hands the mutex to the first that waits.
void release_mutex(lua_vm& v, mutex& m) {
    m.owner = 0;
    if (auto* f = m.waiters.pop_front()) give_mutex(v, m, *f);
}

void wait_for_mutex(lua_vm& v, fiber& f, mutex& m) {
    f.interrupt = nullptr;
    if (m.owner == 0)
        give_mutex(v, m, f);
    else
        m.waiters.push_back(f);
}

int unlock(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& m = check_mutex(L, "unlock");
    if (m.owner != v.current().id) raise(L, errc::mutex_not_owned);
    if (--m.depth == 0) release_mutex(v, m);
    return 0;
}

int new_condition(lua_State* L) {
    make<condition>(L, condition_variable_tag, condition_mt_key);
    return 1;
}

condition& check_condition(lua_State* L, const char* method) {
    auto* c = to_tagged<condition>(L, 1, &condition_variable_tag);
    if (!c) raise_receiver(L, "a condition_variable", method);
    return *c;
}

// A fiber that was notified holds `true` and then waits for the mutex, which
// it knows from `waits_on`.
void end_wait(lua_vm& v, fiber& f) {
    lua_settop(f.co, 0);
    lua_pushboolean(f.co, 1);
    wait_for_mutex(v, f, *static_cast<mutex*>(f.waits_on));
}

void interrupt_wait(lua_vm& v, fiber& f) {
    f.queue->remove(f);
    // The mutex stays alive: the collector cannot run before the fiber owns
    // it, or its state holds it again.
    auto& m = *static_cast<mutex*>(f.waits_on);
    lua_settop(f.co, 0);
    lua_pushboolean(f.co, 0);
    push_error(f.co, errc::fiber_canceled);
    wait_for_mutex(v, f, m);
}

int wait(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& c = check_condition(L, "wait");
    auto* const m = to_mutex(L, 2);
    if (!m) raise_argument(L, 2, "a mutex", "mutex");
    v.check_suspension(L);
    auto& me = v.current();
    if (m->owner != me.id) raise(L, errc::mutex_not_owned);
    me.waits_on = m;
    me.interrupt = interrupt_wait;
    c.waiters.push_back(me);
    release_mutex(v, *m);
    return v.suspend(L, "condition_variable:wait()");
}

int notify_one(lua_State* L) {
    auto& v = lua_vm::of(L);
    if (auto* f = check_condition(L, "notify_one").waiters.pop_front())
        end_wait(v, *f);
    return 0;
}

int notify_all(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto& c = check_condition(L, "notify_all");
    while (auto* f = c.waiters.pop_front()) end_wait(v, *f);
    return 0;
}

int new_future(lua_State* L) {
    auto& p = make<future_end>(L, promise_tag, promise_mt_key);
    p.state = std::make_shared<future_state>();
    auto& f = make<future_end>(L, future_tag, future_mt_key);
    f.state = p.state;
    return 2;
}

void push_future_outcome(lua_State* L, const future_state& s) {
    lua_pushboolean(L, s.is == future_state::status::value);
    lua_rawgeti(L, LUA_REGISTRYINDEX, s.ref);
}

void interrupt_get(lua_vm& v, fiber& f) {
    f.queue->remove(f);
    v.wake_with_error(f, errc::fiber_canceled);
}

int get(lua_State* L) {
    auto& v = lua_vm::of(L);
    auto* f = to_tagged<future_end>(L, 1, &future_tag);
    if (!f) raise_receiver(L, "a future", "get");
    v.check_suspension(L);
    auto& s = *f->state;
    if (s.is != future_state::status::pending) {
        push_future_outcome(L, s);
        return 2;
    }
    auto& me = v.current();
    me.interrupt = interrupt_get;
    s.waiters.push_back(me);
    return v.suspend(L, "future:get()");
}

int satisfy(lua_State* L, future_state::status with) {
    auto* p = to_tagged<future_end>(L, 1, &promise_tag);
    if (!p)
        raise_receiver(L, "a promise",
                       with == future_state::status::value ? "set_value"
                                                           : "set_error");
    auto& v = lua_vm::of(L);
    auto& s = *p->state;
    if (s.is != future_state::status::pending)
        raise(L, errc::promise_satisfied);
    lua_settop(L, 2);
    s.ref = luaL_ref(L, LUA_REGISTRYINDEX);
    s.is = with;
    while (auto* f = s.waiters.pop_front()) {
        lua_settop(f->co, 0);
        push_future_outcome(f->co, s);
        v.wake(*f);
    }
    return 0;
}

int set_value(lua_State* L) { return satisfy(L, future_state::status::value); }

int set_error(lua_State* L) { return satisfy(L, future_state::status::error); }

int collect_future_end(lua_State* L) {
    auto* e = static_cast<future_end*>(lua_touserdata(L, 1));
    auto& s = *e->state;
    auto& v = lua_vm::of(L);
    if (e->tag == &promise_tag && !v.doomed &&
        s.is == future_state::status::pending) {
        // Nobody can keep the promise any more.
        push_error(L, errc::broken_promise);
        s.ref = luaL_ref(L, LUA_REGISTRYINDEX);
        s.is = future_state::status::error;
        while (auto* f = s.waiters.pop_front()) {
            lua_settop(f->co, 0);
            push_future_outcome(f->co, s);
            v.wake(*f);
        }
    }
    if (e->state.use_count() == 1 && s.ref != LUA_NOREF)
        luaL_unref(L, LUA_REGISTRYINDEX, s.ref);
    e->~future_end();
    return 0;
}

int sync_tostring(lua_State* L) {
    lua_pushfstring(L, "%s: %p", lua_tostring(L, lua_upvalueindex(1)),
                    lua_topointer(L, 1));
    return 1;
}

// sync_metatable(kind, index): what the objects look like, from the prelude.
int sync_metatable(lua_State* L) {
    struct kind {
        const char* name;
        const char* key;
        bool collected;
    };
    static const kind kinds[] = {
        {"mutex", &mutex_mt_key, false},
        {"recursive_mutex", &recursive_mt_key, false},
        {"condition_variable", &condition_mt_key, false},
        {"promise", &promise_mt_key, true},
        {"future", &future_mt_key, true},
    };
    const std::string_view name = luaL_checkstring(L, 1);
    for (auto& k : kinds) {
        if (name != k.name) continue;
        lua_pushlightuserdata(L, const_cast<char*>(k.key));
        lua_createtable(L, 0, 6);
        push_refuse_fields(L, k.name);
        lua_setfield(L, -2, "__newindex");
        lua_pushvalue(L, 2);
        lua_setfield(L, -2, "__index");
        lua_pushstring(L, k.name);
        lua_setfield(L, -2, "__metatable");
        lua_pushstring(L, k.name);
        lua_pushcclosure(L, sync_tostring, 1);
        lua_setfield(L, -2, "__tostring");
        if (k.collected) {
            lua_pushlightuserdata(L, &lua_vm::of(L));
            lua_pushcclosure(L, collect_future_end, 1);
            lua_setfield(L, -2, "__gc");
        }
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    return 0;
}

} // namespace

std::uint64_t owner_of_mutex(lua_State* L, int index) {
    const auto* m = to_mutex(L, index);
    return m ? m->owner : 0;
}

void push_synchronisation(lua_State* L, lua_vm& v, const char* id) {
    load_chunk(L, luaJIT_BC_sync, luaJIT_BC_sync_SIZE, "sync");
    push_natives(L);
    add_native(L, v, "new_mutex", new_mutex);
    add_native(L, v, "new_recursive_mutex", new_recursive_mutex);
    add_native(L, v, "lock", lock);
    add_native(L, v, "try_lock", try_lock);
    add_native(L, v, "unlock", unlock);
    add_native(L, v, "new_condition", new_condition);
    add_native(L, v, "wait", wait);
    add_native(L, v, "notify_one", notify_one);
    add_native(L, v, "notify_all", notify_all);
    add_native(L, v, "new_future", new_future);
    add_native(L, v, "get", get);
    add_native(L, v, "set_value", set_value);
    add_native(L, v, "set_error", set_error);
    add_native(L, v, "sync_metatable", sync_metatable);
    push_wrap_suspending(L);
    lua_pushstring(L, id);
    lua_call(L, 3, 1);
}

} // namespace emilua::lua
