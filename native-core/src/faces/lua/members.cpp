// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/members.hpp"

#include "core/similar.hpp"
#include "faces/lua/bind.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/vm.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace emilua::lua {
namespace {

/// The names that modules were asked for and do not have; a program that tries
/// more is none that was misspelt.
constexpr int most_misses = 256;
/// How far down an expression may go on.
constexpr int most_lines = 3;
char misses_key, plain_error_key;

// Considers the keys of the table at `index`.
void consider_keys(lua_State* L, int index, similar_name& name) {
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
        name.consider(text_of(L, -2));
}

bool is_ours(const lua_Debug& ar) {
    return *ar.what == 'C' ||
           std::strncmp(ar.source, chunk_prefix, sizeof(chunk_prefix) - 1) == 0;
}

// Pushes the table of misses: by name { module, what, file, line }, and how
// many there are.
void push_misses(lua_State* L) {
    lua_vm::push_registry(L, &misses_key);
    if (!lua_isnil(L, -1)) {
        lua_rawgeti(L, -1, 1);
        const auto count = lua_tointeger(L, -1);
        lua_pop(L, 1);
        if (count < most_misses) return;
    }
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushinteger(L, 0);
    lua_rawseti(L, -2, 1);
    lua_pushlightuserdata(L, &misses_key);
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

// Remembers that code `level` calls below asked the table at `module`, called
// `what`, for the name at `name`, which it does not have.
void keep_miss(lua_State* L, int module, const char* what, int name,
               int level) {
    lua_Debug ar;
    if (lua_type(L, name) != LUA_TSTRING || !lua_getstack(L, level, &ar) ||
        !lua_getinfo(L, "Sl", &ar) || is_ours(ar))
        return;
    push_misses(L);
    const int misses = lua_gettop(L);
    lua_rawgeti(L, misses, 1);
    lua_pushinteger(L, lua_tointeger(L, -1) + 1);
    lua_rawseti(L, misses, 1);
    lua_pushvalue(L, name);
    lua_createtable(L, 4, 0);
    lua_pushvalue(L, module);
    lua_rawseti(L, -2, 1);
    lua_pushstring(L, what);
    lua_rawseti(L, -2, 2);
    lua_pushstring(L, ar.short_src);
    lua_rawseti(L, -2, 3);
    lua_pushinteger(L, ar.currentline);
    lua_rawseti(L, -2, 4);
    lua_rawset(L, misses);
    lua_settop(L, misses - 1);
}

// __index of a module's tables, for what they do not have: nil, because
// programs ask whether something is there.
int missing_member(lua_State* L) {
    keep_miss(L, 1, lua_tostring(L, lua_upvalueindex(1)), 2, 1);
    lua_pushnil(L);
    return 1;
}

/// What LuaJIT says of nil that is called, indexed or computed with:
/// "FILE:LINE: attempt to index field 'NAME' (a nil value)".
struct complaint {
    std::string file, kind, name;
    int line = 0;
};

bool read_complaint(std::string_view text, complaint& c) {
    constexpr std::string_view end = "' (a nil value)", begin = "attempt to ";
    if (!text.ends_with(end)) return false;
    text.remove_suffix(end.size());
    const auto at = text.rfind(begin);
    if (at == text.npos) return false;
    const auto what = text.substr(at + begin.size());
    const auto quote = what.rfind(" '");
    if (quote == what.npos) return false;
    const auto verb = what.rfind(' ', quote - 1);
    if (verb == what.npos) return false;
    c.kind = what.substr(verb + 1, quote - verb - 1);
    c.name = what.substr(quote + 2);
    auto where = text.substr(0, at);
    if (!where.ends_with(": ")) return false;
    where.remove_suffix(2);
    const auto colon = where.rfind(':');
    if (colon == where.npos) return false;
    c.file = where.substr(0, colon);
    c.line = std::atoi(std::string{where.substr(colon + 1)}.c_str());
    return true;
}

// Where one of the tables inside of the table at `index` has `name`:
// "steady_clock.now", or nothing.
std::string find_inside(lua_State* L, int index, const std::string& name) {
    std::string best;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (!lua_istable(L, -1) || lua_type(L, -2) != LUA_TSTRING) continue;
        lua_pushlstring(L, name.data(), name.size());
        lua_rawget(L, -2);
        auto at = std::string{text_of(L, -3)} + '.' + name;
        const bool better = best.empty() || at.size() < best.size() ||
                            (at.size() == best.size() && at < best);
        if (!lua_isnil(L, -1) && better) best = std::move(at);
        lua_pop(L, 1);
    }
    return best;
}

// The name that is meant by `missed` in the table at `index`, or nothing.
std::string meant_in(lua_State* L, int index, const std::string& missed) {
    similar_name similar{missed};
    consider_keys(L, index, similar);
    if (!similar.best().empty()) return similar.best();
    const std::string usual{usual_name_here(missed)};
    lua_pushlstring(L, usual.data(), usual.size());
    lua_rawget(L, index);
    const bool known = !lua_isnil(L, -1);
    lua_pop(L, 1);
    return known ? usual : find_inside(L, index, missed);
}

// What the miss at the top says of `c`, or nothing if that is about something
// else.
std::string explain_miss(lua_State* L, const std::string& missed,
                         const complaint& c) {
    const int miss = lua_gettop(L);
    if (!lua_istable(L, miss)) return {};
    for (int i = 1; i <= 4; ++i) lua_rawgeti(L, miss, i);
    const auto after = c.line - lua_tointeger(L, miss + 4);
    const bool member = c.kind == "field" || c.kind == "method";
    std::string s;
    if (text_of(L, miss + 3) == c.file &&
        (!member || (after >= 0 && after <= most_lines))) {
        const auto best = meant_in(L, miss + 1, missed);
        // `local sleep = time.slep`: the variable has the name that was meant.
        if ((missed == c.name && c.kind != "global") ||
            (best == c.name && !member))
            s = std::string{text_of(L, miss + 2)} + " has no member '" +
                missed + '\'' + is_it_meant(best);
    }
    lua_settop(L, miss);
    return s;
}

std::string explain_misses(lua_State* L, const complaint& c) {
    std::string s;
    lua_vm::push_registry(L, &misses_key);
    const int misses = lua_gettop(L);
    if (lua_istable(L, misses)) {
        lua_pushlstring(L, c.name.data(), c.name.size());
        lua_rawget(L, misses);
        s = explain_miss(L, c.name, c);
        if (s.empty() && c.kind != "field" && c.kind != "method")
            for (lua_pushnil(L); s.empty() && lua_next(L, misses) != 0;
                 lua_pop(L, 1))
                if (lua_type(L, -2) == LUA_TSTRING)
                    s = explain_miss(L, std::string{text_of(L, -2)}, c);
    }
    lua_settop(L, misses - 1);
    return s;
}

std::string explain_global(lua_State* L, const std::string& name) {
    for (const char* left_out : {"io", "os", "debug", "package"})
        if (name == left_out)
            return "Emilua leaves out the library '" + name +
                   "'; its guide \"Lua\" says what there is instead";
    if (is_builtin_module(name.c_str()))
        return "is local " + name + " = require '" + name + "' missing?";
    similar_name similar{name};
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, "_G");
    consider_keys(L, lua_gettop(L), similar);
    lua_pop(L, 2);
    const auto& best = similar.best();
    return best.empty() ? best : "is it '" + best + "' that is meant?";
}

