// SPDX-License-Identifier: MIT OR BSL-1.0
// The arguments of `emilua --bundle`, and what bundle.lua has of C++.
#include "programs/bundle_command.hpp"

#include "core/own_library.hpp"
#include "faces/lua/actors.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "programs/bundle.hpp"

#include "bundle.h" // bytecode

#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <link.h>
#include <set>

namespace emilua {
namespace {

constexpr const char help[] =
    R"(Usage: emilua --bundle PROGRAM.lua|DIRECTORY -o FILE [OPTIONS]

Makes one executable file of a Lua program: this command and, behind it, every
module that the program names in `require` and `spawn_vm`, be it its own or of
a package in EMILUA_PATH, Lua, Turtle or a plugin; and the library for TLS if
it requires 'tls'. FILE needs none of them afterwards, nor an installation of
Emilua. All of its arguments are the program's.

What is only known when the program runs, as in require(name), is not found;
a string that is the path of a Lua file beside the one that has it, is.

Options:
  -o FILE         Where the executable goes. What is there is replaced.
  --include=PATH  Take in this file too, or the .lua, .ttl and .so files below
                  this directory. They have to be below the program's
                  directory or one of EMILUA_PATH. May be repeated.
  --exclude=ID    Leave out the module that is required as ID; it is looked
                  for when the program runs. May be repeated.
  --list          Print what is taken in: where it is for the program, and the
                  file it was.
  --help          Print this and exit.

Exit status: 0, or 2 when nothing was made.
)";

struct request {
    std::string program, output;
    std::vector<std::string> include, exclude;
    bool list = false;
    /// Why nothing was made.
    std::string refusal;
};

/// Of the one command line that a process has.
request& the_request() {
    static request r;
    return r;
}

int refuse(const std::string& why) {
    std::fprintf(stderr, "emilua: %s\n", why.c_str());
    return 2;
}

int refuse_usage(const std::string& why) {
    std::fprintf(stderr, "emilua: %s\nTry 'emilua --bundle --help'.\n",
                 why.c_str());
    return 2;
}

std::string text_of(const failure& f) {
    std::string text = f.path ? *f.path + ": " : std::string{};
    return text += f.expected.empty() ? f.code.message() : f.expected;
}

void push_text(lua_State* L, const std::string& text) {
    lua_pushlstring(L, text.data(), text.size());
}

void push_list(lua_State* L, const std::vector<std::string>& texts) {
    lua_createtable(L, static_cast<int>(texts.size()), 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        push_text(L, texts[i]);
        lua_rawseti(L, -2, static_cast<int>(i) + 1);
    }
}

std::string source_of(const char* path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

int read_source(lua_State* L) {
    push_text(L, source_of(luaL_checkstring(L, 1)));
    return 1;
}

std::set<std::string> modules_below(const std::string& path) {
    namespace fs = std::filesystem;
    std::set<std::string> found;
    std::error_code ec;
    const auto add = [&found](const fs::path& file) {
        const auto kind = file.extension();
        if (kind == ".lua" || kind == ".ttl" || kind == ".so")
            found.insert(file.native());
    };
    if (!fs::is_directory(path, ec)) {
        if (fs::exists(path, ec)) add(path);
        return found;
    }
    for (fs::recursive_directory_iterator at{path, ec}, end; !ec && at != end;
         at.increment(ec))
        if (at->is_regular_file(ec)) add(at->path());
    return found;
}

// files_below(path): the modules in a directory, or the one that is a file.
int files_below(lua_State* L) {
    const auto found = modules_below(luaL_checkstring(L, 1));
    push_list(L, {found.begin(), found.end()});
    return 1;
}

// Of the system's libraries, that which a program that looks for it would get.
std::string library_file_of(const char* name) {
    auto own = find_own_library(name);
    if (!own.empty()) return own;
    void* const library = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    link_map* map = nullptr;
    if (library && ::dlinfo(library, RTLD_DI_LINKMAP, &map) == 0)
        own = map->l_name;
    return own;
}

int library_file(lua_State* L) {
    const char* name = luaL_checkstring(L, 1);
    push_text(L, library_file_of(name));
    if (lua_objlen(L, -1) == 0)
        return luaL_error(L, "%s, which the program needs, is not there", name);
    return 1;
}

std::vector<bundled_file> files_at(lua_State* L, int index) {
    std::vector<bundled_file> files;
    for (int i = 1; i <= static_cast<int>(lua_objlen(L, index)); ++i) {
        lua_rawgeti(L, index, i);
        lua_getfield(L, -1, "place");
        lua_getfield(L, -2, "file");
        files.push_back({lua_tostring(L, -2), lua_tostring(L, -1)});
        lua_pop(L, 3);
    }
    return files;
}

// write_bundle(output, {{ place =, file = }, …})
int write_bundle_native(lua_State* L) {
    try {
        write_bundle(luaL_checkstring(L, 1), files_at(L, 2));
    } catch (const failure& f) {
        the_request().refusal = text_of(f);
    }
    return 0;
}

int refuse_native(lua_State* L) {
    the_request().refusal = lua::text_of(L, 1);
    return 0;
}

void prepare(lua::lua_vm& v) {
    lua_State* L = v.state();
    const auto& r = the_request();
    lua::push_natives(L);
    lua::add_native(L, v, "read_source", read_source);
    lua::add_native(L, v, "files_below", files_below);
    lua::add_native(L, v, "library_file", library_file);
    lua::add_native(L, v, "write_bundle", write_bundle_native);
    lua::add_native(L, v, "refuse", refuse_native);
    lua::push_search_path(L);
    lua_setfield(L, -2, "search_path");
    lua_newtable(L);
    push_text(L, r.program);
    lua_setfield(L, -2, "program");
    push_text(L, r.output);
    lua_setfield(L, -2, "output");
    push_list(L, r.include);
    lua_setfield(L, -2, "include");
    push_list(L, r.exclude);
    lua_setfield(L, -2, "exclude");
    lua_pushboolean(L, r.list);
    lua_setfield(L, -2, "list");
    lua_setfield(L, -2, "bundle_options");
    lua_setglobal(L, "native");
}

int make_bundle() {
    constexpr char itself[] = "emilua:/bundle.lua";
    lua::vm_options options{.program = itself,
                            .root = {},
                            .role = "main",
                            .master = true,
                            .family = {},
                            .on_end = {}};
    options.sources[itself].assign(
        reinterpret_cast<const char*>(luaJIT_BC_bundle), luaJIT_BC_bundle_SIZE);
    const int status = lua::run_main(std::move(options), prepare);
    const auto& why = the_request().refusal;
    return why.empty() ? status : refuse(why);
}

/// The argument of an option that is one word or two; moves on to it.
const char* value_of(std::string_view name, int argc, char** argv, int& i) {
    const std::string_view word = argv[i];
    if (word == name) return i + 1 < argc ? argv[++i] : nullptr;
    if (name.starts_with("--")) return argv[i] + name.size() + 1;
    return argv[i] + name.size();
}

bool names(std::string_view word, std::string_view option) {
    return word == option ||
           (word.starts_with(option) &&
            (!option.starts_with("--") || word[option.size()] == '='));
}

} // namespace

int run_bundle_command(int argc, char** argv) {
    auto& r = the_request();
    for (int i = 2; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--help" || word == "-h") {
            std::fputs(help, stdout);
            return 0;
        }
        std::string* one = nullptr;
        std::vector<std::string>* many = nullptr;
        std::string_view option;
        if (names(word, "-o")) {
            option = "-o";
            one = &r.output;
        } else if (names(word, "--include")) {
            option = "--include";
            many = &r.include;
        } else if (names(word, "--exclude")) {
            option = "--exclude";
            many = &r.exclude;
        } else if (word == "--list") {
            r.list = true;
            continue;
        } else if (word.size() > 1 && word.front() == '-') {
            return refuse_usage("unknown option '" + std::string{word} + "'");
        } else if (!r.program.empty()) {
            return refuse_usage("one program at a time, not '" + r.program +
                                "' and '" + std::string{word} + "'");
        } else {
            r.program = word;
            continue;
        }
        const char* value = value_of(option, argc, argv, i);
        if (!value || !*value)
            return refuse_usage(std::string{option} + " says nothing");
        if (one) *one = value;
        if (many) many->emplace_back(value);
    }
    if (r.program.empty()) return refuse_usage("no program");
    if (r.output.empty())
        return refuse_usage("-o FILE has to say where the executable goes");
    while (r.program.size() > 1 && r.program.back() == '/')
        r.program.pop_back();
    std::error_code ec;
    if (!std::filesystem::exists(r.program, ec)) {
        return refuse("cannot open '" + r.program + "': " +
                      (ec ? ec.message() : std::string{std::strerror(ENOENT)}));
    }
    if (std::filesystem::is_directory(r.program, ec) &&
        !std::filesystem::exists(r.program + "/init.lua", ec))
        return refuse("no init.lua in " + r.program);
    return make_bundle();
}

} // namespace emilua
