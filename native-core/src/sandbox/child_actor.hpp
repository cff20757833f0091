// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/control_group.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/guest_reports.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <optional>

namespace emilua {
class vm;
} // namespace emilua

namespace emilua::sandbox {

/// An actor's process, in the hands of the program that started it. Any
/// thread.
class child_actor {
public:
    explicit child_actor(forked process) noexcept
        : process_{std::move(process)} {}
    /// One that is confined: its init tells how it ended.
    child_actor(forked process, std::shared_ptr<guest_reports> reports,
                control_group group) noexcept
        : process_{std::move(process)}, reports_{std::move(reports)},
          group_{std::move(group)} {}
    ~child_actor() { group_.clear(process_.pidfd.get()); }

    pid_t pid() const noexcept { return process_.pid; }
    /// ESRCH once it has ended, but not for SIGKILL, which has nothing left to
    /// do then.
    void kill(int signo);
    /// It may outlive the program that started it.
    void detach();
    bool detached() const noexcept { return detached_; }

    /// Whether it has ended.
    bool ended();
    /// "ended", "exited with status 1", "killed by signal 9", "stopped by its
    /// limit of seconds".
    std::string reason();
    /// Readable when it has ended.
    int status_fd() const noexcept { return process_.status.get(); }

private:
    forked process_;
    const std::shared_ptr<guest_reports> reports_;
    control_group group_;
    group_refusals refused_;
    std::mutex mutex_;
    std::optional<exit_status> status_;
    std::atomic<bool> detached_ = false;
};

/// The actors that programs of this process have started and that are to end
/// with them. Any thread.
class child_actors {
public:
    static child_actors& instance();

    void add(vm& starter, std::shared_ptr<child_actor> child);
    /// Kills what `starter` has started and not detached.
    static void end_of(vm& starter) noexcept;

private:
    struct entry {
        vm* starter;
        std::shared_ptr<child_actor> child;
    };
    void forget_ended() noexcept;

    std::mutex mutex_;
    /// Who of them has ended, to be asked when the next one comes.
    unique_descriptor ended_;
    std::map<int, entry> all_;
};

} // namespace emilua::sandbox
