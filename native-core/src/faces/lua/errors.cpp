// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/errors.hpp"

#include "core/error_names.hpp"
#include "core/similar.hpp"
#include "core/user_category.hpp"
#include "faces/lua/vm.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace emilua::lua {
namespace {

char error_mt_key, category_mt_key, generic_key, asio_key;

void push_keyed(lua_State* L, void* key) {
    lua_pushlightuserdata(L, key);
    lua_rawget(L, LUA_REGISTRYINDEX);
}

void set_keyed(lua_State* L, void* key) {
    lua_pushlightuserdata(L, key);
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

// One userdata a category and VM, so that `==` needs no look inside.
void push_category(lua_State* L, const error_category& any) {
    const auto& c = own_category(any);
    auto* key = const_cast<error_category*>(&c);
    push_keyed(L, key);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    auto** p = static_cast<const error_category**>(
        lua_newuserdata(L, sizeof(const error_category*)));
    *p = &c;
    push_keyed(L, &category_mt_key);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    set_keyed(L, key);
}

const error_category* to_category(lua_State* L, int index) {
    auto* p = lua_touserdata(L, index);
    if (!p || !lua_getmetatable(L, index)) return nullptr;
    push_keyed(L, &category_mt_key);
    const bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return same ? *static_cast<const error_category**>(p) : nullptr;
}

// Lua functions below return a message to raise instead of raising it while
// C++ objects are alive.
int category_message(lua_State* L) {
    auto* c = to_category(L, 1);
    if (!c) raise_argument(L, 1, "an error category");
    const auto code = static_cast<int>(lua_tointeger(L, 2));
    if (lua_type(L, 2) != LUA_TNUMBER || lua_tonumber(L, 2) != code)
        raise_argument(L, 2, "an integer of 32 bits");
    {
        const std::string s = c->message(code);
        lua_pushlstring(L, s.data(), s.size());
    }
    return 1;
}

int category_tostring(lua_State* L) {
    auto* c = to_category(L, 1);
    if (!c) raise_argument(L, 1, "an error category");
    lua_pushstring(L, c->name());
    return 1;
}

// There is no error by the name at 2 among those of `where` and `what`.
// `consider` is called with a similar_name.
template <class F>
[[noreturn]] void refuse_name(lua_State* L, const char* where, const char* what,
                              F&& consider) {
    push_argument_error(L, 2, "the name of an error");
    {
        similar_name similar{text_of(L, 2)};
        consider(similar);
        const auto key = lua_type(L, 2) == LUA_TSTRING
                             ? '\'' + std::string{text_of(L, 2)} + '\''
                             : shown(L, 2);
        set_text(L, "message",
                 std::string{where} + what + " has no error " + key +
                     is_it_meant(similar.best()));
        if (lua_type(L, 2) == LUA_TSTRING) {
            lua_pushvalue(L, 2);
            lua_setfield(L, -2, "value");
        }
    }
    lua_error(L);
    __builtin_unreachable();
}

// Of a category of the program's own also its errors, by alias or number.
int category_index(lua_State* L) {
    auto* c = to_category(L, 1);
    if (!c) raise_argument(L, 1, "an error category");
    const auto key = text_of(L, 2);
    if (key == "message") {
        lua_pushcfunction(L, category_message);
        return 1;
    }
    const auto* own = as_user_category(*c);
    if (!own) raise_argument(L, 2, "\"message\"");
    const auto* e =
        lua_type(L, 2) != LUA_TNUMBER ? own->find(key)
        : lua_tonumber(L, 2) == static_cast<lua_Number>(lua_tointeger(L, 2))
            ? own->find(static_cast<int>(lua_tointeger(L, 2)))
            : nullptr;
    if (!e)
        refuse_name(L, "", own->name(), [&](similar_name& name) {
            for (const auto& known : own->errors())
                for (const auto& alias : known.aliases) name.consider(alias);
        });
    push_error(L, error_code{e->code, *own});
    return 1;
}

bool has_field(lua_State* L, int index, const char* name) {
    lua_pushstring(L, name);
    lua_rawget(L, index);
    const bool has = lua_type(L, -1) == LUA_TSTRING;
    lua_pop(L, 1);
    return has;
}

// The reference wants the category's words, and programs compare them where a
// path is at fault; the path is theirs.
int error_tostring(lua_State* L) {
    error_code ec;
    if (!to_error_code(L, 1, ec)) raise_argument(L, 1, "an error");
    if (has_field(L, 1, "path") && has_field(L, 1, "syscall")) {
        const std::string s = ec.message();
        lua_pushlstring(L, s.data(), s.size());
    } else {
        push_message(L, 1, ec);
    }
    return 1;
}

int error_togeneric(lua_State* L) {
    error_code ec;
    if (!to_error_code(L, 1, ec)) raise_argument(L, 1, "an error");
    const auto condition = ec.default_error_condition();
    if (condition.category() == boost::system::generic_category() &&
        ec.category() != boost::system::generic_category()) {
        push_error(L, error_code{condition.value(),
                                 boost::system::generic_category()});
    } else {
        lua_settop(L, 1);
    }
    return 1;
}

// ("text"):togeneric(): of what `error("text")` raised, which would be lost in
// the complaint that strings have no such method.
int text_togeneric(lua_State* L) {
    lua_settop(L, 1);
    lua_pushliteral(L, " (a plain error: only those of Emilua have "
                       "togeneric())");
    if (lua_type(L, 1) != LUA_TSTRING) raise_argument(L, 1, "an error");
    lua_concat(L, 2);
    return lua_error(L);
}

// Behind the library `string`, which stays what it is.
void add_text_togeneric(lua_State* L) {
    lua_getglobal(L, LUA_STRLIBNAME);
    lua_createtable(L, 0, 2);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, text_togeneric);
    lua_setfield(L, -2, "togeneric");
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

int error_index(lua_State* L) {
    const auto key = text_of(L, 2);
    error_code ec;
    if (key == "togeneric")
        lua_pushcfunction(L, error_togeneric);
    else if (key == "message" && to_error_code(L, 1, ec))
        push_message(L, 1, ec);
    else
        lua_pushnil(L);
    return 1;
}

// Of what else there is, whatever `tostring` says.
int error_concat(lua_State* L) {
    for (const int index : {1, 2}) {
        error_code ec;
        if (to_error_code(L, index, ec)) {
            push_message(L, index, ec);
        } else {
            lua_getglobal(L, "tostring");
            lua_pushvalue(L, index);
            lua_call(L, 1, 1);
        }
    }
    lua_concat(L, 2);
    return 1;
}

int error_eq(lua_State* L) {
    error_code a, b;
    lua_pushboolean(L, to_error_code(L, 1, a) && to_error_code(L, 2, b) &&
                           a.value() == b.value() &&
                           a.category() == b.category());
    return 1;
}

int new_named_error(lua_State* L) {
    auto* group =
        static_cast<const error_names*>(lua_touserdata(L, lua_upvalueindex(1)));
    if (lua_type(L, 2) == LUA_TSTRING) {
        const char* name = lua_tostring(L, 2);
        for (auto& e : group->items) {
            if (std::strcmp(e.name, name) == 0) {
                push_error(L, e.code);
                return 1;
            }
        }
    }
    refuse_name(L, group == &generic_error_names() ? "" : "asio_error.",
                group->name, [&](similar_name& name) {
                    for (auto& e : group->items) name.consider(e.name);
                });
}

// A userdata, so that programs can neither list nor change it.
void push_names(lua_State* L, const error_names& group) {
    lua_newuserdata(L, 0);
    lua_createtable(L, 0, 2);
    lua_pushlightuserdata(L, const_cast<error_names*>(&group));
    lua_pushcclosure(L, new_named_error, 1);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, group.name);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

// What `module:function()` gives as the first argument.
bool is_module(lua_State* L, int given) {
    if (!lua_istable(L, given) || !luaL_getmetafield(L, given, "__metatable"))
        return false;
    const bool r = text_of(L, -1) == "module";
    lua_pop(L, 1);
    return r;
}

// Whether it helps to say what the value at `given` is.
bool says_more(lua_State* L, int given, std::string_view expected) {
    if (expected.find(", not ") != expected.npos) return false;
    switch (lua_type(L, given)) {
    case LUA_TNONE:
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING:
        return true;
    }
    for (std::string_view plain :
         {"a string", "a number", "an integer", "a boolean"})
        if (expected.starts_with(plain)) return true;
    return false;
}

} // namespace

void open_errors(lua_State* L) {
    lua_createtable(L, 0, 4);
    lua_pushcfunction(L, category_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, category_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "error_category");
    lua_setfield(L, -2, "__metatable");
    set_keyed(L, &category_mt_key);

    lua_createtable(L, 0, 5);
    lua_pushcfunction(L, error_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, error_concat);
    lua_setfield(L, -2, "__concat");
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, error_eq);
    lua_setfield(L, -2, "__eq");
    lua_pushliteral(L, "error_code");
    lua_setfield(L, -2, "__metatable");
    set_keyed(L, &error_mt_key);

