// SPDX-License-Identifier: MIT OR BSL-1.0
#include "actors.hpp"

#include "bind.hpp"
#include "byte_span.hpp"
#include "errors.hpp"
#include "open.hpp"

#include <cmath>
#include <cstring>

namespace emilua::lua {

const tag channel_tag{"channel"}, inbox_tag{"inbox"};

namespace {

struct channel {
    const void* tag;
    std::shared_ptr<actor_address> to;
};

struct inbox_handle {
    const void* tag;
};

const char channel_mt_key{}, inbox_mt_key{}, inbox_key{};

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
            value::list list;
            list.reserve(length);
            for (std::size_t i = 1; i <= length; ++i) {
                lua_rawgeti(L, index, static_cast<int>(i));
                list.push_back(read_message(L, -1, depth + 1));
                lua_pop(L, 1);
            }
            std::size_t members = 0;
            for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) ++members;
            if (members > length)
                throw not_sendable{"a table that is both list and record"};
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
        if (auto* c = to_tagged<channel>(L, index, &channel_tag))
            return std::make_shared<actor_address>(*c->to);
        if (to_tagged<inbox_handle>(L, index, &inbox_tag)) {
            return std::make_shared<actor_address>(
                lua_vm::from_registry(L).inbox());
        }
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

channel& check_channel(lua_State* L) {
    auto* c = to_tagged<channel>(L, 1, &channel_tag);
    if (!c) raise_argument(L, 1, "a channel");
    return *c;
}

int send(lua_State* L) {
    auto& c = check_channel(L);
    if (lua_isnone(L, 2)) raise_argument(L, 2, "a message");
    bool sendable = true, sent = false;
    {
        try {
            auto message = to_message(L, 2);
            sent = c.to && c.to->box()->send(std::move(message));
        } catch (const not_sendable& e) {
            sendable = false;
            push_error(L, errc::not_sendable);
            lua_pushinteger(L, 2);
            lua_setfield(L, -2, "arg");
            lua_pushstring(
                L, ("a value that can be copied, not " + e.what).c_str());
            lua_setfield(L, -2, "expected");
        }
    }
    if (!sendable) return lua_error(L);
    if (!sent) raise(L, errc::channel_closed);
    return 0;
}

int close_channel(lua_State* L) {
    check_channel(L).to.reset();
    return 0;
}

int collect_channel(lua_State* L) {
    static_cast<channel*>(lua_touserdata(L, 1))->~channel();
    return 0;
}

int not_a_subprocess(lua_State* L) {
    check_channel(L);
    raise(L, errc::not_available);
}

inbox_handle& check_inbox(lua_State* L) {
    auto* i = to_tagged<inbox_handle>(L, 1, &inbox_tag);
    if (!i) raise_argument(L, 1, "the inbox");
    return *i;
}

void interrupt_receive(lua_vm& v, fiber& f) {
    v.receiver = nullptr;
    v.wake_with_error(f, errc::fiber_canceled);
}

int receive(lua_State* L) {
    auto& v = lua_vm::of(L);
    check_inbox(L);
    v.check_suspension(L);
    auto box = v.inbox();
    value message;
    if (box->try_receive(message)) {
        lua_pushboolean(L, 1);
        push_value(L, message);
        return 2;
    }
    if (box->closed() || v.receiver) {
        const error_code ec =
            v.receiver ? error_code{EBUSY, boost::system::system_category()}
                       : error_code{errc::channel_closed};
        box.reset();
        lua_pushboolean(L, 0);
        push_error(L, ec);
        return 2;
    }
    auto& me = v.current();
    v.receiver = &me;
    me.interrupt = interrupt_receive;
    box.reset();
    return v.suspend(L, "inbox:receive()");
}

int close_inbox(lua_State* L) {
    check_inbox(L);
    lua_vm::of(L).inbox()->close();
    return 0;
}

int import_inbox(lua_State* L) {
    lua_vm::of(L).inbox_imported = true;
    lua_vm::push_registry(L, &inbox_key);
    return 1;
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
                         : 1;
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

// actor_metatables(channel_index, inbox_index)
int actor_metatables(lua_State* L) {
    auto add = [L](const char& key, int index, const char* name,
                   lua_CFunction gc) {
        lua_pushlightuserdata(L, const_cast<char*>(&key));
        lua_createtable(L, 0, 3);
        lua_pushvalue(L, index);
        lua_setfield(L, -2, "__index");
        lua_pushstring(L, name);
        lua_setfield(L, -2, "__metatable");
        if (gc) {
            lua_pushcfunction(L, gc);
            lua_setfield(L, -2, "__gc");
        }
        lua_rawset(L, LUA_REGISTRYINDEX);
    };
    add(channel_mt_key, 1, "channel", collect_channel);
    add(inbox_mt_key, 2, "inbox", nullptr);
    lua_pushlightuserdata(L, const_cast<char*>(&inbox_key));
    static_cast<inbox_handle*>(lua_newuserdata(L, sizeof(inbox_handle)))->tag =
        &inbox_tag;
    lua_vm::push_registry(L, &inbox_mt_key);
    lua_setmetatable(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
    return 0;
}

} // namespace

value to_message(lua_State* L, int index) { return read_message(L, index, 0); }

void push_channel(lua_State* L, const std::shared_ptr<actor_address>& to) {
    auto* c =
        ::new (lua_newuserdata(L, sizeof(channel))) channel{&channel_tag, to};
    (void)c;
    lua_vm::push_registry(L, &channel_mt_key);
    lua_setmetatable(L, -2);
}

std::shared_ptr<actor_address> launch(vm_options options, lua_vm* beside,
                                      int concurrency_hint) {
    std::shared_ptr<thread_pool> own;
    std::shared_ptr<void> keep = beside ? beside->keep_context() : nullptr;
    if (!beside) {
        own = std::make_shared<thread_pool>(concurrency_hint);
        keep = own;
    }
    auto v = lua_vm::make(beside ? beside->context() : *own, keep,
                          std::move(options));
    auto to = std::make_shared<actor_address>(v->inbox());
    v->start();
    v.reset();
    if (own) native_threads::instance().start(std::move(own));
    return to;
}

void add_actor_natives(lua_State* L, lua_vm& v) {
    add_native(L, v, "send", send);
    add_native(L, v, "close_channel", close_channel);
    add_native(L, v, "not_a_subprocess", not_a_subprocess);
    add_native(L, v, "receive", receive);
    add_native(L, v, "close_inbox", close_inbox);
    add_native(L, v, "import_inbox", import_inbox);
    add_native(L, v, "spawn_actor", spawn_actor);
    add_native(L, v, "spawn_context_threads", spawn_context_threads);
    add_native(L, v, "actor_metatables", actor_metatables);
}

} // namespace emilua::lua
