// SPDX-License-Identifier: MIT OR BSL-1.0
// The command as a library: libemilua-main.
#include "core/inherited_descriptors.hpp"
#include "core/observation.hpp"
#include "core/process.hpp"
#include "core/similar.hpp"
#include "faces/lua/actors.hpp"
#include "faces/lua/observed.hpp"
#include "libc_service/service.hpp"
#include "programs/actor_process.hpp"
#include "programs/built_in_hooks.hpp"
#include "programs/bundle.hpp"
#include "programs/bundle_command.hpp"
#include "programs/fibers.hpp"
#include "programs/surroundings.hpp"
#include "sandbox/fork_protocol.hpp"
#include "sandbox/fork_server.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <lua.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr const char help[] =
    R"(Usage: emilua PROGRAM.lua|DIRECTORY [--] [ARGUMENTS...]
       emilua [OPTIONS OF NODE] PROGRAM.ts [--] [ARGUMENTS...]
       emilua [OPTIONS OF NODE] -e TEXT | -p EXPRESSION | - [ARGUMENTS...]
       emilua --fibers PID [--json]
       emilua --bundle PROGRAM.lua|DIRECTORY -o FILE [OPTIONS]

Runs a Lua program; of a directory, its init.lua. A name without an extension
is Lua's, too.

TypeScript and JavaScript (.ts .mts .cts .tsx .js .mjs .cjs .jsx) run on Node,
by the command that the package @emilua/cli installs. Options that come before
the program are Node's: --inspect, --watch, --env-file=.env, --import ./a.ts,
--conditions=name and others; so are those in NODE_OPTIONS. -e runs TypeScript
that is given, -p prints the value of an expression, - reads standard input.

Options:
  --fibers   Print the VMs and fibers of a running process, what each waits
             for, where and how long, and exit: as a tree, or as --json. The
             process goes on; it has to be this user's, or the user root.
  --help     Print this and exit.
  --version  Print the versions and exit.
  --bundle   Make one executable file of a Lua program and its modules;
             emilua --bundle --help says more.
  --         What follows is for the program: system.arguments. Needed only
             before an argument that is '--' itself.

Environment:
  EMILUA_PATH     Directories of packages, separated by colons.
  EMILUA_COLORS   1 or 0: colour what goes to stderr, or not. Without it,
                  colour if stderr is a terminal.
  EMILUA_PANIC    exit: end the process with status 1 when anything fails that
                  nobody handles, be it a fiber or an actor.
  EMILUA_OBSERVE  1: fibers of TypeScript note where they are spawned and where
                  they wait, for --fibers.
  EMILUA_SHUFFLE  Seed: resume ready fibers in a random order (0: draw a seed
                  and tell it).

Exit status: 0 when the program ended by itself, 1 when it failed, when a
fiber failed that nobody joined or an actor failed, or when every fiber waits
for something that cannot come, n after system.exit(n), 2 when this command
line cannot be run, 141 when it prints and nobody reads.
)";

int refuse(const std::string& why) {
    std::fprintf(stderr, "emilua: %s\nTry 'emilua --help'.\n", why.c_str());
    return 2;
}

std::string unknown_option(std::string_view option) {
    emilua::similar_name similar{option};
    for (std::string_view known :
         {"--bundle", "--fibers", "--help", "--version"})
        similar.consider(known);
    const auto meant = emilua::is_it_meant(similar.best());
    return "unknown option '" + std::string{option} + '\'' +
           (meant.empty()
                ? ": a program in Lua has --help and --version; those "
                  "of Node are for programs that run on it"
                : meant);
}

// As std::filesystem has it, whose code would be mapped for this alone.
std::string_view extension_of(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot == name.npos || dot == 0 || name == "..") return {};
    return name.substr(dot);
}

// Of a file that is not for the parser of Lua, which would say of it only that
// it is wrong.
std::string unknown_kind(std::string_view program, std::string_view kind) {
    for (std::string_view known :
         {".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"})
        if (kind == known)
            return std::string{program} +
                   " runs on Node, and this executable runs Lua: use the "
                   "emilua command of the package @emilua/cli";
    return "unknown kind of file '" + std::string{kind} +
           "': " + std::string{program} +
           " is neither Lua (.lua) nor a program for Node (.ts, .mts, .cts, "
           ".tsx, .js, .mjs, .cjs, .jsx)";
}

// Whoever started us without a standard stream must not find the runtime's own
// descriptors in its place.
void open_standard_streams() {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest number that is free: this one.
        if (open("/dev/null", O_RDWR) == -1) std::_Exit(2);
    }
}

// Why the environment cannot be used; empty where it can.
std::string wrong_environment() {
    const char* colors = std::getenv("EMILUA_COLORS");
    if (colors && std::strcmp(colors, "0") != 0 &&
        std::strcmp(colors, "1") != 0)
        return "EMILUA_COLORS is 0 or 1, not '" + std::string{colors} + "'";
    const char* panic = std::getenv("EMILUA_PANIC");
    if (panic && *panic && std::strcmp(panic, "exit") != 0)
        return "EMILUA_PANIC is exit, not '" + std::string{panic} + "'";
    return {};
}

