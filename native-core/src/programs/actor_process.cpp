// SPDX-License-Identifier: MIT OR BSL-1.0
#include "programs/actor_process.hpp"

#include "core/report.hpp"
#include "faces/lua/actors.hpp"
#include "faces/lua/open.hpp"
#include "modules/actor/remote.hpp"
#include "modules/modules.hpp"
#include "programs/surroundings.hpp"
#include "sandbox/actor_process.hpp"
#include "sandbox/failure_report.hpp"
#include "sandbox/guest_memory.hpp"
#include "sandbox/init_process.hpp"
#include "sandbox/init_script.hpp"
#include "sandbox/program.hpp"
#include "sandbox/steps.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string.h>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace emilua {
namespace {

activate_libc_service activate_service = nullptr;

/// The numbers of what a process has while its script runs, besides the
/// standard streams.
constexpr int setup_place = 3, inbox_place = 4, argument_place = 5;

void place(unique_descriptor& fd, int number, bool stays) {
    const int from = fd.release();
    if (from == number) return;
    if (::dup3(from, number, stays ? 0 : O_CLOEXEC) == -1) throw_errno("dup3");
    ::close(from);
}

/// Ends of pipes whose other ends are closed, for streams that it is not given.
void close_standard_streams() {
    for (int n = 0; n < 3; ++n) {
        auto end = sandbox::closed_end(n == 0);
        place(end, n, true);
    }
}

/// Gives what came along its places; returns the argument of the script.
int take_places(std::vector<unique_descriptor>& fds,
                const sandbox::actor_beginning& b) {
    // They came with the lowest numbers there were, so that none is in the
    // place of another.
    std::size_t next = 0;
    place(fds.at(next++), inbox_place, false);
    auto& directory = fds.at(next++);
    if (::fchdir(directory.get()) == -1) throw_errno("fchdir");
    directory.reset();
    for (int n = 0; n < 3; ++n)
        if (b.has_standard[static_cast<std::size_t>(n)])
            place(fds.at(next++), n, true);
    if (!b.has_argument) return -1;
    place(fds.at(next), argument_place, true);
    // A script waits in its calls, whoever had the descriptor before.
    const int flags = ::fcntl(argument_place, F_GETFL);
    if (flags & O_NONBLOCK)
        ::fcntl(argument_place, F_SETFL, flags & ~O_NONBLOCK);
    return argument_place;
}

/// What is left of the beginning when the script has run.
struct begun {
    bool is_apart = false;
    std::optional<sandbox::prepared> ahead;
    std::optional<sandbox::program_setup> confined_to;
    unique_descriptor reports;
    std::vector<unique_descriptor> entrances;
};

/// Returns the status that the process has to end with, or 0.
int run_script(const sandbox::guest_birth& birth, begun& left) {
    close_standard_streams();
    auto beginning =
        *sandbox::receive_setup(left.ahead ? left.ahead->birth : birth);
    sandbox::make_own_mounts(birth);
    const auto b = sandbox::unpack_beginning(beginning.bytes);
    const auto take_last = [&fds = beginning.fds] {
        if (fds.empty())
            throw failure{
                error_code{EBADMSG, boost::system::system_category()}};
        auto fd = std::move(fds.back());
        fds.pop_back();
        return fd;
    };
    if (!b.confinement.empty()) {
        left.confined_to = sandbox::decode(b.confinement);
        for (auto n = left.confined_to->entrances; n > 0; --n)
            left.entrances.push_back(take_last());
        left.reports = take_last();
    }
    const int argument = take_places(beginning.fds, b);
    beginning.fds.clear();
    left.is_apart = b.is_apart;
    if (!b.has_script) return 0;
    const int status = sandbox::run_init_script(b.script, argument);
    // What the script opened was for the script. It may have forbidden the call
    // that closes all at once.
    if (status == 0 &&
        ::syscall(SYS_close_range, inbox_place + 1, ~0U, 0) == -1)
        for (int fd = inbox_place + 1; fd < ::sysconf(_SC_OPEN_MAX); ++fd)
            ::close(fd);
    return status;
}

/// Tells everybody who may hear it; returns the status.
int refuse_to_start(const std::string& why) {
    const auto text = "could not start: " + why;
    sandbox::tell_failure(text, {});
    sandbox::tell_end(text);
    // Nobody may read the standard streams.
    std::signal(SIGPIPE, SIG_IGN);
    std::fprintf(stderr, "emilua: an actor %s\n", text.c_str());
    return 1;
}

/// From here on, what the process was told is in its memory.
int run_program(sandbox::memory_notes* notes) {
    auto p = sandbox::receive_part(setup_place);
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
    std::signal(SIGPIPE, SIG_IGN);
    set_locale();
    // From here on, what the program and the runtime open is asked about.
    if (rest.has_libc_service) {
        if (!activate_service) {
            return refuse_to_start("this program is not linked with "
                                   "libc_service");
        }
        activate_service(p.fds.back().release());
    }
    options.on_closing = [notes](const std::string& reason) {
        if (notes) notes->take();
        if (reason != "ended") sandbox::tell_end(reason);
    };
    return lua::run_main(std::move(options), [&inbox](lua::lua_vm& v) {
        v.inbox()->attach(actor::make_source(std::move(inbox), v.inbox()));
    });
}

/// In a process that was forked from an actor or its init.
int serve_inside(int requests) {
    // The standard streams are the actor's; a guest must not find the server's
    // own descriptors in their place.
    const int client = ::fcntl(requests, F_DUPFD_CLOEXEC, setup_place);
    int ends[2];
    if (client == -1 || ::pipe2(ends, O_CLOEXEC) == -1) return 1;
    for (int n = 0; n < 3; ++n)
        if (ends[n != 0] != n) ::dup2(ends[n != 0], n);
    for (int fd : {requests, ends[0], ends[1]})
        if (fd > 2) ::close(fd);
    return serve_actors(client, activate_service);
}

/// Returns in a child, which is to be the actor; this process is its init and
/// ends with it.
template <class BeInit> void leave_init(BeInit be_init) {
    const auto before = sandbox::block_init_signals();
    const pid_t actor = ::fork();
    if (actor == -1) throw_errno("fork");
    if (actor == 0) {
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        return;
    }
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NAME, "emilua-init");
    ::_exit(sandbox::exit_code_of(be_init(actor)));
}

