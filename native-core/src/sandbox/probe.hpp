// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"

#include <optional>

namespace emilua::sandbox {

/// What this system lets an ordinary process do, as seen by trying it.
struct abilities {
    /// An errno for each kind of namespace, 0 for those that can be had. With a
    /// user namespace that gives no rights, the mounts are refused.
    struct {
        int user = 0, mount = 0, pid = 0, ipc = 0, uts = 0, net = 0, cgroup = 0;
        /// A file system of proc, which a container can forbid.
        int proc = 0;
    } namespaces;
    /// 0 for none, and then the errno.
    std::uint32_t landlock_abi = 0;
    int landlock_error = 0;
    bool seccomp = false;
    /// Why namespaces are refused, as far as the system says; "" if it does
    /// not, or they are not refused.
    std::string reason;
    /// What an administrator can do.
    std::string advice;

    bool has_namespaces() const noexcept;
};

/// Tries once for a process; later calls have the same answer. Any thread.
const abilities& probe();

/// The ABI of Landlock that sandboxes use: the kernel's, or less where the
/// variable EMILUA_LANDLOCK_ABI says so, for tests.
std::uint32_t usable_landlock_abi();

} // namespace emilua::sandbox
