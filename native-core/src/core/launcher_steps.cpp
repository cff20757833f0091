// SPDX-License-Identifier: MIT OR BSL-1.0
// What a child does between its birth and its program.
//
// Its memory may be the parent's, whose other threads run meanwhile: nothing
// here allocates, locks or writes to what is not the child's own. Calls that
// glibc makes on behalf of all threads (setresuid) are made without glibc.
#include "core/launcher_steps.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <iterator>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua {

namespace {

static_assert(sizeof(sock_filter) == seccomp_instruction_size);

constexpr int first_free = 10;
static_assert(std::tuple_size_v<decltype(launch_plan::descriptors)> ==
              first_free);

template <class... A> int call(long number, A... arguments) noexcept {
    return static_cast<int>(::syscall(number, arguments...));
}

// --- the steps: 0 is success, -1 failure as errno says ----------------------

// Handlers are code of the parent's; what it ignores is no choice of the
// child's.
int reset_signals(launch_image&) noexcept {
    // The kernel's own struct: all zero is SIG_DFL.
    const unsigned long action[4] = {};
    for (int signo = 1; signo <= 64; ++signo) {
        if (signo == SIGKILL || signo == SIGSTOP) continue;
        if (call(SYS_rt_sigaction, signo, action, nullptr, 8) == -1) return -1;
    }
    return 0;
}

template <launch_plan::name_space N, int Type>
int enter_namespace(launch_image& i) noexcept {
    const int fd = i.plan.namespaces[N];
    return fd == -1 ? 0 : call(SYS_setns, fd, Type);
}

int start_session(launch_image& i) noexcept {
    return i.plan.new_session && ::setsid() == -1 ? -1 : 0;
}

int take_terminal(launch_image& i) noexcept {
    const int fd = i.plan.controlling_terminal;
    return fd == -1 ? 0 : ::ioctl(fd, TIOCSCTTY, 0);
}

int join_process_group(launch_image& i) noexcept {
    return i.plan.process_group ? ::setpgid(0, *i.plan.process_group) : 0;
}

// SIGTTOU is blocked, as everything is.
int come_to_foreground(launch_image& i) noexcept {
    if (i.plan.foreground == -1) return 0;
    const pid_t group = ::getpgrp();
    return ::ioctl(i.plan.foreground, TIOCSPGRP, &group);
}

int set_scheduler(launch_image& i) noexcept {
    if (!i.plan.scheduler) return 0;
    sched_param parameter{};
    parameter.sched_priority = i.plan.scheduler->priority;
    return call(SYS_sched_setscheduler, 0, i.plan.scheduler->policy,
                &parameter);
}

int set_groups(launch_image& i) noexcept {
    if (!i.plan.groups) return 0;
    return call(SYS_setgroups, i.plan.groups->size(), i.plan.groups->data());
}

int set_group_ids(launch_image& i) noexcept {
    constexpr auto same = static_cast<gid_t>(-1);
    if (i.plan.rgid == same && i.plan.egid == same) return 0;
    return call(SYS_setresgid, i.plan.rgid, i.plan.egid, same);
}

int set_user_ids(launch_image& i) noexcept {
    constexpr auto same = static_cast<uid_t>(-1);
    if (i.plan.ruid == same && i.plan.euid == same) return 0;
    return call(SYS_setresuid, i.plan.ruid, i.plan.euid, same);
}

int set_umask(launch_image& i) noexcept {
    // It never fails, unless a filter of system calls says so.
    return i.plan.umask ? std::min(call(SYS_umask, *i.plan.umask), 0) : 0;
}

int change_directory(launch_image& i) noexcept {
    if (i.plan.directory_fd != -1) return ::fchdir(i.plan.directory_fd);
    return i.plan.directory.empty() ? 0 : ::chdir(i.plan.directory.c_str());
}

// After the ids, whose change would take it back. A parent that ended before
// this call will not do so again.
int die_with_parent(launch_image& i) noexcept {
    const int signo = i.plan.parent_death_signal;
    if (signo == 0) return 0;
    if (::prctl(PR_SET_PDEATHSIG, signo) == -1) return -1;
    if (::getppid() != i.parent) ::kill(::getpid(), signo);
    return 0;
}

bool move_up(int& fd) noexcept {
    if (fd == -1 || fd >= first_free) return true;
    const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, first_free);
    if (moved == -1) return false;
    fd = moved;
    return true;
}

// First everything is out of the way of the ten numbers, then everything takes
// its place. What has none is closed by the program's start.
int place_descriptors(launch_image& i) noexcept {
    if (!move_up(i.report) || !move_up(i.program_fd) ||
        !move_up(i.landlock_ruleset))
        return -1;
    int sources[first_free];
    for (int n = 0; n < first_free; ++n) {
        sources[n] = i.plan.descriptors[static_cast<std::size_t>(n)];
        if (sources[n] != n && !move_up(sources[n])) return -1;
    }
    if (call(SYS_close_range, 0U, ~0U, CLOSE_RANGE_CLOEXEC) == -1) return -1;
    for (int n = 0; n < first_free; ++n) {
        if (sources[n] == -1) continue;
        if (sources[n] == n) {
            if (::fcntl(n, F_SETFD, 0) == -1) return -1;
        } else if (::dup2(sources[n], n) == -1) {
            return -1;
        }
    }
    return 0;
}