    push_names(L, generic_error_names());
    set_keyed(L, &generic_key);

    lua_createtable(L, 0, 4);
    for (auto& group : asio_error_names()) {
        push_names(L, group);
        lua_setfield(L, -2, group.name);
    }
    set_keyed(L, &asio_key);
    add_text_togeneric(L);
}

void push_message(lua_State* L, int index, const error_code& ec) {
    lua_pushliteral(L, "message");
    lua_rawget(L, index);
    if (lua_type(L, -1) == LUA_TSTRING) return;
    lua_pop(L, 1);
    lua_pushliteral(L, "syscall");
    lua_rawget(L, index);
    std::string s{text_of(L, -1)};
    lua_pop(L, 1);
    if (!s.empty()) s += ": ";
    s += ec.message();
    lua_pushlstring(L, s.data(), s.size());
}

void push_user_category(lua_State* L, const user_category& c) {
    push_category(L, c);
}

void push_generic_error(lua_State* L) { push_keyed(L, &generic_key); }
void push_asio_error(lua_State* L) { push_keyed(L, &asio_key); }

void push_error(lua_State* L, const error_code& ec, const char* syscall) {
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, ec.value());
    lua_setfield(L, -2, "code");
    push_category(L, ec.category());
    lua_setfield(L, -2, "category");
    if (syscall) {
        lua_pushstring(L, syscall);
        lua_setfield(L, -2, "syscall");
    }
    push_keyed(L, &error_mt_key);
    lua_setmetatable(L, -2);
}

