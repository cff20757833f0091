// SPDX-License-Identifier: MIT OR BSL-1.0
// What C++ sees of a byte_span, and what it takes for none.
#include "faces/lua/byte_span.hpp"
#include "faces/lua/errors.hpp"

#include <cstdio>
#include <cstring>
#include <memory>

namespace {

int failures = 0;

void check(bool condition, const char* what) {
    if (condition) return;
    ++failures;
    std::fprintf(stderr, "FAILED: %s\n", what);
}

using namespace emilua;
using state = std::unique_ptr<lua_State, decltype(&lua_close)>;

// Leaves what `source` returns at the top.
void run(lua_State* L, const char* source) {
    if (luaL_dostring(L, source) == 0) return;
    ++failures;
    std::fprintf(stderr, "FAILED: %s: %s\n", source,
                 lua::describe_error(L, -1).c_str());
}

int push_too_large(lua_State* L) {
    lua::push_new_byte_span(L, 1, static_cast<std::size_t>(1) << 40);
    return 1;
}

state make_state() {
    state L{luaL_newstate(), lua_close};
    luaL_openlibs(L.get());
    lua::open_errors(L.get());
    run(L.get(), "return require 'ffi', pcall");
    lua::open_byte_span(L.get());
    lua_pop(L.get(), 1);
    lua_setglobal(L.get(), "byte_span");
    return L;
}

void sees_spans(lua_State* L) {
    run(L, "span = byte_span.append('hello') return span");
    auto* span = lua::to_byte_span(L, -1);
    check(span && span->length == 5 && span->capacity == 5 &&
              std::memcmp(span->data, "hello", 5) == 0,
          "a span made by Lua");
    run(L, "return span:sub(2, 3)");
    auto* view = lua::to_byte_span(L, -1);
    check(view && span && view->data == span->data + 1 && view->length == 2 &&
              view->capacity == 4,
          "a view");
    check(lua::to_byte_span(L, 1) == span && lua::to_byte_span(L, -2) == span,
          "absolute and relative indices");
    lua_settop(L, 0);
}

void makes_spans(lua_State* L) {
    auto* span = lua::push_new_byte_span(L, 3, 100);
    check(span->length == 3 && span->capacity == 100, "sizes of a new span");
    bool zero = true;
    for (int i = 0; i < span->capacity; ++i) zero = zero && span->data[i] == 0;
    check(zero, "a new span is zero");
    std::memcpy(span->data, "abc", 3);
    lua_setglobal(L, "made");
    run(L, "collectgarbage() return tostring(made)");
    check(std::strcmp(lua_tostring(L, -1), "abc") == 0,
          "Lua reads what C++ wrote");

    lua_pushcfunction(L, push_too_large);
    error_code ec;
    check(lua_pcall(L, 0, 1, 0) != 0 && lua::to_error_code(L, -1, ec) &&
              ec == error_code{ENOMEM, boost::system::system_category()},
          "too large a span is ENOMEM");
    lua_settop(L, 0);
}

void refuses_others(lua_State* L) {
    for (const char* source :
         {"return nil", "return 1", "return 'a string'", "return {}",
          "return print", "return io.stdout", "return coroutine.create(print)",
          "return 1LL", "return require 'ffi'.new('int8_t')",
          "return require 'ffi'.new('void *')",
          "return require 'ffi'.new('char[200]')",
          "return require 'ffi'.cast('char *', span)",
          "return require 'ffi'.typeof(span)"}) {
        run(L, source);
        check(!lua::to_byte_span(L, -1), source);
        lua_settop(L, 0);
    }
    check(!lua::to_byte_span(L, 1), "an index beyond the top");
}

} // namespace

int main() {
    const auto cookie = byte_span_cookie();
    check(cookie == byte_span_cookie(), "one cookie a process");
    check(cookie != 0, "a cookie that was drawn");

    auto L = make_state();
    sees_spans(L.get());
    makes_spans(L.get());
    refuses_others(L.get());

    // Another VM of the process shares the cookie and nothing else.
    auto other = make_state();
    sees_spans(other.get());

    std::printf("%s\n", failures == 0 ? "ok" : "failed");
    return failures == 0 ? 0 : 1;
}
