// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/actors.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/results.hpp"
#include "modules/actor/actor.hpp"
#include "modules/modules.hpp"

#include <cmath>
#include <cstring>

namespace emilua::lua {

namespace {

bool flag(lua_State* L, const char* name, bool otherwise) {
    lua_getfield(L, 1, name);
    const bool r = lua_isnil(L, -1) ? otherwise : lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return r;
}

// spawn_actor{program=…, inherit_context=…, concurrency_hint=…, new_master=…,
// limit=…, waits=…}
int spawn_actor(lua_State* L) {
    auto& v = lua_vm::of(L);
    lua_settop(L, 1);
    lua_getfield(L, 1, "program");
    lua_getfield(L, 1, "concurrency_hint");
    lua_getfield(L, 1, "root");
    lua_getfield(L, 1, "limit");
    const inbox_limit inbox{static_cast<std::size_t>(lua_tonumber(L, 5)),
                            flag(L, "waits", true)};
    const bool own = !flag(L, "inherit_context", true);
    const bool master = flag(L, "new_master", false);
    if (master && !v.is_master()) raise(L, errc::only_master_vm);
    const int hint = lua_type(L, 3) == LUA_TNUMBER && lua_tointeger(L, 3) > 0
                         ? static_cast<int>(lua_tointeger(L, 3))
                         : 0;
    std::shared_ptr<actor_address> to;
    bool failed = false;
    try {
        to = launch({.program = lua_tostring(L, 2),
                     .root = lua_tostring(L, 4),
                     .role = "worker",
                     .master = master,
                     .inbox = inbox,
                     .family = v.family_of_actors(),
                     .on_end = {}},
                    own ? nullptr : &v, hint);
    } catch (const failure& e) {
        push_error(L, e.code, e.syscall);
        failed = true;
    }
    if (failed) {
        to.reset();
        return lua_error(L);
    }
    if (inbox.messages != 0 && inbox.waits)
        push_object(L, actor::bounded_channel{to});
    else
        push_object(L, actor::channel{to});
    return 1;
}

int spawn_context_threads(lua_State* L) {
    auto& v = lua_vm::of(L);
    const double n = lua_type(L, 1) == LUA_TNUMBER ? lua_tonumber(L, 1) : -1;
    if (!(n >= 0 && n <= 4096) || n != std::floor(n))
        raise_argument(L, 1, "an integer from 0 to 4096", "count");
    auto* pool = dynamic_cast<growing_context*>(&v.context());
    if (!pool) raise(L, errc::not_available);
    bool failed = false;
    try {
        pool->add_threads(static_cast<std::size_t>(n));
    } catch (const failure& e) {
        push_error(L, e.code, e.syscall);
        failed = true;
    }
    return failed ? lua_error(L) : 0;
}

} // namespace

void push_inbox(lua_State* L, lua_vm& v) {
    v.inbox_imported = true;
    push_object(L, actor::inbox{v});
}

namespace {

// What was started, and its address.
std::pair<std::shared_ptr<lua_vm>, std::shared_ptr<actor_address>>
start(vm_options options, emilua::context& ctx,
      std::shared_ptr<void> keep_context) {
    auto v = lua_vm::make(ctx, std::move(keep_context), std::move(options));
    auto to = std::make_shared<actor_address>(v->inbox());
    v->start();
    return {std::move(v), std::move(to)};
}

} // namespace

std::shared_ptr<actor_address> launch(vm_options options, emilua::context& ctx,
                                      std::shared_ptr<void> keep_context) {
    return start(std::move(options), ctx, std::move(keep_context)).second;
}

std::shared_ptr<actor_address> launch(vm_options options, lua_vm* beside,
                                      int concurrency_hint) {
    if (beside) {
        return launch(std::move(options), beside->context(),
                      beside->keep_context());
    }
    auto own = std::make_shared<thread_pool>(concurrency_hint);
    auto [v, to] = start(std::move(options), *own, own);
    try {
        native_threads::instance().start(std::move(own));
    } catch (const failure&) {
        v->leave_family();
        throw;
    }
    return to;
}

// spawn_process(subprocess, module): of the module `actor`, which is only ours.
int spawn_process(lua_State* L) {
    const int count = lua_gettop(L);
    push_module(L, *find_module("actor"));
    lua_getfield(L, -1, "spawn_process");
    lua_insert(L, 1);
    lua_settop(L, count + 1);
    lua_call(L, count, 1);
    return 1;
}

void add_actor_natives(lua_State* L, lua_vm& v) {
    add_native(L, v, "spawn_actor", spawn_actor);
    add_native(L, v, "spawn_context_threads", spawn_context_threads);
    add_native(L, v, "spawn_process", spawn_process);
}

} // namespace emilua::lua
