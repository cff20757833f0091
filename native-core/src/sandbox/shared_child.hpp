// SPDX-License-Identifier: MIT OR BSL-1.0
// Children that use the memory of a process with one thread, which waits.
#pragma once

#include "sandbox/confinement.hpp"

#include <sys/types.h>

namespace emilua::sandbox {

/// What such a child leaves to its parent.
struct child_outcome {
    bool refused;
    /// Also what it has come to.
    layer of;
    int error;
    /// Static: both have it at the same address.
    const char* syscall;
    char path[256];
    /// Descriptors, where they share these, too.
    int fd, left_mounts;

    void refuse(const refusal& r) noexcept;
    /// Throws what was refused.
    void check() const;
};

/// In memory that a child that is a copy has, too. There for good.
child_outcome& shared_outcome();

/// Returns when the program of the child has begun or it has ended; -1 with
/// errno. No page tables are copied. `flags` of clone(2) besides.
pid_t start_sharing(int (*body)(void*), void* argument, int flags);

} // namespace emilua::sandbox
