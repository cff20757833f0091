// SPDX-License-Identifier: MIT OR BSL-1.0
// Each step of a launch fails: with its own error and name, and nothing is left
// behind.
#include "launcher_probe.hpp"

#include <linux/seccomp.h>
#include <sys/syscall.h>

using namespace emilua;
using namespace emilua::test;

namespace {

void fails(const launch_plan& plan, int error, const char* syscall,
           const char* argument) {
    const auto before = descriptors_here();
    try {
        launch(plan);
        std::fprintf(stderr, "%s did not fail\n",
                     argument ? argument : syscall);
        CHECK(false);
    } catch (const failure& f) {
        const std::string_view named = argument ? argument : "";
        if (f.code.value() != error || std::string_view{f.syscall} != syscall ||
            named != (f.argument ? f.argument : ""))
            std::fprintf(stderr, "%s: %d %s %s\n", syscall, f.code.value(),
                         f.syscall, f.argument ? f.argument : "");
        CHECK(f.code.value() == error);
        CHECK(std::string_view{f.syscall} == syscall);
        CHECK(named == (f.argument ? f.argument : ""));
    }
    CHECK(descriptors_here() == before);
    CHECK(!has_children());
}

template <class Change>
void fails_with(Change change, int error, const char* syscall,
                const char* argument) {
    auto p = probing();
    change(p);
    fails(p, error, syscall, argument);
}

void every_step_can_fail() {
    unique_descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    const int none = 1000, wrong = null.get();
    using plan = launch_plan;
    constexpr const char* spaces[] = {"opts.setns_user", "opts.setns_mount",
                                      "opts.setns_uts", "opts.setns_ipc",
                                      "opts.setns_net"};
    for (std::size_t i = 0; i < 5; ++i)
        fails_with([&](plan& p) { p.namespaces[i] = wrong; }, EINVAL, "setns",
                   spaces[i]);
    // A process that leads a group cannot start a session; nobody does both.
    fails_with([&](plan& p) { p.controlling_terminal = wrong; }, ENOTTY,
               "ioctl", "opts.set_ctty");
    fails_with([&](plan& p) { p.process_group = 999999; }, EPERM, "setpgid",
               "opts.process_group");
    fails_with([&](plan& p) { p.foreground = wrong; }, ENOTTY, "tcsetpgrp",
               "opts.foreground");
    fails_with(
        [&](plan& p) {
            p.scheduler = plan::scheduling{SCHED_BATCH, 7};
        },
        EINVAL, "sched_setscheduler", "opts.scheduler");
    fails_with([&](plan& p) { p.groups = std::vector<gid_t>(70000, 1); },
               ::geteuid() == 0 ? EINVAL : EPERM, "setgroups",
               "opts.extra_groups");
    fails_with([&](plan& p) { p.directory = "/nowhere"; }, ENOENT, "chdir",
               "opts.working_directory");
    fails_with([&](plan& p) { p.directory_fd = wrong; }, ENOTDIR, "chdir",
               "opts.working_directory");
    fails_with([&](plan& p) { p.parent_death_signal = 65; }, EINVAL, "prctl",
               "opts.pdeathsig");
    fails_with([&](plan& p) { p.descriptors[5] = none; }, EBADF, "dup2",
               nullptr);
    fails_with([&](plan& p) { p.landlock_ruleset = wrong; }, EBADFD,
               "landlock_restrict_self", "opts.landlock_restrict_self");
    fails_with(
        [&](plan& p) {
            p.no_new_privs = true;
            p.seccomp_filter.assign(8, '\xff');
        },
        EINVAL, "seccomp", "opts.seccomp_set_mode_filter");
    fails_with([&](plan& p) { p.programs = {"/nowhere"}; }, ENOENT, "execve",
               "opts.program");
    fails_with(
        [&](plan& p) {
            p.programs = {"/nowhere", "/etc/passwd", "/no"};
        },
        EACCES, "execve", "opts.program");
    fails_with(
        [&](plan& p) {
            p.programs.clear();
            p.program_fd = wrong;
        },
        EACCES, "execve", "opts.program");
}

// Of users the kernel refuses only those that have no rights.
void ids_can_fail() {
    if (::geteuid() != 0) return;
    const pid_t child = ::fork();
    if (child == 0) {
        if (::setresgid(1, 1, 1) != 0 || ::setresuid(1, 1, 1) != 0) ::_exit(2);
        failures = 0;
        fails_with([](launch_plan& p) { p.euid = 0; }, EPERM, "setresuid",
                   nullptr);
        fails_with([](launch_plan& p) { p.egid = 0; }, EPERM, "setresgid",
                   nullptr);
        fails_with([](launch_plan& p) { p.groups.emplace(); }, EPERM,
                   "setgroups", "opts.extra_groups");
        ::_exit(failures != 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
}

#ifdef SYS_dup2
constexpr long dup2_call = SYS_dup2;
#else
constexpr long dup2_call = SYS_dup3;
#endif

/// Lets a system call fail with ELOOP in this process and its children; that of
/// fcntl(2) only where a descriptor is moved, for folders are read with others.
bool forbid(long number) {
    constexpr auto second = static_cast<unsigned>(
        offsetof(seccomp_data, args) + sizeof(seccomp_data::args[0]));
    const bool any = number != SYS_fcntl;
    const sock_filter program[] = {
        instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0, 0),
        instruction(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number),
                    any ? 2 : 0, 3),
        instruction(BPF_LD | BPF_W | BPF_ABS, second, 0, 0),
        instruction(BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD_CLOEXEC, 0, 1),
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ELOOP, 0, 0),
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0)};
    const sock_fprog filter{std::size(program),
                            const_cast<sock_filter*>(program)};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// Those that the kernel never refuses too, and each of the calls that a step
