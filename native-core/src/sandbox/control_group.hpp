// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"

#include <emilua/unique_descriptor.hpp>

#include <iosfwd>
#include <optional>
#include <utility>

namespace emilua::sandbox {

/// Whether the kernel ended one of a group for want of memory, and whether it
/// kept one from starting another.
struct group_refusals {
    bool memory = false, processes = false;
};

/// A folder in which groups can be made, maybe.
struct group_place {
    std::string folder;
    bool second_version = false;
    /// What groups there can be held to.
    bool memory = false, processes = false;

    bool operator==(const group_place&) const = default;
};

/// The places of a process, by its /proc/self/cgroup and /proc/self/mountinfo:
/// its own groups, and of version 2 also those above, as far as they were
/// delegated. There a group that has processes gives its controllers to none
/// below, and who is delegated one is often put into a group of his own in it.
std::vector<group_place> group_places(std::istream& groups,
                                      std::istream& mounts);
std::vector<group_place> group_places();

/// 0 is no limit.
struct group_limits {
    /// Bytes, of all together.
    std::uint64_t memory = 0;
    /// The init among them.
    std::uint64_t processes = 0;

    bool any() const noexcept { return memory != 0 || processes != 0; }
};

/// What all processes of one sandbox have together, where a limit has no other
/// way: the kernel counts memory for each process alone, and does not count the
/// processes of the system's root. A control group of version 2 where one is
/// delegated, or one of version 1 in each hierarchy that takes part.
class control_group {
public:
    control_group() = default;
    /// Holds to all of `limits`. Throws `failure` where that cannot be had.
    explicit control_group(
        const group_limits& limits,
        const std::vector<group_place>& places = group_places());

    /// Of a sandbox whose limits take one; none otherwise. Memory is left to
    /// the limit of each process where the policy lets it and no group has it.
    /// Throws `failure`.
    static control_group for_limits(const confinement& c);

    bool exists() const noexcept { return !parts_.empty(); }
    /// Whether all processes together are held to a limit of memory.
    bool limits_memory() const noexcept { return limits_memory_; }
    /// A process with one thread joins by writing "0" to each.
    std::vector<int> entrances() const;
    /// The process has joined.
    void close_entrances() noexcept;
    /// Bytes that they have now; nothing where that is not counted.
    std::optional<std::uint64_t> memory() const;
    /// Waits, for a second at most, until nobody is in it any more whose init
    /// is that of `pidfd` and about to end, and removes it. What the kernel
    /// refused to it.
    group_refusals clear(int pidfd) noexcept;

private:
    /// A folder, which goes with this object.
    class part {
    public:
        /// Throws `failure`.
        part(std::string folder, bool second_version);
        part(part&& o) noexcept
            : folder{std::exchange(o.folder, {})},
              second_version{o.second_version}, entrance{
                                                    std::move(o.entrance)} {}
        part& operator=(part&&) = delete;
        ~part();

        bool remove() noexcept;
        /// Whoever is in it, or some of many.
        void kill() const noexcept;

        std::string folder;
        const bool second_version;
        unique_descriptor entrance;
    };

    static int hold(const part& p, const group_limits& limits);

    std::vector<part> parts_;
    bool limits_memory_ = false;
};

/// Removes the groups of programs that were killed: empty, of nobody who runs,
/// and more than a minute old, because who made one may be in a PID namespace
/// of his own.
void remove_left_groups(const std::vector<group_place>& places);

/// Removes those that `pid`, which has ended, made and nobody is in any more.
void remove_groups_of(pid_t pid, const std::vector<group_place>& places);

/// What control groups can hold a sandbox to here, by trying. 0, or an errno.
struct group_abilities {
    int memory = 0, processes = 0;
};
const group_abilities& probe_groups();

} // namespace emilua::sandbox
