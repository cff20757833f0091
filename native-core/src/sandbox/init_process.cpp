// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/init_process.hpp"

#include <emilua/unique_descriptor.hpp>

#include <cstdlib>
#include <utility>

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

/// Milliseconds.
constexpr int moment = 20;

sigset_t init_signals() noexcept {
    sigset_t s;
    ::sigemptyset(&s);
    for (const int n : {SIGCHLD, forwarded_signal(), end_of_all()})
        ::sigaddset(&s, n);
    for (int n = 1; n < NSIG; ++n)
        if (is_forwarded(n)) ::sigaddset(&s, n);
    return s;
}

std::uint64_t processor_time() noexcept {
    rusage r{};
    ::getrusage(RUSAGE_CHILDREN, &r);
    const auto us = [](const timeval& t) {
        return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 +
               static_cast<std::uint64_t>(t.tv_usec);
    };
    return us(r.ru_utime) + us(r.ru_stime);
}

/// What RLIMIT_CPU goes by, of a process that has ended and is still there: its
/// own time, without that of its children, which wait4(2) adds. 0 where nobody
/// says.
std::uint64_t counted_time(pid_t pid) noexcept {
    // CPUCLOCK_PROF. That of clock_getcpuclockid(3) counts other than the limit
    // does.
    const auto clock = static_cast<clockid_t>(~static_cast<unsigned>(pid) << 3);
    timespec t{};
    if (::clock_gettime(clock, &t) == -1) return 0;
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(t.tv_nsec) / 1000;
}

/// Of the child, which has ended.
void reap(pid_t child, init_end& end) noexcept {
    end.own_time = counted_time(child);
    ::waitpid(child, &end.status, 0);
}

/// Kills what is left below this process.
void end_the_others() noexcept {
    for (;;) {
        int nobody;
        while ((nobody = ::waitpid(-1, nullptr, WNOHANG)) > 0)
            ;
        if (nobody == -1) return;
        if (::getpid() == 1) {
            ::kill(-1, SIGKILL);
            while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR)
                ;
            return;
        }
        // Each that ends leaves its own children to this process.
        const unique_descriptor children{
            ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC)};
        char text[4096];
        const auto n =
            children ? ::read(children.get(), text, sizeof(text) - 1) : 0;
        if (n <= 0) return;
        text[n] = '\0';
        for (char* at = text; *at != '\0';) {
            char* end = at;
            const long pid = std::strtol(at, &end, 10);
            if (end == at) break;
            ::kill(static_cast<pid_t>(pid), SIGKILL);
            at = end;
        }
        while (::waitpid(-1, nullptr, 0) == -1 && errno == EINTR)
            ;
    }
}

bool enter_mounts_of(pid_t pid) noexcept {
    const unique_descriptor fd{
        static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    return fd && ::setns(fd.get(), CLONE_NEWNS) == 0;
}

/// Another child, for whoever asks.
void serve_in_child(const init_duties& d, int signals) {
    if (::fork() != 0) return;
    ::close(signals);
    if (d.has_own_mounts && !enter_mounts_of(d.child)) ::_exit(1);
    // Who looks into it finds no mounts but the child's.
    ::prctl(PR_SET_DUMPABLE, 1);
    std::exit(d.serve(d.requests));
}

/// Readable when so much time is over. Not a signal: one that its child had
/// sent a moment before would stand for both.
unique_descriptor start_timer(std::uint64_t microseconds) noexcept {
    unique_descriptor timer{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)};
    const itimerspec once{{0, 0},
                          {static_cast<time_t>(microseconds / 1'000'000),
                           static_cast<long>(microseconds % 1'000'000 * 1000)}};
    if (timer && ::timerfd_settime(timer.get(), 0, &once, nullptr) == -1)
        timer.reset();
    return timer;
}

/// True when the child has ended.
bool take_signal(int signals, const init_duties& d, init_end& end) noexcept {
    signalfd_siginfo info;
    if (::read(signals, &info, sizeof(info)) != sizeof(info)) return false;
    int signo = static_cast<int>(info.ssi_signo);
    if (signo != SIGCHLD) {
        if (signo == end_of_all()) signo = SIGKILL;
        if (signo == forwarded_signal()) signo = info.ssi_int;
        ::kill(d.child, signo);
        return false;
    }
    // One signal stands for all that ended meanwhile.
    for (;;) {
        siginfo_t ended{};
        if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == -1 ||
            ended.si_pid == 0)
            return false;
        if (ended.si_pid == d.child) {
            reap(d.child, end);
            return true;
        }
        ::waitpid(ended.si_pid, nullptr, 0);
    }
}

} // namespace

bool is_forwarded(int signo) noexcept {
    switch (signo) {
    case SIGALRM:
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGQUIT:
    case SIGUSR1:
    case SIGUSR2:
    case SIGCONT:
    case SIGWINCH:
        return true;
    default:
        return signo == SIGRTMIN + 4;
    }
}

int exit_code_of(int wait_status) noexcept {
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
                                  : 128 + WTERMSIG(wait_status);
}

sigset_t block_init_signals() noexcept {
    const auto watched = init_signals();
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &watched, &before);
    return before;
}

bool keep_only(std::span<int> fds) noexcept {
    int next = 0;
    for (int& fd : fds) {
        if (::dup2(fd, next) == -1) return false;
        fd = next++;
    }
    return ::syscall(SYS_close_range, next, ~0U, 0) == 0;
}

init_end be_init(const init_duties& d) noexcept {
    const auto watched = init_signals();
    const int signals = ::signalfd(-1, &watched, SFD_CLOEXEC);
    const auto us = d.microseconds;
    const auto timer = us == 0 ? unique_descriptor{} : start_timer(us);
    init_end end;
    // Without them nothing would end the child in time.
    if (signals == -1 || (us != 0 && !timer)) ::kill(d.child, SIGKILL);
    pollfd fds[] = {{signals, POLLIN, 0},
                    {d.requests, POLLIN, 0},
                    {timer.get(), POLLIN, 0}};
    int left = d.left_mounts;
    for (;;) {
        if (signals == -1) {
            siginfo_t ended{};
            while (::waitid(P_PID, static_cast<id_t>(d.child), &ended,
                            WEXITED | WNOWAIT) == -1 &&
                   errno == EINTR)
                ;
            reap(d.child, end);
            break;
        }
        const int n = ::poll(fds, 3, left == -1 ? -1 : moment);
        if (n == 0) ::close(std::exchange(left, -1));
        if (n < 1) continue;
        if (fds[2].revents != 0) {
            end.out_of_time = true;
            ::kill(d.child, SIGKILL);
            fds[2].fd = -1;
        }
        if (fds[0].revents != 0 && take_signal(signals, d, end)) break;
        if (fds[1].revents == 0) continue;
        if (fds[1].revents & POLLIN) serve_in_child(d, signals);
        ::close(fds[1].fd);
        fds[1].fd = -1;
    }
    if (d.ends_the_others) end_the_others();
    end.processor_time = processor_time();
    return end;
}

} // namespace emilua::sandbox