int forbid_new_privileges(launch_image& i) noexcept {
    return i.plan.no_new_privs ? ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : 0;
}

int enforce_landlock(launch_image& i) noexcept {
    return i.landlock_ruleset == -1
               ? 0
               : call(SYS_landlock_restrict_self, i.landlock_ruleset, 0);
}

int unblock_signals(launch_image&) noexcept {
    const unsigned long none = 0;
    return call(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof(none));
}

int enforce_seccomp(launch_image& i) noexcept {
    const auto& filter = i.plan.seccomp_filter;
    if (filter.empty()) return 0;
    const sock_fprog program{
        static_cast<unsigned short>(filter.size() / seccomp_instruction_size),
        const_cast<sock_filter*>(
            reinterpret_cast<const sock_filter*>(filter.data()))};
    return call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

void write_pid(launch_image& i) noexcept {
    if (!i.pid_text) return;
    char digits[16];
    int n = 0;
    for (auto pid = call(SYS_getpid); pid != 0; pid /= 10)
        digits[n++] = static_cast<char>('0' + pid % 10);
    char* at = i.pid_text;
    while (n > 0) *at++ = digits[--n];
    *at = '\0';
}

bool goes_on_looking(int error) noexcept {
    return error == EACCES || error == ENOENT || error == ENOTDIR ||
           error == ESTALE || error == ENODEV || error == ETIMEDOUT;
}

int execute(launch_image& i) noexcept {
    write_pid(i);
    if (i.program_fd != -1)
        return call(SYS_execveat, i.program_fd, "", i.arguments, i.environment,
                    AT_EMPTY_PATH);
    bool denied = false;
    for (const char* path : i.programs) {
        ::execve(path, i.arguments, i.environment);
        if (errno == ENOEXEC && !i.shell_arguments.empty()) {
            i.shell_arguments[1] = const_cast<char*>(path);
            ::execve("/bin/sh", i.shell_arguments.data(), i.environment);
        }
        if (!goes_on_looking(errno)) return -1;
        denied = denied || errno == EACCES;
    }
    if (denied) errno = EACCES;
    return -1;
}

// --- their order -------------------------------------------------------------

struct step {
    launch_step_name name;
    int (*run)(launch_image&) noexcept;
};

using plan = launch_plan;

constexpr step steps[] = {
    {{"rt_sigaction", nullptr}, reset_signals},
    {{"setns", "opts.setns_user"}, enter_namespace<plan::user, CLONE_NEWUSER>},
    {{"setns", "opts.setns_mount"}, enter_namespace<plan::mount, CLONE_NEWNS>},
    {{"setns", "opts.setns_uts"}, enter_namespace<plan::uts, CLONE_NEWUTS>},
    {{"setns", "opts.setns_ipc"}, enter_namespace<plan::ipc, CLONE_NEWIPC>},
    {{"setns", "opts.setns_net"}, enter_namespace<plan::net, CLONE_NEWNET>},
    {{"setsid", "opts.start_new_session"}, start_session},
    {{"ioctl", "opts.set_ctty"}, take_terminal},
    {{"setpgid", "opts.process_group"}, join_process_group},
    {{"tcsetpgrp", "opts.foreground"}, come_to_foreground},
    {{"sched_setscheduler", "opts.scheduler"}, set_scheduler},
    {{"setgroups", "opts.extra_groups"}, set_groups},
    {{"setresgid", nullptr}, set_group_ids},
    {{"setresuid", nullptr}, set_user_ids},
    {{"umask", "opts.umask"}, set_umask},
    {{"chdir", "opts.working_directory"}, change_directory},
    {{"prctl", "opts.pdeathsig"}, die_with_parent},
    {{"dup2", nullptr}, place_descriptors},
    {{"prctl", "opts.set_no_new_privs"}, forbid_new_privileges},
    {{"landlock_restrict_self", "opts.landlock_restrict_self"},
     enforce_landlock},
    {{"rt_sigprocmask", nullptr}, unblock_signals},
    {{"seccomp", "opts.seccomp_set_mode_filter"}, enforce_seccomp},
    {{"execve", "opts.program"}, execute},
};

} // namespace

const int step_of_filter = std::size(steps) - 2;
const int step_of_program = std::size(steps) - 1;

launch_step_name name_of_launch_step(int step) noexcept {
    return steps[step].name;
}

int run_launch_steps(void* p) noexcept {
    auto& image = *static_cast<launch_image*>(p);
    launch_report report{0, 0};
    for (const auto& s : steps) {
        if (s.run(image) == -1) {
            report.error = errno;
            break;
        }
        ++report.step;
    }
    [[maybe_unused]] const auto n =
        ::write(image.report, &report, sizeof(report));
    call(SYS_exit_group, report.error);
    // A filter forbids that, too, and the parent waits.
    __builtin_trap();
}

} // namespace emilua
