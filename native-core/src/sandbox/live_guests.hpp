// SPDX-License-Identifier: MIT OR BSL-1.0
// What runs in sandboxes of this process.
#pragma once

#include "sandbox/control_group.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace emilua::sandbox {

/// A guest as the program sees it that started it.
struct guest_label {
    /// What runs: the program, or the module of an actor.
    std::string runs;
    bool is_actor = false;
    foundation on = foundation::namespaces;
    /// Of whom memory is counted; nothing without a limit of it.
    std::optional<memory_scope> counted{};
    /// Seconds of the processor that each of its processes may take; 0 for no
    /// limit.
    std::uint64_t processor = 0;
};
guest_label label_for(const confinement& c, const control_group& group,
                      std::string runs, bool is_actor);

/// A guest that has not ended.
struct live_guest {
    /// Of its init.
    pid_t pid = -1;
    guest_label label;
    /// Seconds since 1970.
    double since = 0;
    /// What its processes have taken of the processor, in seconds, and of
    /// memory, in bytes; nothing where that cannot be seen.
    std::optional<double> processor_time{};
    std::optional<std::uint64_t> memory{};
};

/// Who has a guest in his hands. Any thread.
class guest_owner {
public:
    guest_owner() = default;
    guest_owner(const guest_owner&) = delete;
    guest_owner& operator=(const guest_owner&) = delete;

    /// Sends a signal; false once it has ended. Throws `failure`.
    virtual bool kill_guest(int signo) = 0;
    /// The bytes that its control group counts, or nothing; false once it has
    /// ended.
    virtual bool look_at(std::optional<std::uint64_t>& memory) const = 0;

protected:
    ~guest_owner() = default;
};

/// Among the live guests until it has ended or its owner is gone, whom any
/// thread may be the last to drop.
void add_live_guest(const std::shared_ptr<guest_owner>& owner, pid_t pid,
                    guest_label label);

/// Those that have not ended, the oldest first. Any thread; reads files.
std::vector<live_guest> live_guests();

/// Sends a signal to the guest whose init is `pid`, where SIGKILL ends all of
/// it. Throws `failure`: ESRCH where none of ours has this number.
void kill_live_guest(pid_t pid, int signo);

} // namespace emilua::sandbox
