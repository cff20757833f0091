// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/attempted.hpp"
#include "core/built_in.hpp"
#include "core/plugins.hpp"
#include "core/user_category.hpp"
#include "faces/lua/bind.hpp"
#include "faces/lua/compiled_files.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/vm.hpp"
#include "modules/modules.hpp"

#include "files.h" // the prelude's bytecode

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::lua {
namespace {

struct close_file {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
};

std::optional<std::string_view> given_to(lua_State* L, const char* path) {
    return given_source(lua_vm::of(L).options().sources, path);
}

bool is_given_file(lua_State* L, const char* path) {
    return given_to(L, path) || built_in_native_module(path);
}

bool is_given_directory(lua_State* L, const std::string& path) {
    const auto& sources = lua_vm::of(L).options().sources;
    const auto at = sources.lower_bound(path + '/');
    return (at != sources.end() && at->first.starts_with(path + '/')) ||
           is_built_in_directory(path);
}

int is_kind(lua_State* L, bool directory) {
    const char* path = luaL_checkstring(L, 1);
    struct stat s;
    const bool is =
        (directory ? is_given_directory(L, path) : is_given_file(L, path)) ||
        (stat(path, &s) == 0 && (S_ISDIR(s.st_mode) != 0) == directory);
    lua_pushboolean(L, is);
    return 1;
}

int is_file(lua_State* L) { return is_kind(L, false); }
int is_directory(lua_State* L) { return is_kind(L, true); }

// real_path(path): the one of many spellings, or nil.
int real_path(lua_State* L) {
    if (is_given_file(L, luaL_checkstring(L, 1))) {
        lua_settop(L, 1);
        return 1;
    }
    char* path = ::realpath(luaL_checkstring(L, 1), nullptr);
    if (!path) return 0;
    lua_pushstring(L, path);
    std::free(path);
    return 1;
}

// modules_in(directory): a table with the names of the modules there as keys.
int modules_in(lua_State* L) {
    const std::string directory = luaL_checkstring(L, 1);
    lua_newtable(L);
    std::error_code ec;
    for (std::filesystem::directory_iterator at{directory, ec}, end;
         !ec && at != end; at.increment(ec)) {
        const auto& path = at->path();
        const bool is_file =
            path.extension() == ".lua" || path.extension() == ".ttl";
        std::error_code unknown;
        if (!is_file && !std::filesystem::exists(path / "init.lua", unknown))
            continue;
        const auto name = is_file ? path.stem() : path.filename();
        lua_pushboolean(L, 1);
        lua_setfield(L, 2, name.c_str());
    }
    return 1;
}

// given_plugin(id): the file of a plugin that the VM was given, or that is in a
// folder it was given, whose key ends with a colon; or nil.
int given_plugin(lua_State* L) {
    const std::string id = luaL_checkstring(L, 1);
    std::string file;
    for (const auto& [key, path] : lua_vm::of(L).options().native_modules) {
        if (key == id) file = path;
        if (!file.empty() || !key.ends_with(':')) continue;
        for (const auto& there :
             {path + '/' + id + ".so", path + '/' + id + '/' + id + ".so"})
            if (file.empty() && ::access(there.c_str(), F_OK) == 0)
                file = there;
    }
    if (file.empty()) return 0;
    lua_pushlstring(L, file.data(), file.size());
    return 1;
}

int builtin_names(lua_State* L) {
    push_builtin_names(L);
    return 1;
}

// What LuaJIT keeps for `require` besides its libraries.
int extension(lua_State* L) {
    lua_getfield(L, LUA_REGISTRYINDEX, "_PRELOAD");
    if (!lua_istable(L, -1)) return 0;
    lua_pushvalue(L, 1);
    lua_rawget(L, -2);
    if (lua_isnil(L, -1)) return 0;
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

// copy(globals): with room for what a module adds.
int copy(lua_State* L) {
    lua_createtable(L, 0, 64);
    for (lua_pushnil(L); lua_next(L, 1) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, 2);
    }
    return 1;
}

// open_files(): the chunk that finds files.
int open_files(lua_State* L) {
    load_chunk(L, luaJIT_BC_files, luaJIT_BC_files_SIZE, "files");
    push_natives(L);
    push_search_path(L);
    lua_call(L, 2, 1);
    return 1;
}

// What the VM was given comes first.
bool read_file(lua_State* L, const char* path, std::string& out,
               struct stat* status = nullptr) {
    if (const auto source = given_to(L, path)) {
        out = *source;
        return true;
    }
    std::unique_ptr<std::FILE, close_file> f{std::fopen(path, "rbe")};
    if (!f) return false;
    if (status) ::fstat(::fileno(f.get()), status);
    char block[16384];
    while (const auto n = std::fread(block, 1, sizeof(block), f.get()))
        out.append(block, n);
    return std::ferror(f.get()) == 0;
}

void push_unreadable(lua_State* L, const error_code& ec, const char* path) {
    push_error(L, ec, "open");
    set_text(L, "id", path);
    attempt tried;
    tried.add(attempted::path, path);
    set_text(L, "message", tell(ec, "open", tried));
}

std::string bytecode_of_top(lua_State* L) {
    std::string code;
    const lua_Writer append = [](lua_State*, const void* p, std::size_t size,
                                 void* to) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(p),
                                              size);
        return 0;
    };
    if (lua_dump(L, append, &code) != 0) code.clear();
    return code;
}

