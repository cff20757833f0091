// SPDX-License-Identifier: MIT OR BSL-1.0
#include "programs/actor_process.hpp"

#include "faces/lua/actors.hpp"
#include "modules/actor/remote.hpp"
#include "programs/surroundings.hpp"
#include "sandbox/actor_process.hpp"
#include "sandbox/init_process.hpp"
#include "sandbox/init_script.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string.h>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>

namespace emilua {
namespace {

/// The numbers of what a process has while its script runs, besides the
/// standard streams.
constexpr int setup_place = 3, inbox_place = 4, argument_place = 5;

void place(unique_descriptor& fd, int number, bool stays) {
    const int from = fd.release();
    if (from == number) return;
    if (::dup3(from, number, stays ? 0 : O_CLOEXEC) == -1) throw_errno("dup3");
    ::close(from);
}

/// Gives what came along its places; returns the argument of the script.
int take_places(std::vector<unique_descriptor>& fds) {
    using namespace sandbox;
    // They came with the lowest numbers there were, so that none is in the
    // place of another.
    place(fds.at(inbox_end), inbox_place, false);
    for (int n = 0; n < 3; ++n)
        place(fds.at(standard_input + static_cast<std::size_t>(n)), n, true);
    if (::fchdir(fds.at(directory).get()) == -1) throw_errno("fchdir");
    if (fds.size() <= script_argument) return -1;
    place(fds[script_argument], argument_place, true);
    // A script waits in its calls, whoever had the descriptor before.
    const int flags = ::fcntl(argument_place, F_GETFL);
    if (flags & O_NONBLOCK)
        ::fcntl(argument_place, F_SETFL, flags & ~O_NONBLOCK);
    return argument_place;
}

/// Returns the status that the process has to end with, or 0.
int run_script() {
    auto beginning = sandbox::receive_part(setup_place);
    const int argument = take_places(beginning.fds);
    beginning.fds.clear();
    const auto b = sandbox::unpack_beginning(beginning.bytes);
    if (!b.has_script) return 0;
    const int status = sandbox::run_init_script(b.script, argument);
    // What the script opened was for the script.
    if (status == 0) ::syscall(SYS_close_range, inbox_place + 1, ~0U, 0);
    return status;
}

/// From here on, what the process was told is in its memory.
int run_program() {
    auto p = sandbox::receive_part(setup_place);
    ::close(setup_place);
    unique_descriptor inbox{inbox_place};
    auto rest = sandbox::unpack_rest(p.bytes);
    if (rest.module.empty()) return 0;
    lua::vm_options options{.program = std::move(rest.module),
                            .root = {},
                            .role = "worker",
                            .master = true,
                            .sources = std::move(rest.sources),
                            .native_modules = {},
                            .family = {},
                            .on_end = {}};
    for (std::size_t i = 0; i < rest.native_modules.size(); ++i)
        options.native_modules[rest.native_modules[i]] =
            "/proc/self/fd/" + std::to_string(p.fds.at(i).release());
    ::clearenv();
    for (auto& e : rest.environment) {
        const auto equals = e.find('=');
        ::setenv(e.substr(0, equals).c_str(), e.c_str() + equals + 1, 1);
    }
    reset_signals();
    set_locale();
    return lua::run_main(std::move(options), [&inbox](lua::lua_vm& v) {
        v.inbox()->attach(actor::make_source(std::move(inbox), v.inbox()));
    });
}

} // namespace

int run_actor_process(int) {
    try {
        if (const int status = run_script(); status != 0) return status;
        // What the script changed may have let it go.
        sandbox::die_with_parent();
        if (::getpid() == 1) sandbox::leave_init_process();
        return run_program();
    } catch (const failure& f) {
        std::fprintf(stderr, "emilua: an actor could not start: %s: %s\n",
                     f.syscall ? f.syscall : "set-up",
                     f.code.message().c_str());
        return 1;
    }
}

} // namespace emilua