/// What a command line comes to: a program to run, or what was done or refused
/// already.
struct command {
    std::string program{};
    std::vector<std::string> arguments{};
    int status = 0;
};

// Of an executable that has its program inside, every argument is the
// program's. It is called by its own name where a program is named, too: by a
// program that runs itself.
command own_program(std::string program, int argc, char** argv) {
    command c{.arguments = {argv[0], program}};
    int first = 1;
    if (argc > 1 && argv[1] == program) {
        first = 2;
        if (argc > 2 && std::string_view{argv[2]} == "--") first = 3;
    }
    c.arguments.insert(c.arguments.end(), argv + first, argv + argc);
    c.program = std::move(program);
    return c;
}

// Why `program`, whose last slashes it loses, is none; empty where it is.
std::string wrong_program(std::string& program) {
    struct stat s;
    if (stat(program.c_str(), &s) != 0)
        return "cannot open '" + program + "': " + std::strerror(errno);
    const auto named = program;
    while (program.size() > 1 && program.back() == '/') program.pop_back();
    if (S_ISDIR(s.st_mode)) {
        if (access((program + "/init.lua").c_str(), F_OK) != 0)
            return "no init.lua in " + program;
        return {};
    }
    const auto kind = extension_of(program);
    if (kind.empty() || kind == ".lua") return {};
    return unknown_kind(named, kind);
}

// Where a link leads, if that is a file: its modules lie beside that.
std::string behind_link(std::string program) {
    struct stat s;
    if (lstat(program.c_str(), &s) != 0 || !S_ISLNK(s.st_mode)) return program;
    const std::unique_ptr<char, decltype(&std::free)> real{
        realpath(program.c_str(), nullptr), &std::free};
    if (!real || stat(real.get(), &s) != 0 || !S_ISREG(s.st_mode))
        return program;
    return real.get();
}

command named_program(int argc, char** argv) {
    command c{.arguments = {argv[0]}};
    const std::string_view a = argc > 1 ? argv[1] : "";
    if (a == "--help" || a == "-h") {
        std::fputs(help, stdout);
        return c;
    }
    if (a == "--version") {
        std::puts("emilua " EMILUA_COMMAND_VERSION
                  " (follows Emilua " EMILUA_VERSION ")\n" LUAJIT_VERSION);
        return c;
    }
    if (a == "--fibers") {
        c.status = emilua::print_fibers(argc - 2, argv + 2);
        return c;
    }
    if (a == "--bundle") {
        c.status = emilua::run_bundle_command(argc, argv);
        return c;
    }
    std::string why;
    if (argc < 2)
        why = "no program";
    else if (a == "--")
        why = "no program before '--'";
    else if (a.size() > 1 && a.front() == '-')
        why = unknown_option(a);
    if (why.empty()) why = wrong_environment();
    std::string program{a};
    c.arguments.push_back(program);
    if (why.empty()) why = wrong_program(program);
    if (!why.empty()) {
        c.status = refuse(why);
        return c;
    }
    const int first = argc > 2 && std::string_view{argv[2]} == "--" ? 3 : 2;
    c.arguments.insert(c.arguments.end(), argv + first, argv + argc);
    c.program = behind_link(std::move(program));
    return c;
}

/// The path of the program inside, if there is one.
std::string program_inside() {
    emilua::use_built_in_modules();
    auto bundled = emilua::open_bundle();
    return bundled.empty() ? emilua::built_in_program() : bundled;
}

} // namespace

int main(int argc, char** argv) {
    std::string inside;
    try {
        inside = program_inside();
    } catch (const emilua::failure& f) {
        std::fprintf(stderr, "%s: expected %s\n", argv[0], f.expected.c_str());
        return 2;
    }
    if (emilua::sandbox::is_fork_server(argc, argv)) {
        emilua::prepare_actors();
        return emilua::serve_actors(emilua::sandbox::fork_server_socket,
                                    &emilua::libc_service::activate);
    }
    open_standard_streams();
    emilua::note_inherited_descriptors();
    emilua::sandbox::fork_server::instance().set_program("/proc/self/exe");
    command c;
    if (inside.empty()) {
        c = named_program(argc, argv);
    } else if (const auto why = wrong_environment(); !why.empty()) {
        c.status = refuse(why);
    } else {
        c = own_program(std::move(inside), argc, argv);
    }
    if (c.program.empty()) return c.status;
    emilua::reset_signals();
    emilua::set_locale();
    emilua::process::set_arguments(std::move(c.arguments));
    emilua::let_observe(emilua::lua::observable_vms());

    try {
        return emilua::lua::run_main({.program = std::move(c.program),
                                      .root = {},
                                      .role = "main",
                                      .master = true,
                                      .family = {},
                                      .on_end = {}});
    } catch (const emilua::failure& e) {
        return refuse(e.code.message());
    }
}
