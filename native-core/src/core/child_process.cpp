// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/child_process.hpp"

#include "core/child_reaper.hpp"

#include <emilua/error.hpp>

#include <csignal>

#include <sys/syscall.h>
#include <sys/wait.h>

namespace emilua {

namespace {

int send_signal(int pidfd, int signo) noexcept {
    return static_cast<int>(
        ::syscall(SYS_pidfd_send_signal, pidfd, signo, nullptr, 0));
}

} // namespace

child_process::child_process(launched child, int farewell_signal)
    : pid_{child.pid}, pidfd_{std::move(child.pidfd)}, farewell_signal_{
                                                           farewell_signal} {
    child_reaper::instance().add(*this);
}

child_process::~child_process() {
    if (::getpid() != parent_) return;
    auto& reaper = child_reaper::instance();
    reaper.remove(*this);
    if (reaped_ || reaper.left()) return;
    if (farewell_signal_ != 0) send_signal(pidfd_.get(), farewell_signal_);
    reaper.adopt(std::move(pidfd_));
}

bool child_process::reap() {
    {
        const std::lock_guard lock{mutex_};
        if (reaped_) return true;
        siginfo_t info{};
        while (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info,
                        WEXITED | WNOHANG | __WALL) == -1)
            if (errno != EINTR) throw_errno("waitid");
        if (info.si_pid == 0) return false;
        exit_signal_ = info.si_code == CLD_EXITED ? 0 : info.si_status;
        exit_code_ = exit_signal_ == 0 ? info.si_status : 128 + exit_signal_;
        reaped_ = true;
        pidfd_.reset();
    }
    // The reaper asks children for their state while it has its own lock.
    child_reaper::instance().remove(*this);
    return true;
}

bool child_process::reaped() const {
    const std::lock_guard lock{mutex_};
    return reaped_;
}

void child_process::kill(int signo) {
    // Locked, so that a child that is there is not reaped meanwhile.
    const std::lock_guard lock{mutex_};
    errno = ESRCH;
    if (reaped_ || send_signal(pidfd_.get(), signo) == -1)
        throw_errno("pidfd_send_signal", errno == EINVAL ? "signal" : nullptr);
}

int child_process::exit_code() const {
    const std::lock_guard lock{mutex_};
    return exit_code_;
}

int child_process::exit_signal() const {
    const std::lock_guard lock{mutex_};
    return exit_signal_;
}

} // namespace emilua
