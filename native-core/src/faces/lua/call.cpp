// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/call.hpp"

#include "core/refusals.hpp"
#include "faces/lua/byte_span.hpp"
#include "faces/lua/functions.hpp"
#include "faces/lua/integer64.hpp"
#include "faces/lua/messages.hpp"
#include "faces/lua/objects.hpp"

#include <cmath>

namespace emilua::lua {
namespace {

int index_of(place p) noexcept { return static_cast<int>(p.at); }

[[noreturn]] void refuse() { throw argument_error{}; }

[[noreturn]] void refuse_code(int code, const char* expected) {
    argument_error e;
    e.code.assign(code, boost::system::system_category());
    e.expected = expected;
    throw e;
}

} // namespace

template <class Base> type_kind stack_reader<Base>::kind(place p) {
    const int index = index_of(p);
    switch (lua_type_of(p)) {
    case LUA_TNONE:
    case LUA_TNIL:
        return type_kind::nothing;
    case LUA_TBOOLEAN:
        return type_kind::boolean;
    case LUA_TNUMBER:
        return type_kind::number;
    case LUA_TSTRING:
        return type_kind::string;
    case LUA_TFUNCTION:
        return type_kind::callback;
    case LUA_TUSERDATA:
        return type_kind::object;
    case LUA_TTABLE:
        if (lua_objlen(L_, index) > 0) return type_kind::list;
        lua_pushnil(L_);
        if (lua_next(L_, index) == 0) return type_kind::list;
        lua_pop(L_, 2);
        return type_kind::record;
    default:
        if (to_byte_span(L_, index)) return type_kind::mutable_bytes;
        return is_integer64(L_, index) ? type_kind::integer64 : type_kind::any;
    }
}

template <class Base> bool stack_reader<Base>::is_nil(place p) {
    return lua_type_of(p) <= LUA_TNIL;
}

template <class Base> bool stack_reader<Base>::boolean(place p) {
    if (lua_type_of(p) != LUA_TBOOLEAN) refuse();
    return lua_toboolean(L_, index_of(p)) != 0;
}

template <class Base> double stack_reader<Base>::number(place p) {
    if (lua_type_of(p) != LUA_TNUMBER) refuse();
    return lua_tonumber(L_, index_of(p));
}

template <class Base>
std::uint64_t stack_reader<Base>::integer64(place p, bool is_signed) {
    std::uint64_t bits = 0;
    if (p.at == 0 || !to_integer64(L_, index_of(p), is_signed, bits)) refuse();
    return bits;
}

template <class Base> std::string_view stack_reader<Base>::string(place p) {
    if (lua_type_of(p) != LUA_TSTRING) refuse();
    std::size_t size = 0;
    const char* s = lua_tolstring(L_, index_of(p), &size);
    return {s, size};
}

template <class Base> mutable_bytes stack_reader<Base>::writable(place p) {
    auto* s = p.at == 0 ? nullptr : to_byte_span(L_, index_of(p));
    if (!s) refuse();
    return {s->data, static_cast<std::size_t>(s->length)};
}

template <class Base> const_bytes stack_reader<Base>::readable(place p) {
    auto* s = p.at == 0 ? nullptr : to_byte_span(L_, index_of(p));
    if (!s) refuse();
    return {s->data, static_cast<std::size_t>(s->length)};
}

template <class Base>
const parameter* stack_reader<Base>::given() const noexcept {
    if constexpr (std::is_same_v<Base, call>) {
        const std::size_t i = this->reading;
        if (!parameters_.empty())
            return &parameters_[std::min(i, parameters_.size() - 1)];
    }
    return nullptr;
}

template <class Base>
void* stack_reader<Base>::object(place p, const class_description& cls) {
    if (p.at == 0) return nullptr;
    void* const o = to_object(L_, index_of(p), cls);
    if (!o && was_moved(L_, index_of(p))) refuse_code(EBADF, not_moved);
    if constexpr (std::is_same_v<Base, call>)
        if (o && !cls.is_value()) used_.add(o);
    return o;
}

template <class Base>
void* stack_reader<Base>::consumable(place p, const class_description& cls) {
    void* const o = p.at == 0 ? nullptr : to_object(L_, index_of(p), cls);
    if (!o) {
        if (p.at != 0 && was_moved(L_, index_of(p)))
            refuse_code(EBADF, not_moved);
        return nullptr;
    }
    if (is_pinned(o)) refuse_code(EBUSY, argument_error::not_in_use);
    more().consumed.push_back(o);
    pin(o);
    return o;
}

template <class Base>
std::shared_ptr<program_function> stack_reader<Base>::function(place p) {
    if (lua_type_of(p) != LUA_TFUNCTION) refuse();
    return keep_function(L_, index_of(p), given(), used_.scope());
}

template <class Base> value stack_reader<Base>::any(place p) {
    if (p.at == 0) return {};
    if (auto plain = to_plain_message(L_, index_of(p)))
        return std::move(*plain);
    return to_message(L_, index_of(p), more().gone);
}

template <class Base> void stack_reader<Base>::gather(int first) {
    constexpr int many = 256;
    const int n = lua_gettop(L_) - first + 1;
    if (n < many) return;
    lua_createtable(L_, n, 0);
    lua_insert(L_, first);
    for (int i = n; i > 0; --i) lua_rawseti(L_, first, i);
}

template <class Base> std::size_t stack_reader<Base>::size(place list) {
    if (lua_type_of(list) != LUA_TTABLE) refuse();
    const int index = index_of(list);
    const auto size = lua_objlen(L_, index);
    // What is in no place of the list would get lost.
    if (!lua_checkstack(L_, 4)) refuse();
    std::size_t entries = 0;
    for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) ++entries;
    if (entries != size) refuse();
    return size;
}