// e:togeneric() of what somebody else raised.
std::string explain_plain_error(lua_State* L) {
    std::string s = "the error is none of Emilua's";
    lua_vm::push_registry(L, &plain_error_key);
    if (lua_istable(L, -1)) {
        lua_rawgeti(L, -1, 1);
        if (!lua_isnil(L, -1)) s += ": " + describe_error(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return s;
}

// What else may be of use to somebody who asked `what` for `key`, or nothing.
std::string advise(const std::string& what, const std::string& key) {
    if (what == "byte_span" &&
        (key == "length" || key == "len" || key == "size"))
        return "; #object is its length";
    for (const char* name :
         {"read_all", "read_at_least", "write_all", "write_at_least"})
        if (key == name)
            return "; there is a function: stream." + key + "(object, ...)";
    return {};
}

} // namespace

int refuse_member(lua_State* L) {
    push_argument_error(L, static_cast<int>(lua_tointeger(L, 1)), nullptr);
    {
        const std::string what{text_of(L, 2)};
        const std::string key{text_of(L, 3)};
        const std::string shown_key =
            lua_type(L, 3) == LUA_TSTRING ? '\'' + key + '\'' : shown(L, 3);
        similar_name similar{key};
        for (int known = 4; known < lua_gettop(L); ++known)
            if (lua_istable(L, known)) consider_keys(L, known, similar);
        set_text(L, "expected", "a member of " + what);
        const auto advice = advise(what, key);
        set_text(L, "message",
                 what + " has no member " + shown_key +
                     (advice.empty() ? is_it_meant(similar.best()) : advice));
        if (!key.empty()) set_text(L, "value", key);
    }
    return lua_error(L);
}

void push_refuse_fields(lua_State* L, const char* what) {
    lua_pushfstring(L, "nothing: a %s has no fields to assign", what);
    lua_pushcclosure(
        L,
        [](lua_State* L) {
            const char* expected = lua_tostring(L, lua_upvalueindex(1));
            push_argument_error(L, 2, expected);
            explain_argument(L, nullptr, expected, 0);
            return lua_error(L);
        },
        1);
}

int nearest(lua_State* L) {
    {
        similar_name similar{text_of(L, 1)};
        consider_keys(L, 2, similar);
        const auto& best = similar.best();
        if (best.empty()) return 0;
        lua_pushlstring(L, best.data(), best.size());
    }
    return 1;
}

int note_missing(lua_State* L) {
    // Below are the native function and the one of ours that called it.
    lua_settop(L, 3);
    keep_miss(L, 1, lua_tostring(L, 2), 3, 2);
    return 0;
}

void watch_module(lua_State* L, const std::string& what) {
    const int module = lua_gettop(L);
    luaL_checkstack(L, 8, "no room for a module");
    if (!lua_getmetatable(L, module)) {
        lua_createtable(L, 0, 2);
        const bool nested = what.find('.') != what.npos;
        lua_pushstring(L, nested ? what.c_str() : ("module " + what).c_str());
        lua_pushcclosure(L, missing_member, 1);
        lua_setfield(L, -2, "__index");
        lua_pushliteral(L, "module");
        lua_setfield(L, -2, "__metatable");
        lua_setmetatable(L, module);
    } else {
        lua_pop(L, 1);
    }
    for (lua_pushnil(L); lua_next(L, module) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_istable(L, -1)) continue;
        // Not what is watched already, and no metatable.
        lua_pushliteral(L, "__index");
        lua_rawget(L, -2);
        const bool is_metatable = !lua_isnil(L, -1);
        lua_pop(L, 1);
        if (lua_getmetatable(L, -1))
            lua_pop(L, 1);
        else if (!is_metatable)
            watch_module(L, what + '.' + lua_tostring(L, -2));
    }
}