void push_argument_error(lua_State* L, int index, const char* expected) {
    push_error(L, error_code{EINVAL, boost::system::system_category()});
    lua_pushinteger(L, index);
    lua_setfield(L, -2, "arg");
    if (expected && *expected) {
        lua_pushstring(L, expected);
        lua_setfield(L, -2, "expected");
    }
}

void set_text(lua_State* L, const char* name, std::string_view text) {
    lua_pushlstring(L, text.data(), text.size());
    lua_setfield(L, -2, name);
}

void explain_argument(lua_State* L, const char* name, const char* expected,
                      int given) {
    if (!expected || !*expected) return;
    // What was left out is not on the stack.
    if (given >= lua_gettop(L)) given = lua_gettop(L) + 16;
    lua_pushliteral(L, "arg");
    lua_rawget(L, -2);
    std::string s =
        name ? std::string{name} + ": "
        : lua_isnumber(L, -1)
            ? "argument " + std::to_string(lua_tointeger(L, -1)) + ": "
            : std::string{};
    lua_pop(L, 1);
    s += std::string{"Expected "} + expected;
    if (given != 0 && is_module(L, given))
        s += ", not a module: call its functions with a dot";
    else if (given != 0 && lua_istable(L, given) &&
             std::string_view{expected}.starts_with("a table of") &&
             lua_objlen(L, given) > 0)
        s += ", not a list";
    else if (given != 0 && says_more(L, given, expected))
        s += ", not " + shown(L, given);
    set_text(L, "message", s);
    if (given == 0) return;
    switch (lua_type(L, given)) {
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING:
        lua_pushvalue(L, given);
        lua_setfield(L, -2, "value");
    }
}

void raise(lua_State* L, const error_code& ec) {
    push_error(L, ec);
    lua_error(L);
    __builtin_unreachable();
}

void raise_argument(lua_State* L, int index, const char* expected,
                    const char* name) {
    push_argument_error(L, index, expected);
    explain_argument(L, name, expected, index);
    lua_error(L);
    __builtin_unreachable();
}

void raise_receiver(lua_State* L, const char* what, const char* method) {
    push_argument_error(L, 1, what);
    {
        std::string s = "argument 1: Expected the object itself, ";
        s += what;
        s += ": call object:";
        s += method;
        set_text(L, "message", s + "(...), with a colon");
    }
    lua_error(L);
    __builtin_unreachable();
}

bool to_error_code(lua_State* L, int index, error_code& out) {
    if (lua_type(L, index) != LUA_TTABLE) return false;
    if (index < 0) index = lua_gettop(L) + 1 + index;
    if (!lua_getmetatable(L, index)) return false;
    push_keyed(L, &error_mt_key);
    const bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    if (!same) return false;
    lua_pushliteral(L, "category");
    lua_rawget(L, index);
    auto* category = to_category(L, -1);
    lua_pop(L, 1);
    lua_pushliteral(L, "code");
    lua_rawget(L, index);
    const bool number = lua_type(L, -1) == LUA_TNUMBER;
    const auto code = static_cast<int>(lua_tointeger(L, -1));
    lua_pop(L, 1);
    if (!category || !number) return false;
    out.assign(code, *category);
    return true;
}

bool is_error(lua_State* L, int index, const error_code& ec) {
    error_code found;
    return to_error_code(L, index, found) && found == ec;
}

std::string_view text_of(lua_State* L, int index) {
    if (lua_type(L, index) != LUA_TSTRING) return {};
    std::size_t size = 0;
    const char* p = lua_tolstring(L, index, &size);
    return {p, size};
}

} // namespace emilua::lua
