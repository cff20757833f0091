// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/launcher.hpp"

#include <emilua/error.hpp>

#include <mutex>

namespace emilua {

/// A child of this process, until it is reaped. Any thread.
///
/// One that is destroyed before is left to the process: it gets
/// `farewell_signal` (0 for none), is reaped when it ends, and the process ends
/// after it. So are all that are there when the process ends.
class child_process {
public:
    child_process(launched child, int farewell_signal);
    ~child_process();
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    /// Reaps the child if it has ended; `false` while it runs. Throws
    /// `failure`: ECHILD where the system reaps children by itself, because
    /// SIGCHLD is ignored.
    bool reap();
    bool reaped() const;

    /// ESRCH once it was reaped: another process never gets the signal.
    void kill(int signo);

    /// What `f` makes of the number of a child that is not reaped meanwhile, so
    /// that it is no other process's. ESRCH once it was.
    template <class F> auto with_pid(F&& f) const {
        const std::lock_guard lock{mutex_};
        if (reaped_)
            throw failure{error_code{ESRCH, boost::system::system_category()}};
        return f(pid_);
    }

    /// Of a child that was reaped: what it passed to exit(3), or 128 and the
    /// signal that ended it.
    int exit_code() const;
    /// 0 for none.
    int exit_signal() const;

    pid_t pid() const noexcept { return pid_; }
    /// Readable when the child has ended; closed when it was reaped.
    int pidfd() const noexcept { return pidfd_.get(); }

private:
    friend class child_reaper;

    const pid_t pid_;
    /// A copy of the process has no say in what becomes of the child.
    const pid_t parent_ = ::getpid();
    unique_descriptor pidfd_;
    const int farewell_signal_;
    mutable std::mutex mutex_;
    bool reaped_ = false;
    int exit_code_ = 0, exit_signal_ = 0;
};

} // namespace emilua
