// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/direct.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/call_errors.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/vm.hpp"

#include <algorithm>
#include <optional>

namespace emilua::lua {
namespace {

// Pushes the error of a call of `m`, which made no operation, and what the
// arguments from `base` on say about it.
void push_call_error(lua_State* L, const member& m, const failure& f,
                     int base) {
    push_error(L, f.code, f.syscall);
    tell_attempt(L, m.parameters, base, f.code, f.syscall,
                 f.path ? &*f.path : nullptr);
    name_argument(L, m.parameters, base, base, f.argument, f.expected);
}

prompt_write write_span(lua_vm& v, const member& m, void* self,
                        const byte_span_header& s) {
    return m.write_at_once(self, v,
                           {reinterpret_cast<const std::byte*>(s.data),
                            static_cast<std::size_t>(s.length)});
}

// An integer that a program can write down exactly.
bool is_place(double place) noexcept {
    constexpr double limit = 9007199254740991.0;
    return place >= 0 && place <= limit &&
           place == static_cast<double>(static_cast<std::int64_t>(place));
}

prompt<std::size_t> transfer_span(lua_vm& v, const member& m, void* self,
                                  double place, const byte_span_header& s) {
    return m.transfer_now(self, v, static_cast<std::uint64_t>(place),
                          {reinterpret_cast<std::byte*>(s.data),
                           static_cast<std::size_t>(s.length)});
}

int push_failed(lua_State* L, const member& m, const failure& f, int base) {
    lua_pushboolean(L, 0);
    push_call_error(L, m, f, base);
    return 2;
}

} // namespace

std::int32_t fail_directly(lua_vm& v, const member& m, failure&& f) noexcept {
    v.direct_failure = std::move(f);
    v.failed_directly = &m;
    return direct::failed;
}

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
    const auto* s = to_byte_span(L, base + 1);
    if (!s || lua_type(L, base) != LUA_TNUMBER) return 0;
    const double place = lua_tonumber(L, base);
    if (!is_place(place)) return 0;
    auto done = transfer_span(v, m, self, place, *s);
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

std::int32_t write_directly(lua_vm* v, void* userdata,
                            const byte_span_header* s) noexcept {
    const auto* cls = static_cast<const tagged*>(userdata)->tag;
    const auto* m = v->last_writer;
    if (!m || m->cls != cls) {
        const auto found = std::ranges::find(v->writers, cls, &member::cls);
        if (found == v->writers.end()) return direct::not_done;
        v->last_writer = m = *found;
    }
    if (s->length == 0 || !v->may_suspend()) return direct::not_done;
    void* const self = static_cast<std::byte*>(userdata) + object_offset;
    try {
        auto w = write_span(*v, *m, self, *s);
        if (!w.done) return direct::not_done;
        if (w.error) return fail_directly(*v, *m, std::move(*w.error));
        return static_cast<std::int32_t>(w.size);
    } catch (...) {
        // Whoever tries it by other means hears of it.
        return direct::not_done;
    }
}

std::int32_t transfer_directly(lua_vm* v, const member* m, void* userdata,
                               double place,
                               const byte_span_header* s) noexcept {
    if (static_cast<const tagged*>(userdata)->tag != m->cls ||
        !is_place(place) || !v->may_suspend())
        return direct::not_done;
    void* const self = static_cast<std::byte*>(userdata) + object_offset;
    try {
        auto done = transfer_span(*v, *m, self, place, *s);
        if (done.values)
            return static_cast<std::int32_t>(std::get<0>(*done.values));
        if (done.error) return fail_directly(*v, *m, std::move(*done.error));
        return done.in_vain ? direct::in_vain : direct::not_done;
    } catch (...) {
        return direct::not_done;
    }
}

std::int32_t call_directly(lua_vm* v, const member* m, void* userdata,
                           const byte_span_header* s, double turn) noexcept {
    return v->direct->call(*v, *m, userdata, *s, turn);
}

int take_object(lua_State* L) {
    auto& calls = *lua_vm::of(L).direct;
    calls.push_object(L);
    calls.keep_object(L, 1);
    return 1;
}

int take_list(lua_State* L) {
    lua_vm::of(L).direct->push_list(L);
    return 1;
}

int direct_failure(lua_State* L) {
    auto& v = lua_vm::of(L);
    const auto f = std::exchange(v.direct_failure, std::nullopt);
    push_call_error(L, *v.failed_directly, *f, 2);
    return 1;
}

} // namespace emilua::lua
