// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"

#include <emilua/unique_descriptor.hpp>

#include <utility>

namespace emilua::sandbox {

/// Whether the kernel ended one of a group for want of memory, and whether it
/// kept one from starting another.
struct group_refusals {
    bool memory = false, processes = false;
};

/// A control group of one sandbox, where a limit has no other way: the kernel
/// does not count the processes of the system's root. Version 2 where it is
/// delegated, or version 1.
class control_group {
public:
    control_group() = default;
    /// One with at most so many processes, the init among them. Throws
    /// `failure` where there is no control group to be had.
    explicit control_group(std::uint64_t processes);
    ~control_group();
    control_group(control_group&& o) noexcept
        : folder_{std::exchange(o.folder_, {})}, entrance_{
                                                     std::move(o.entrance_)} {}
    control_group& operator=(control_group&& o) noexcept {
        std::swap(folder_, o.folder_);
        std::swap(entrance_, o.entrance_);
        return *this;
    }

    /// Of a sandbox whose limits take one; none otherwise. Throws `failure`.
    static control_group for_limits(const confinement& c);

    bool exists() const noexcept { return !folder_.empty(); }
    /// A process joins by writing "0" to it; -1 for none.
    int entrance() const noexcept { return entrance_.get(); }
    /// The process has joined.
    void close_entrance() noexcept { entrance_.reset(); }
    /// Waits, for a second at most, until nobody is in it any more whose init
    /// is that of `pidfd` and about to end, and removes it. What the kernel
    /// refused to it.
    group_refusals clear(int pidfd) noexcept;

private:
    std::string folder_;
    unique_descriptor entrance_;
};

} // namespace emilua::sandbox
