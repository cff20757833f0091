// SPDX-License-Identifier: MIT OR BSL-1.0
// Values and errors as people read them.
#include "faces/lua/byte_span.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/integer64.hpp"
#include "faces/lua/vm.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace emilua::lua {
namespace {

/// Of a table that is no object: how many fields, out of how many, how deep,
/// how much text.
constexpr std::size_t most_fields = 16, most_sorted = 256;
constexpr int most_levels = 2;
constexpr std::size_t most_text = 200;
/// How many causes of an error are told.
constexpr int most_causes = 4;

std::string with_article(std::string_view what) {
    const bool vowel = std::string_view{"aeio"}.find(what[0]) != what.npos;
    return (vowel ? "an " : "a ") + std::string{what};
}

// What the program's own __tostring says; its thread may have ended.
bool call_tostring(lua_State* L, int index, std::string& text) {
    if (!luaL_getmetafield(L, index, "__tostring")) return false;
    auto& v = lua_vm::from_registry(L);
    auto* at = v.state();
    const outside_fibers here{v, at};
    const int top = lua_gettop(at);
    if (!lua_checkstack(at, 8)) return false;
    lua_xmove(L, at, 1);
    lua_pushvalue(L, index);
    lua_xmove(L, at, 1);
    const bool ok = lua_pcall(at, 1, 1, 0) == 0 && lua_isstring(at, -1);
    if (ok) text = lua_tostring(at, -1);
    lua_settop(at, top);
    return ok;
}

std::string quoted(std::string_view text) {
    std::string s = "\"";
    for (const char c : text.substr(0, most_text)) {
        if (c == '\n')
            s += "\\n";
        else if (c == '"' || c == '\\')
            s += {'\\', c};
        else
            s += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
    }
    return s + (text.size() > most_text ? "\"…" : "\"");
}

bool is_name(std::string_view key) {
    return !key.empty() && !std::isdigit(static_cast<unsigned char>(key[0])) &&
           std::ranges::all_of(key, [](unsigned char c) {
               return c == '_' || std::isalnum(c);
           });
}

std::string shown_fields(lua_State* L, int index, int level);

std::string shown_value(lua_State* L, int index, int level) {
    std::string s;
    error_code ec;
    if (lua_type(L, index) == LUA_TSTRING) return quoted(text_of(L, index));
    if (to_error_code(L, index, ec)) {
        push_message(L, index, ec);
        s = text_of(L, -1);
        lua_pop(L, 1);
        return s;
    }
    if (call_tostring(L, index, s)) return s;
    if (lua_type(L, index) != LUA_TTABLE) return shown(L, index);
    return level > most_levels ? "{…}" : shown_fields(L, index, level);
}

// "{1, 2, code = 5}": what has a number first.
std::string shown_fields(lua_State* L, int index, int level) {
    struct field {
        bool numbered;
        lua_Number number;
        std::string name, value;
        bool operator<(const field& b) const {
            if (numbered != b.numbered) return numbered;
            return numbered ? number < b.number : name < b.name;
        }
    };
    if (!lua_checkstack(L, 16)) return "{…}";
    std::vector<field> fields;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (fields.size() == most_sorted) {
            lua_pop(L, 2);
            break;
        }
        const int key = lua_gettop(L) - 1;
        const bool numbered = lua_type(L, key) == LUA_TNUMBER;
        const bool plain = is_name(text_of(L, key));
        fields.push_back(
            {numbered, numbered ? lua_tonumber(L, key) : 0,
             plain ? std::string{text_of(L, key)}
                   : '[' + shown_value(L, key, most_levels + 1) + ']',
             shown_value(L, key + 1, level + 1)});
    }
    std::ranges::sort(fields, std::less{});
    std::string s = "{";
    lua_Number next = 1;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) s += ", ";
        if (i == most_fields) {
            s += "…";
            break;
        }
        auto& f = fields[i];
        if (f.numbered && f.number == next)
            ++next;
        else
            s += f.name + " = ";
        s += f.value;
    }
    return s + '}';
}

std::string describe(lua_State* L, int index, int causes);

// " (cause: …)", unless `said` has said it.
std::string shown_cause(lua_State* L, int index, int causes,
                        const std::string& said) {
    if (causes == most_causes || lua_type(L, index) != LUA_TTABLE) return {};
    std::string s;
    lua_pushliteral(L, "cause");
    lua_rawget(L, index);
    if (!lua_isnil(L, -1)) s = describe(L, lua_gettop(L), causes + 1);
    lua_pop(L, 1);
    return s.empty() || said.find(s) != said.npos ? "" : " (cause: " + s + ')';
}

std::string describe(lua_State* L, int index, int causes) {
    std::string s;
    error_code ec;
    if (to_error_code(L, index, ec)) {
        push_message(L, index, ec);
        s = text_of(L, -1);
        lua_pop(L, 1);
        std::string more = std::string{" ["} + ec.category().name() + ':' +
                           std::to_string(ec.value());
        for (const char* key : {"syscall", "arg", "path", "id"}) {
            lua_pushstring(L, key);
            lua_rawget(L, index);
            if (lua_type(L, -1) == LUA_TNUMBER ||
                (lua_isstring(L, -1) && s.find(lua_tostring(L, -1)) == s.npos))
                more += std::string{", "} + key + ": " + lua_tostring(L, -1);
            lua_pop(L, 1);
        }
        s += more + ']';
        return s + shown_cause(L, index, causes, s);
    }
    if (call_tostring(L, index, s)) return s + shown_cause(L, index, causes, s);
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
    case LUA_TNUMBER: {
        lua_pushvalue(L, index);
        std::size_t size = 0;
        const char* p = lua_tolstring(L, -1, &size);
        s.assign(p, size);
        lua_pop(L, 1);
        return s;
    }
    case LUA_TBOOLEAN:
        return "(error object is " + shown(L, index) + ')';
    case LUA_TTABLE:
        // One whose __tostring fails is no bag of fields.
        if (luaL_getmetafield(L, index, "__tostring"))
            lua_pop(L, 1);
        else if (s = shown_fields(L, index, 1); s != "{}")
            return s;
    }
    return std::string{"(error object is a "} +
           lua_typename(L, lua_type(L, index)) + " value)";
}

} // namespace

std::string shown(lua_State* L, int index) {
    constexpr std::size_t most = 60;
    switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
        return "nil";
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) ? "true" : "false";
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        {
            std::string s = lua_tostring(L, -1);
            lua_pop(L, 1);
            return s;
        }
    case LUA_TSTRING: {
        const auto text = text_of(L, index);
        return '"' + std::string{text.substr(0, most)} +
               (text.size() > most ? "\"…" : "\"");
    }
    case LUA_TUSERDATA:
        if (luaL_getmetafield(L, index, "__metatable")) {
            std::string s{text_of(L, -1)};
            lua_pop(L, 1);
            if (!s.empty()) return with_article(s);
        }
        break;
    }
    if (to_byte_span(L, index)) return "a byte_span";
    if (std::uint64_t bits = 0; to_integer64(L, index, true, bits))
        return std::to_string(static_cast<std::int64_t>(bits)) + "LL";
    else if (to_integer64(L, index, false, bits))
        return std::to_string(bits) + "ULL";
    return with_article(lua_typename(L, lua_type(L, index)));
}

std::string describe_error(lua_State* L, int index) {
    if (index < 0) index = lua_gettop(L) + 1 + index;
    return describe(L, index, 0);
}

} // namespace emilua::lua
