// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/direct.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/call_errors.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/vm.hpp"

#include <cmath>

namespace emilua::lua {
namespace {

// Pushes the error of a call of `m`, which made no operation, and what the
// arguments from `base` on say about it.
void push_call_error(lua_State* L, const member& m, const failure& f,
                     int base) {
    push_error(L, f.code, f.syscall);
    tell_attempt(L, m.parameters, base, f.code, f.syscall,
                 f.path ? &*f.path : nullptr);
}

prompt_write write_span(lua_vm& v, const member& m, void* self,
                        const byte_span_header& s) {
    return m.write_at_once(self, v,
                           {reinterpret_cast<const std::byte*>(s.data),
                            static_cast<std::size_t>(s.length)});
}

int push_failed(lua_State* L, const member& m, const failure& f, int base) {
    lua_pushboolean(L, 0);
    push_call_error(L, m, f, base);
    return 2;
}

} // namespace

int write_at_once(lua_State* L, lua_vm& v, const member& m, void* self,
                  int base) {
    const auto* s = to_byte_span(L, base);
    if (!s) return 0;
    const auto w = write_span(v, m, self, *s);
    if (!w.done) return 0;
    if (w.error) return push_failed(L, m, *w.error, base);
    lua_pushboolean(L, 1);
    lua_pushnumber(L, static_cast<lua_Number>(w.size));
    return 2;
}

int transfer_at_once(lua_State* L, lua_vm& v, const member& m, void* self,
                     int base, bool& in_vain) {
    constexpr double limit = 9007199254740992.0;
    const auto* s = to_byte_span(L, base + 1);
    if (!s || lua_type(L, base) != LUA_TNUMBER) return 0;
    const double place = lua_tonumber(L, base);
    if (!(place >= 0 && place <= limit && place == std::floor(place))) return 0;
    auto done = m.transfer_now(self, v, static_cast<std::uint64_t>(place),
                               {reinterpret_cast<std::byte*>(s->data),
                                static_cast<std::size_t>(s->length)});
    if (done.error) return push_failed(L, m, *done.error, base);
    in_vain = done.in_vain;
    if (!done.values) return 0;
    lua_pushboolean(L, 1);
    lua_pushnumber(L, static_cast<lua_Number>(std::get<0>(*done.values)));
    return 2;
}

operation* start_reading(lua_State* L, lua_vm& v, const member& m, void* self,
                         int base, std::exception_ptr& thrown) {
    auto* s = to_byte_span(L, base);
    if (!s) return nullptr;
    auto& f = v.current();
    f.used.add(self);
    const calling_from here{v, L};
    auto& op = v.start_operation<typed_operation<std::size_t>>();
    try {
        m.read_into(self, {s->data, static_cast<std::size_t>(s->length)},
                    handler<std::size_t>{op});
        return &op;
    } catch (...) {
        thrown = std::current_exception();
    }
    f.used.release();
    detail::abandon(op);
    return nullptr;
}

int write_all_at_once(lua_State* L) {
    // A userdata of the program itself has no room for a header.
    if (lua_type(L, 1) != LUA_TUSERDATA || lua_objlen(L, 1) < object_offset)
        return 0;
    auto& v = lua_vm::of(L);
    const auto* m = v.last_writer;
    void* self = m ? to_object(L, 1, *m->cls) : nullptr;
    if (!self) {
        const auto* cls = described_class(L, 1);
        if (!cls) return 0;
        const auto found = std::ranges::find_if(cls->members, [](auto& one) {
            return one.write_at_once && !one.master_only && is_ours(one);
        });
        if (found == cls->members.end()) return 0;
        v.last_writer = m = &*found;
        self = to_object(L, 1, *m->cls);
    }
    const auto* s = to_byte_span(L, 2);
    if (!s || s->length == 0) return 0;
    v.check_suspension(L);
    const auto w = write_span(v, *m, self, *s);
    if (!w.done) return 0;
    if (w.error) return push_failed(L, *m, *w.error, 2);
    const bool all = w.size == static_cast<std::size_t>(s->length);
    if (!all) lua_pushnil(L);
    lua_pushnumber(L, static_cast<lua_Number>(w.size));
    return all ? 1 : 2;
}

} // namespace emilua::lua