void keep_plain_error(lua_State* L, int index) {
    error_code ec;
    if (lua_type(L, index) != LUA_TTABLE || to_error_code(L, index, ec) ||
        !lua_checkstack(L, 4))
        return;
    lua_vm::push_registry(L, &plain_error_key);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_createtable(L, 1, 0);
        lua_createtable(L, 0, 1);
        lua_pushliteral(L, "v");
        lua_setfield(L, -2, "__mode");
        lua_setmetatable(L, -2);
        lua_pushlightuserdata(L, &plain_error_key);
        lua_pushvalue(L, -2);
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    lua_pushvalue(L, index);
    lua_rawseti(L, -2, 1);
    lua_pop(L, 1);
}

bool explain_nil(lua_State* L, int index) {
    constexpr std::size_t longest = 1000;
    const auto text = text_of(L, index);
    complaint c;
    if (text.size() > longest || !read_complaint(text, c)) return false;
    if (!lua_checkstack(L, 16)) return false;
    auto more = c.kind == "method" && c.name == "togeneric"
                    ? explain_plain_error(L)
                    : explain_misses(L, c);
    if (more.empty() && c.kind == "global") more = explain_global(L, c.name);
    if (more.empty()) return false;
    more = std::string{text} + ": " + more;
    lua_pushlstring(L, more.data(), more.size());
    return true;
}

} // namespace emilua::lua
