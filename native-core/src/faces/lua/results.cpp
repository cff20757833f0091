// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/results.hpp"

#include "faces/lua/byte_span.hpp"
#include "faces/lua/integer64.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/vm.hpp"

#include <cstring>

namespace emilua::lua {

void stack_results::put() {
    auto& c = containers_[depth_ - 1];
    if (c.is_list)
        lua_rawseti(L_, -2, ++c.next);
    else
        lua_rawset(L_, -3);
}

void stack_results::nil() {
    lua_pushnil(L_);
    placed();
}
void stack_results::boolean(bool v) {
    lua_pushboolean(L_, v);
    placed();
}
void stack_results::number(double v) {
    lua_pushnumber(L_, v);
    placed();
}
void stack_results::integer64(std::uint64_t bits, bool is_signed) {
    push_integer64(L_, bits, is_signed);
    placed();
}
void stack_results::string(std::string_view v) {
    lua_pushlstring(L_, v.data(), v.size());
    placed();
}

void stack_results::bytes(std::string_view v) {
    auto* span = push_new_byte_span(L_, v.size(), v.size());
    if (!v.empty()) std::memcpy(span->data, v.data(), v.size());
    placed();
}

void* stack_results::begin_object(const class_description& cls) {
    luaL_checkstack(L_, 8, nullptr);
    return push_raw_object(L_, cls);
}

void stack_results::end_object() {
    finish_raw_object(L_);
    placed();
}

void stack_results::begin(container c) {
    if (depth_ == containers_.size())
        throw failure{error_code{EOVERFLOW, boost::system::system_category()}};
    containers_[depth_++] = c;
}

void stack_results::begin_list(std::size_t size) {
    luaL_checkstack(L_, 8, nullptr);
    begin({0, true});
    lua_createtable(L_, static_cast<int>(size), 0);
}

void stack_results::begin_record(std::size_t fields) {
    luaL_checkstack(L_, 8, nullptr);
    begin({0, false});
    lua_createtable(L_, 0, static_cast<int>(fields));
}

void stack_results::field(const char* name) { lua_pushstring(L_, name); }

void stack_results::key(std::string_view text) {
    lua_pushlstring(L_, text.data(), text.size());
}

void stack_results::key(std::int64_t number) {
    lua_pushnumber(L_, static_cast<double>(number));
}

void stack_results::end() {
    --depth_;
    placed();
}

void stack_results::any(value v) {
    push_value(L_, std::move(v));
    placed();
}

} // namespace emilua::lua
