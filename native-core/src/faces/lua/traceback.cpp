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

} // namespace

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
