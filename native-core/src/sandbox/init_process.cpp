// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/init_process.hpp"

#include <emilua/error.hpp>

#include <csignal>

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

[[noreturn]] void end(int status) noexcept {
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

[[noreturn]] void stay(pid_t actor, const sigset_t& signals) noexcept {
    ::syscall(SYS_close_range, 0U, ~0U, 0);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NAME, "emilua-init");
    for (;;) {
        const int signo = ::sigwaitinfo(&signals, nullptr);
        if (signo == -1) continue;
        if (signo != SIGCHLD) {
            ::kill(actor, signo);
            continue;
        }
        int status;
        for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == actor) end(status);
    }
}

} // namespace

void leave_init_process() {
    sigset_t signals, before;
    sigemptyset(&signals);
    for (int signo :
         {SIGCHLD, SIGTERM, SIGUSR1, SIGUSR2, SIGHUP, SIGINT, SIGRTMIN + 4})
        sigaddset(&signals, signo);
    // Blocked, so that the kernel keeps for this process what it would drop.
    ::sigprocmask(SIG_BLOCK, &signals, &before);
    const pid_t actor = ::fork();
    if (actor == -1) throw_errno("fork");
    if (actor > 0) stay(actor, signals);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

} // namespace emilua::sandbox
