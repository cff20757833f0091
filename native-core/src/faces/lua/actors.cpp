// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/actors.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "modules/actor/actor.hpp"

#include <cmath>
#include <cstring>

namespace emilua::lua {

namespace {

constexpr unsigned max_depth = 100;

std::string type_name(lua_State* L, int index) {
    if (lua_type(L, index) == LUA_TUSERDATA && lua_getmetatable(L, index)) {
        lua_getfield(L, -1, "__metatable");
        std::string s = lua_isstring(L, -1) ? lua_tostring(L, -1) : "userdata";
        lua_pop(L, 2);
        return "a " + s;
    }
    return std::string{"a "} + luaL_typename(L, index);
}

value read_message(lua_State* L, int index, unsigned depth) {
    if (depth > max_depth) throw not_sendable{"a table so deep, or cyclic"};
    if (!lua_checkstack(L, 4)) throw std::bad_alloc{};
    if (index < 0) index = lua_gettop(L) + 1 + index;
    switch (lua_type(L, index)) {
    case LUA_TNIL:
        return {};
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) != 0;
    case LUA_TNUMBER:
        return lua_tonumber(L, index);
    case LUA_TSTRING: {
        std::size_t size = 0;
        const char* p = lua_tolstring(L, index, &size);
        return std::string_view{p, size};
    }
    case LUA_TTABLE: {
        const auto length = lua_objlen(L, index);
        if (length > 0) {
            // Holes become nils, within reason; no member gets lost.
            std::size_t members = 0;
            for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
                const double key =
                    lua_type(L, -2) == LUA_TNUMBER ? lua_tonumber(L, -2) : 0;
                if (!(key >= 1 && key <= static_cast<double>(length)) ||
                    key != std::floor(key)) {
                    lua_pop(L, 2);
                    throw not_sendable{"a table that is both list and record"};
                }
                ++members;
            }
            if (length > 16 * members + 64)
                throw not_sendable{"a list with so many holes"};
            value::list list;
            list.reserve(length);
            for (std::size_t i = 1; i <= length; ++i) {
                lua_rawgeti(L, index, static_cast<int>(i));
                list.push_back(read_message(L, -1, depth + 1));
                lua_pop(L, 1);
            }
            return list;
        }
        value::record record;
        for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
            if (lua_type(L, -2) != LUA_TSTRING) {
                lua_pop(L, 2);
                throw not_sendable{"a table with keys that are no strings"};
            }
            std::size_t size = 0;
            const char* p = lua_tolstring(L, -2, &size);
            record.emplace_back(std::string{p, size},
                                read_message(L, -1, depth + 1));
        }
        return record;
    }
    case LUA_TUSERDATA:
        if (void* p = to_object(L, index, class_of<actor::channel>())) {
            if (auto& to = static_cast<actor::channel*>(p)->address())
                return std::make_shared<actor_address>(*to);
            throw not_sendable{"a closed channel"};
        }
        if (void* p = to_object(L, index, class_of<actor::inbox>()))
            return static_cast<actor::inbox*>(p)->address();
        if (auto* cls = described_class(L, index); cls && cls->is_value()) {
            auto wire = cls->to_wire(to_object(L, index, *cls));
            auto* copy = ::operator new(cls->size);
            cls->from_wire(copy, wire);
            return boxed{cls, std::shared_ptr<void>(copy, [cls](void* p) {
                             cls->destroy(p);
                             ::operator delete(p);
                         })};
        }
        break;
    default:
        if (auto* span = to_byte_span(L, index)) {
            return value::bytes{
                std::string{reinterpret_cast<const char*>(span->data),
                            static_cast<std::size_t>(span->length)}};
        }
    }
    throw not_sendable{type_name(L, index)};
}

bool flag(lua_State* L, const char* name, bool otherwise) {
    lua_getfield(L, 1, name);
    const bool r = lua_isnil(L, -1) ? otherwise : lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return r;
}

// spawn_actor{program=…, inherit_context=…, concurrency_hint=…, new_master=…}
int spawn_actor(lua_State* L) {
    auto& v = lua_vm::of(L);
    lua_settop(L, 1);
    lua_getfield(L, 1, "program");
    lua_getfield(L, 1, "concurrency_hint");
    lua_getfield(L, 1, "root");
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
    push_channel(L, to);
    return 1;
}

int spawn_context_threads(lua_State* L) {
    auto& v = lua_vm::of(L);
    const double n = lua_type(L, 1) == LUA_TNUMBER ? lua_tonumber(L, 1) : -1;
    if (!(n >= 0 && n <= 4096) || n != std::floor(n))
        raise_argument(L, 1, "an integer from 0 to 4096");
    auto* pool = dynamic_cast<thread_pool*>(&v.context());
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

value to_message(lua_State* L, int index) { return read_message(L, index, 0); }

void push_channel(lua_State* L, const std::shared_ptr<actor_address>& to) {
    stack_results out{L};
    ::new (out.begin_object(class_of<actor::channel>())) actor::channel{to};
    out.end_object();
}

void push_inbox(lua_State* L, lua_vm& v) {
    v.inbox_imported = true;
    stack_results out{L};
    ::new (out.begin_object(class_of<actor::inbox>())) actor::inbox{v};
    out.end_object();
}

std::shared_ptr<actor_address> launch(vm_options options, emilua::context& ctx,
                                      std::shared_ptr<void> keep_context) {
    auto v = lua_vm::make(ctx, std::move(keep_context), std::move(options));
    auto to = std::make_shared<actor_address>(v->inbox());
    v->start();
    return to;
}

std::shared_ptr<actor_address> launch(vm_options options, lua_vm* beside,
                                      int concurrency_hint) {
    if (beside) {
        return launch(std::move(options), beside->context(),
                      beside->keep_context());
    }
    auto own = std::make_shared<thread_pool>(concurrency_hint);
    auto to = launch(std::move(options), *own, own);
    native_threads::instance().start(std::move(own));
    return to;
}

void add_actor_natives(lua_State* L, lua_vm& v) {
    add_native(L, v, "spawn_actor", spawn_actor);
    add_native(L, v, "spawn_context_threads", spawn_context_threads);
}

} // namespace emilua::lua