// makes.
void every_call_of_the_child_can_fail() {
    using plan = launch_plan;
    unique_descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    struct refused_call {
        long number;
        const char* syscall;
        const char* argument;
        void (*ask)(plan&, int);
    };
    const auto nothing = [](plan&, int) {};
    const refused_call calls[] = {
        {SYS_rt_sigaction, "rt_sigaction", nullptr, nothing},
        {SYS_setns, "setns", "opts.setns_uts",
         [](plan& p, int fd) { p.namespaces[plan::uts] = fd; }},
        {SYS_setsid, "setsid", "opts.start_new_session",
         [](plan& p, int) { p.new_session = true; }},
        {SYS_ioctl, "ioctl", "opts.set_ctty",
         [](plan& p, int fd) { p.controlling_terminal = fd; }},
        {SYS_ioctl, "tcsetpgrp", "opts.foreground",
         [](plan& p, int fd) { p.foreground = fd; }},
        {SYS_setpgid, "setpgid", "opts.process_group",
         [](plan& p, int) { p.process_group = 0; }},
        {SYS_sched_setscheduler, "sched_setscheduler", "opts.scheduler",
         [](plan& p, int) {
             p.scheduler = plan::scheduling{SCHED_BATCH, 0};
         }},
        {SYS_setgroups, "setgroups", "opts.extra_groups",
         [](plan& p, int) { p.groups.emplace(); }},
        {SYS_setresgid, "setresgid", nullptr,
         [](plan& p, int) { p.egid = ::getegid(); }},
        {SYS_setresuid, "setresuid", nullptr,
         [](plan& p, int) { p.euid = ::geteuid(); }},
        {SYS_umask, "umask", "opts.umask", [](plan& p, int) { p.umask = 0; }},
        {SYS_chdir, "chdir", "opts.working_directory",
         [](plan& p, int) { p.directory = "/"; }},
        {SYS_fchdir, "chdir", "opts.working_directory",
         [](plan& p, int fd) { p.directory_fd = fd; }},
        {SYS_prctl, "prctl", "opts.pdeathsig",
         [](plan& p, int) { p.parent_death_signal = SIGTERM; }},
        {SYS_prctl, "prctl", "opts.set_no_new_privs",
         [](plan& p, int) { p.no_new_privs = true; }},
        {SYS_fcntl, "dup2", nullptr,
         [](plan& p, int fd) { p.descriptors[0] = fd; }},
        {SYS_close_range, "dup2", nullptr, nothing},
        {dup2_call, "dup2", nullptr,
         [](plan& p, int fd) { p.descriptors[0] = fd; }},
        {SYS_landlock_restrict_self, "landlock_restrict_self",
         "opts.landlock_restrict_self",
         [](plan& p, int fd) { p.landlock_ruleset = fd; }},
        {SYS_rt_sigprocmask, "rt_sigprocmask", nullptr, nothing},
        {SYS_seccomp, "seccomp", "opts.seccomp_set_mode_filter",
         [](plan& p, int) { p.seccomp_filter.assign(8, '\0'); }},
        {SYS_execve, "execve", "opts.program", nothing},
        {SYS_execveat, "execve", "opts.program", [](plan& p, int fd) {
             p.programs.clear();
             p.program_fd = fd;
         }}};
    for (const auto& call : calls) {
        const pid_t child = ::fork();
        if (child == 0) {
            failures = 0;
            CHECK(forbid(call.number));
            auto p = probing();
            call.ask(p, null.get());
            fails(p, ELOOP, call.syscall, call.argument);
            ::_exit(failures != 0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        if (status != 0)
            std::fprintf(stderr, "of %s, for %s\n", call.syscall,
                         call.argument ? call.argument : "nothing");
        CHECK(status == 0);
    }
}

// The child may not even report it, or end: nobody takes it for one that runs,
// and nobody waits for it forever.
void filters_that_forbid_the_program() {
    using plan = launch_plan;
    struct forbidding {
        unsigned others;
        bool may_exit, may_execute;
        const char* program;
        int error;
        const char* syscall;
        const char* argument;
    };
    constexpr auto filter_option = "opts.seccomp_set_mode_filter";
    const forbidding filters[] = {
        {SECCOMP_RET_ERRNO | ELOOP, true, false, self, ELOOP, "execve",
         "opts.program"},
        {SECCOMP_RET_ERRNO | ELOOP, true, true, "/nowhere", ENOENT, "execve",
         "opts.program"},
        {SECCOMP_RET_ERRNO | ELOOP, false, false, self, EPERM, "seccomp",
         filter_option},
        {SECCOMP_RET_ERRNO | ELOOP, false, true, "/nowhere", EPERM, "seccomp",
         filter_option},
        {SECCOMP_RET_TRAP, false, false, self, EPERM, "seccomp", filter_option},
        {SECCOMP_RET_KILL_THREAD, false, false, self, EPERM, "seccomp",
         filter_option},
        {SECCOMP_RET_KILL_PROCESS, false, false, self, EPERM, "seccomp",
         filter_option}};
    for (const auto& f : filters) {
        const auto verdict = [&](bool allowed) {
            return allowed ? SECCOMP_RET_ALLOW : f.others;
        };
        const sock_filter program[] = {
            instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0, 0),
            instruction(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 2, 0),
            instruction(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 2, 0),
            instruction(BPF_RET | BPF_K, f.others, 0, 0),
            instruction(BPF_RET | BPF_K, verdict(f.may_exit), 0, 0),
            instruction(BPF_RET | BPF_K, verdict(f.may_execute), 0, 0)};
        // Another user's child is a copy.
        for (const bool copied : {false, true}) {
            if (copied && ::geteuid() != 0) continue;
            fails_with(
                [&](plan& p) {
                    p.no_new_privs = true;
                    p.programs = {f.program};
                    p.seccomp_filter.assign(
                        reinterpret_cast<const char*>(program),
                        sizeof(program));
                    if (copied) p.egid = ::getegid();
                },
                f.error, f.syscall, f.argument);
        }
    }
}

void no_descriptor_for_the_launch_itself() {
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    auto few = before;
    few.rlim_cur = 3;
    ::setrlimit(RLIMIT_NOFILE, &few);
    try {
        launch(probing());
        CHECK(false);
    } catch (const failure& f) {
        CHECK(f.code.value() == EMFILE);
        CHECK(std::string_view{f.syscall} == "pipe2");
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
}

} // namespace

int main(int argc, char** argv) {
    int status;
    if (be_the_probe(argc, argv, status)) return status;
    // What only root can try is not left out where nobody looks.
    CHECK(::geteuid() == 0 || !std::getenv("CI"));
    every_step_can_fail();
    ids_can_fail();
    every_call_of_the_child_can_fail();
    filters_that_forbid_the_program();
    no_descriptor_for_the_launch_itself();
    return failures != 0;
}