/// Another server, for the actors that this one starts: as long as nothing is
/// in memory that is not theirs. Who is to have mounts of its own, and has none
/// yet, has its init stay among the host's.
void leave_server(bool has_mounts_yet) {
    sandbox::socket_pair ends;
    // What comes along with a set-up has the lowest numbers.
    unique_descriptor ours{::fcntl(ends.ours.get(), F_DUPFD_CLOEXEC, 10)};
    if (!ours) throw_errno("fcntl");
    ends.ours = std::move(ours);
    if (::getpid() == 1) {
        leave_init([&](pid_t actor) {
            int kept[] = {ends.theirs.release()};
            if (!sandbox::keep_only(kept)) ::_exit(1);
            return sandbox::be_init({.child = actor,
                                     .requests = kept[0],
                                     .serve = serve_inside,
                                     .has_own_mounts = !has_mounts_yet})
                .status;
        });
    } else {
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (int fd : {setup_place, inbox_place, ends.ours.get()})
                ::close(fd);
            std::exit(serve_inside(ends.theirs.release()));
        }
        // Without one, there are no actors inside this one.
        if (pid == -1) return;
    }
    sandbox::fork_server::instance().use(std::move(ends.ours));
}

/// Confines this process for good, and tells whether it is. In both cases it
/// has an init, which tells how it ended.
bool is_confined(begun& b) {
    const auto& to = *b.confined_to;
    sandbox::program_report report{};
    report.what = sandbox::program_report::kind::started;
    try {
        sandbox::join_groups(b.entrances);
        b.entrances.clear();
        auto left = sandbox::enter_as(std::move(*b.ahead), to);
        const pid_t init = ::getpid();
        leave_init([&](pid_t actor) {
            int all[] = {b.reports.release(), left.left_mounts.release()};
            const std::span kept{all, all[1] == -1 ? 1U : 2U};
            if (!sandbox::keep_only(kept)) ::_exit(1);
            const auto end =
                sandbox::be_init({.child = actor,
                                  .microseconds = to.within.most.microseconds,
                                  .left_mounts = kept.size() > 1 ? kept[1] : -1,
                                  .ends_the_others = true});
            sandbox::send_report(kept[0], sandbox::report_of(end));
            return end.status;
        });
        left = {};
        ::prctl(PR_SET_DUMPABLE, 1);
        sandbox::die_with_parent(init);
        sandbox::layer at{};
        sandbox::confine(to.within, at);
    } catch (const sandbox::refusal& r) {
        report = sandbox::report_of(r);
    }
    sandbox::send_report(b.reports.get(), report);
    b.reports.reset();
    b.confined_to.reset();
    if (report.what == sandbox::program_report::kind::refused) {
        const auto why = std::string{"could not be confined: "} +
                         sandbox::name_of(report.of) + ": " + report.syscall +
                         ' ' + report.path + ": " + std::strerror(report.error);
        sandbox::tell_failure(why, {});
        sandbox::tell_end(why);
    }
    return report.what == sandbox::program_report::kind::started;
}

/// `sandbox::guest_body`.
int run_actor_process(const sandbox::guest_birth& birth) {
    try {
        sandbox::tell_starter_on(setup_place);
        report_also_to(&sandbox::tell_failure);
        sandbox::complaints_also_to([](const char* text) {
            sandbox::tell_failure(text, {});
            sandbox::tell_end(text);
        });
        // As a script expects it, and a program does not.
        std::signal(SIGPIPE, SIG_DFL);
        begun b;
        if (birth.shape.runs == sandbox::guest_kind::confined_actor)
            b.ahead.emplace(birth);
        // Its init has nothing to do first, and there is time now.
        const bool has_init_ahead =
            birth.ahead && birth.shape.runs == sandbox::guest_kind::actor &&
            (birth.shape.namespaces & CLONE_NEWPID) && !birth.shape.has_script;
        if (has_init_ahead)
            leave_server(!(birth.shape.namespaces & CLONE_NEWNS));
        if (const int status = run_script(birth, b); status != 0) return status;
        // What the script changed may have let it go. Who is init to a guest
        // ends all of it by another signal.
        if (!sandbox::is_init_among_others(birth.shape))
            sandbox::die_with_parent();
        if (b.confined_to) {
            if (!is_confined(b)) return 127;
        } else if (b.is_apart && !has_init_ahead) {
            leave_server(true);
        }
        return run_program(birth.notes);
    } catch (const failure& f) {
        return refuse_to_start(std::string{f.syscall ? f.syscall : "set-up"} +
                               ": " + f.code.message());
    }
}

} // namespace

void prepare_actors() {
    reset_signals();
    lua::prepare_main();
    find_module("actor");
    find_module("file_descriptor");
}

int serve_actors(int client, activate_libc_service activate) {
    activate_service = activate;
    return sandbox::run_fork_server(run_actor_process, client);
}

} // namespace emilua