// Pushes what an actor has compiled of this file earlier; false if that is not
// there.
bool push_compiled(lua_State* L, const char* path) {
    struct stat now;
    if (::stat(path, &now) != 0) return false;
    const auto code = compiled_files::instance().find(path, now);
    return code && luaL_loadbuffer(L, code->data(), code->size(), path) == 0;
}

// The function that the source in a file is; raises what is wrong with it.
int load_file(lua_State* L) {
    const char* path = luaL_checkstring(L, 1);
    // A program, or an actor with a process of its own, starts once, but actors
    // of a program start often.
    const bool keeps = lua_vm::of(L).options().family && !given_to(L, path);
    if (keeps && push_compiled(L, path)) return 1;
    bool ok;
    {
        std::string source;
        struct stat status {};
        errno = 0;
        if (read_file(L, path, source, &status)) {
            std::string_view text = source;
            // A first line for the kernel; its line end stays, for the line
            // numbers.
            if (text.starts_with('#'))
                text.remove_prefix(std::min(text.find('\n'), text.size()));
            const std::string name = std::string{"@"} + path;
            ok =
                luaL_loadbuffer(L, text.data(), text.size(), name.c_str()) == 0;
            if (ok && keeps)
                compiled_files::instance().keep(path, status,
                                                bytecode_of_top(L));
        } else {
            push_unreadable(
                L, error_code{errno, boost::system::system_category()}, path);
            ok = false;
        }
    }
    return ok ? 1 : lua_error(L);
}

// load_turtle(path): the error category that a file defines.
int load_turtle(lua_State* L) {
    const char* path = luaL_checkstring(L, 1);
    const user_category* category = nullptr;
    try {
        std::string content;
        errno = 0;
        if (!read_file(L, path, content)) throw_errno("open");
        char* real = ::realpath(path, nullptr);
        const std::string name = real ? real : path;
        std::free(real);
        category = &define_category(name, content);
    } catch (const failure& e) {
        if (e.syscall) {
            push_unreadable(L, e.code, path);
        } else {
            push_error(L, e.code);
            set_text(L, "id", path);
            set_text(L, "message", e.expected);
        }
    }
    if (!category) return lua_error(L);
    push_user_category(L, *category);
    return 1;
}

// load_plugin(path, name): the module of a plugin.
int load_plugin_native(lua_State* L) {
    const char* path = luaL_checkstring(L, 1);
    const char* name = luaL_checkstring(L, 2);
    const module_description* module = nullptr;
    try {
        if (auto* const describe = built_in_native_module(path)) {
            module = &add_module(name, describe);
        } else {
            const auto inside = built_in_library(path);
            module = &load_plugin_module(inside.empty() ? path : inside, name);
        }
    } catch (const failure& e) {
        push_error(L, e.code, e.syscall);
        lua_pushlstring(L, e.expected.data(), e.expected.size());
        lua_setfield(L, -2, "expected");
        lua_pushvalue(L, 1);
        lua_setfield(L, -2, "id");
    }
    if (!module) return lua_error(L);
    push_module(L, *module);
    watch_module(L, name);
    return 1;
}

} // namespace

void add_module_natives(lua_State* L, lua_vm& v) {
    add_native(L, v, "is_file", is_file);
    add_native(L, v, "is_directory", is_directory);
    add_native(L, v, "copy", copy);
    add_native(L, v, "open_files", open_files);
    add_native(L, v, "real_path", real_path);
    add_native(L, v, "modules_in", modules_in);
    add_native(L, v, "given_plugin", given_plugin);
    add_native(L, v, "builtin_names", builtin_names);
    add_native(L, v, "nearest", nearest);
    add_native(L, v, "extension", extension);
    add_native(L, v, "load_file", load_file);
    add_native(L, v, "load_plugin", load_plugin_native);
    add_native(L, v, "load_turtle", load_turtle);
}

} // namespace emilua::lua
