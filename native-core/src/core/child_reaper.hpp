// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/child_process.hpp"

#include <atomic>
#include <map>
#include <set>

namespace emilua {

/// Knows the children that nobody has reaped, and reaps those that nobody will.
/// A thread waits while there are some of the latter. Any thread.
class child_reaper {
public:
    static child_reaper& instance();

    child_reaper(const child_reaper&) = delete;
    child_reaper& operator=(const child_reaper&) = delete;

    void add(child_process& child);
    void remove(child_process& child) noexcept;
    /// Takes over a child that may still run.
    void adopt(unique_descriptor pidfd) noexcept;
    /// The process will end without a word to its children.
    void leave_all() noexcept { left_ = true; }
    bool left() const noexcept { return left_; }

private:
    child_reaper() = default;

    /// The process ends: says farewell to all and waits for them.
    void finish() noexcept;
    bool start_thread() noexcept;
    void run();

    const pid_t process_ = ::getpid();
    std::atomic<bool> left_ = false;
    std::mutex mutex_;
    std::set<child_process*> children_;
    std::map<int, unique_descriptor> orphans_;
    /// Tells the thread of orphans that ended; open while the thread runs.
    unique_descriptor ended_;
};

} // namespace emilua
