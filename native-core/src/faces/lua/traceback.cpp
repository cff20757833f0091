// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/report.hpp"

#include "faces/lua/open.hpp"

#include <cstring>
#include <vector>

namespace emilua::lua {
namespace {

/// How many frames a long traceback shows of each end.
constexpr std::size_t first_frames = 12, last_frames = 10;

bool is_ours(const lua_Debug& ar) {
    return std::strncmp(ar.source, chunk_prefix, sizeof(chunk_prefix) - 1) == 0;
}

bool is_native(const lua_Debug& ar) { return *ar.what == 'C' || is_ours(ar); }

std::string function_of(const lua_Debug& ar) {
    if (*ar.namewhat) return std::string{" in function '"} + ar.name + '\'';
    if (is_native(ar)) return " ?";
    if (std::strcmp(ar.what, "main") == 0) return " in main chunk";
    return std::string{" in function <"} + ar.short_src + ':' +
           std::to_string(ar.linedefined) + '>';
}

// The line that the message of an error begins with, as "FILE:LINE: ": LuaJIT
// has forgotten it once the error left the thread.
std::string line_in(std::string_view message, std::string_view file) {
    if (!message.starts_with(file)) return {};
    message.remove_prefix(file.size());
    if (!message.starts_with(':')) return {};
    const auto end = message.find_first_not_of("0123456789", 1);
    if (end == 1 || end == message.npos || message[end] != ':') return {};
    return std::string{message.substr(0, end)};
}

// Of a module: "=[emilua runtime]" of "runtime". What the prelude has around
// everything is none.
bool is_of_module(const lua_Debug& ar) {
    if (!is_ours(ar)) return false;
    std::string_view name = ar.source;
    name.remove_prefix(sizeof(chunk_prefix));
    name.remove_suffix(1);
    return is_builtin_module(std::string{name}.c_str());
}

// The class of the object whose method `ar` is.
std::string class_of_receiver(lua_State* L, const lua_Debug& ar) {
    std::string s;
    // Our chunks have no names of variables.
    if (std::strcmp(ar.namewhat, "method") != 0 || !lua_getlocal(L, &ar, 1))
        return s;
    if (luaL_getmetafield(L, -1, "__metatable")) {
        if (lua_isstring(L, -1)) s = lua_tostring(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return s;
}

} // namespace

std::string awaited(lua_State* L, const char* why) {
    std::string s = why;
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); ++level) {
        lua_getinfo(L, "Sn", &ar);
        if (!is_native(ar)) break;
        if (!is_of_module(ar) || !*ar.namewhat) continue;
        const auto cls = class_of_receiver(L, ar);
        // The name of the iterator is "(for generator)".
        s = *ar.name == '(' ? "the step of a loop"
                            : (cls.empty() ? cls : cls + ':') + ar.name + "()";
    }
    return s;
}

std::optional<program_place> place_in_program(lua_State* L) {
    constexpr int deepest = 200;
    lua_Debug ar;
    for (int level = 0; level < deepest && lua_getstack(L, level, &ar);
         ++level) {
        lua_getinfo(L, "Snl", &ar);
        if (is_native(ar)) continue;
        // The name in full, which reports cut short.
        program_place p{*ar.source == '@' ? ar.source + 1 : ar.short_src, {}};
        if (ar.currentline > 0)
            p.where.append(":").append(std::to_string(ar.currentline));
        if (*ar.namewhat)
            p.function = ar.name;
        else if (std::strcmp(ar.what, "main") == 0)
            p.function = "main chunk";
        return p;
    }
    return {};
}

std::string place_of(lua_State* L) {
    std::string s;
    const auto take = [&s](const lua_Debug& ar) {
        if (is_native(ar)) return;
        s = ar.short_src;
        if (ar.linedefined > 0) s += ':' + std::to_string(ar.linedefined);
    };
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); ++level) {
        lua_getinfo(L, "S", &ar);
        take(ar);
    }
    if (s.empty() && lua_type(L, 1) == LUA_TFUNCTION && lua_checkstack(L, 1)) {
        lua_pushvalue(L, 1);
        lua_getinfo(L, ">S", &ar);
        take(ar);
    }
    return s;
}

std::string traceback(lua_State* L, int level, std::string_view message) {
    std::vector<std::string> lines;
    bool native = false, ours = false, first = true;
    std::string last_native;
    lua_Debug ar;
    for (; lua_getstack(L, level, &ar); ++level) {
        lua_getinfo(L, "Snl", &ar);
        if (is_native(ar)) {
            // Of a way through native functions only what the program called.
            native = true;
            ours |= is_ours(ar);
            last_native = "[C]:" + function_of(ar);
            continue;
        }
        if (native) lines.push_back(std::move(last_native));
        std::string where = ar.short_src;
        if (ar.currentline > 0)
            where += ':' + std::to_string(ar.currentline);
        else if (first && !native)
            where += line_in(message, ar.short_src);
        lines.push_back(where + ':' + function_of(ar));
        native = ours = first = false;
    }
    if (native && !ours) lines.push_back(std::move(last_native));
    if (lines.empty()) return {};
    std::string text = "stack traceback:";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == first_frames &&
            lines.size() > first_frames + last_frames + 1) {
            text += "\n\t...";
            i = lines.size() - last_frames;
        }
        text += "\n\t" + lines[i];
    }
    return text;
}

} // namespace emilua::lua
