// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/actor_process.hpp"
#include "sandbox/control_group.hpp"
#include "sandbox/guest_reports.hpp"
#include "sandbox/live_guests.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace emilua {
class io_descriptor;
class vm;
} // namespace emilua

namespace emilua::sandbox {

/// What is known of an actor's process when it begins.
struct child_description {
    forked process;
    /// Where it tells of its failures (failure_report.hpp); maybe nowhere.
    unique_descriptor told{};
    /// Path of its program; "" for none.
    std::string program{};
    /// It has no standard error of its own to tell of its failures.
    bool is_mute = true;
    /// Of one that is confined, whose init tells how it ended.
    std::shared_ptr<guest_reports> reports{};
    control_group group{};
    /// Its limit of seconds of the processor; 0 for none.
    std::uint64_t processor = 0;
};

/// An actor's process, in the hands of the program that started it. Any
/// thread.
class child_actor final : public guest_owner {
public:
    explicit child_actor(child_description d) noexcept
        : process_{std::move(d.process)}, told_{std::move(d.told)},
          program_{std::move(d.program)}, is_mute_{d.is_mute},
          reports_{std::move(d.reports)}, group_{std::move(d.group)},
          processor_{d.processor} {}
    ~child_actor() { group_.clear(process_.pidfd.get()); }

    pid_t pid() const noexcept { return process_.pid; }
    /// ESRCH once it has ended, but not for SIGKILL, which has nothing left to
    /// do then. With `for_good`, that is how it ended.
    void kill(int signo, bool for_good = false);
    bool kill_guest(int signo) override;
    bool look_at(std::optional<std::uint64_t>& memory) const override;
    /// It may outlive the program that started it.
    void detach();
    bool detached() const noexcept { return detached_; }

    /// Hears what it tells, shows that on standard error, and says whether it
    /// has ended.
    bool look();
    /// "the actor /guest.lua (process 4711)".
    std::string who() const;
    /// "ended", "panicked: …", "exited with status 1", "killed",
    /// "killed by signal 9", "stopped by its limit of seconds"; "" while that
    /// is not known.
    std::string reason();
    /// Somebody asks how it ends: a failure is not unseen any more.
    void see();
    /// Where the program that started it waits for its end to tell of it; null
    /// if it does not. Its turn, all three.
    std::shared_ptr<io_descriptor> watch() const { return watch_.lock(); }
    void watch_by(const std::shared_ptr<io_descriptor>& io) { watch_ = io; }
    void close_watch() noexcept;
    /// The program that started it ends before it is known to have ended: what
    /// it told of counts.
    void leave();
    /// A failure that nobody sees counts in `unseen`.
    void count_in(std::shared_ptr<std::atomic<int>> unseen);

    /// Readable when it has ended.
    int status_fd() const noexcept { return process_.status.get(); }
    /// Readable when it tells something.
    int told_fd() const noexcept { return told_.get(); }
    bool tells() const noexcept { return tells_; }
    /// Whoever heard it does so no longer.
    void stop_listening();

private:
    void hear();
    std::optional<exit_status> read_status() const;
    void conclude();
    void count_failure();
    exit_status known_status() const;
    std::string known_limit() const;
    std::string known_reason() const;

    forked process_;
    unique_descriptor told_;
    const std::string program_;
    const bool is_mute_;
    const std::shared_ptr<guest_reports> reports_;
    control_group group_;
    const std::uint64_t processor_;
    group_refusals refused_;
    mutable std::mutex mutex_;
    /// Somebody waits for the end of its control group, without the lock.
    bool clears_ = false;
    std::condition_variable is_clear_;
    std::atomic<bool> tells_ = true;
    std::atomic<bool> detached_ = false;
    int heard_ = 0;
    /// What it said that it ends with.
    std::string told_reason_;
    std::optional<exit_status> status_;
    bool killed_ = false;
    bool signaled_ = false;
    bool seen_ = false;
    bool counted_ = false;
    std::shared_ptr<std::atomic<int>> unseen_;
    std::weak_ptr<io_descriptor> watch_;
};

/// The actors that programs of this process have started and that are to end
/// with them. A thread hears what they tell, as long as there are such
/// programs. Any thread.
class child_actors {
public:
    child_actors();
    child_actors(const child_actors&) = delete;
    child_actors& operator=(const child_actors&) = delete;
    ~child_actors();

    static void add(vm& starter, std::shared_ptr<child_actor> child);
    /// How many of what `starter` has started have failed, unseen.
    static int unseen_failures(const vm& starter) noexcept;
    /// The same; kills what `starter` has started and not detached.
    static int end_of(vm& starter) noexcept;

private:
    struct entry {
        const vm* starter;
        std::shared_ptr<child_actor> child;
    };

    static std::vector<std::shared_ptr<child_actor>> of(const vm& starter);

    void start_thread();
    void watch(std::uint64_t key, int fd);
    void unwatch(child_actor& child, bool ended) noexcept;
    void forget(const vm& starter) noexcept;
    /// Waits so many milliseconds, -1 for ever. How many there were.
    int hear(int timeout);
    void hear_one(std::uint64_t key);

    static std::mutex mutex_;
    static std::unique_ptr<child_actors> all_programs_;

    unique_descriptor epoll_, stop_;
    std::thread thread_;
    std::atomic<bool> stopping_ = false;
    std::uint64_t last_key_ = 0;
    std::map<std::uint64_t, entry> all_;
    std::map<const vm*, std::shared_ptr<std::atomic<int>>> unseen_;
};

} // namespace emilua::sandbox