template <class Base>
place stack_reader<Base>::element(place list, std::size_t i) {
    auto& lists = more().lists;
    if (i == 0) {
        lists.push_back({list.at, lua_gettop(L_) + 1});
    } else {
        while (lists.back().list != list.at) lists.pop_back();
        gather(lists.back().first);
    }
    if (!lua_checkstack(L_, 8))
        throw argument_error{.expected = "a shorter list"};
    lua_rawgeti(L_, index_of(list), static_cast<int>(i + 1));
    return {lua_gettop(L_)};
}

template <class Base>
place stack_reader<Base>::field(place record, const char* name) {
    if (!lua_checkstack(L_, 8)) throw argument_error{.expected = "less"};
    lua_getfield(L_, index_of(record), name);
    return {lua_gettop(L_)};
}

template <class Base>
void stack_reader<Base>::entries(place table, entry_visitor& visitor) {
    const int index = index_of(table);
    if (!lua_checkstack(L_, 8)) throw argument_error{.expected = "less"};
    lua_pushnil(L_);
    const int first = lua_gettop(L_);
    while (lua_next(L_, index) != 0) {
        const int at = lua_gettop(L_), key = at - 1;
        switch (lua_type(L_, key)) {
        case LUA_TSTRING: {
            std::size_t size = 0;
            const char* s = lua_tolstring(L_, key, &size);
            visitor.text_key({s, size}, place{at});
            break;
        }
        case LUA_TNUMBER: {
            const double d = lua_tonumber(L_, key);
            constexpr double limit = 9223372036854775808.0;
            if (d == std::floor(d) && d >= -limit && d < limit) {
                visitor.integer_key(static_cast<std::int64_t>(d), place{at});
                break;
            }
            [[fallthrough]];
        }
        default:
            visitor.other_key();
        }
        // What the visitor kept stays below the key.
        if (lua_gettop(L_) != key) {
            if (!lua_checkstack(L_, 8))
                throw argument_error{.expected = "less"};
            lua_pushvalue(L_, key);
            lua_insert(L_, first);
            gather(first + 1);
            lua_pushvalue(L_, first);
            lua_remove(L_, first);
        }
    }
}

template <class Base> void stack_reader<Base>::forget(place p) {
    if (p.at != 0 && index_of(p) == lua_gettop(L_)) lua_pop(L_, 1);
}

template class stack_reader<call>;
template class stack_reader<reader>;

} // namespace emilua::lua
