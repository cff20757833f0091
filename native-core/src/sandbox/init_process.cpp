// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/init_process.hpp"

#include <emilua/error.hpp>

#include <csignal>
#include <cstdlib>

#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

[[noreturn]] void end(int status) noexcept {
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void forward_and_reap(int signals, pid_t actor) noexcept {
    signalfd_siginfo info;
    if (::read(signals, &info, sizeof(info)) != sizeof(info)) return;
    if (info.ssi_signo != SIGCHLD) {
        ::kill(actor, static_cast<int>(info.ssi_signo));
        return;
    }
    // One signal stands for all that ended meanwhile.
    int status;
    for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
        if (pid == actor) end(status);
}

[[noreturn]] void stay(pid_t actor, const sigset_t& forwarded, int requests,
                       int (*serve)(int)) noexcept {
    enum { requests_at, signals_at };
    ::dup2(requests, requests_at);
    if (::syscall(SYS_close_range, signals_at, ~0U, 0) == -1) ::_exit(1);
    const int signals = ::signalfd(-1, &forwarded, SFD_CLOEXEC);
    if (signals == -1) ::_exit(1);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NAME, "emilua-init");
    pollfd fds[] = {{requests_at, POLLIN, 0}, {signals, POLLIN, 0}};
    for (;;) {
        if (::poll(fds, 2, -1) == -1) continue;
        if (fds[signals_at].revents != 0) forward_and_reap(signals, actor);
        if (fds[requests_at].revents == 0) continue;
        if ((fds[requests_at].revents & POLLIN) && ::fork() == 0) {
            ::prctl(PR_SET_DUMPABLE, 1);
            ::close(signals);
            std::exit(serve(requests_at));
        }
        fds[requests_at].fd = -1;
        ::close(requests_at);
    }
}

} // namespace

void leave_init_process(int requests, int (*serve)(int requests)) {
    sigset_t signals, before;
    sigemptyset(&signals);
    for (int signo :
         {SIGCHLD, SIGTERM, SIGUSR1, SIGUSR2, SIGHUP, SIGINT, SIGRTMIN + 4})
        sigaddset(&signals, signo);
    // Blocked, so that the kernel keeps for this process what it would drop.
    ::sigprocmask(SIG_BLOCK, &signals, &before);
    const pid_t actor = ::fork();
    if (actor == -1) throw_errno("fork");
    if (actor > 0) stay(actor, signals, requests, serve);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

} // namespace emilua::sandbox
