// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/observed.hpp"

#include <sys/types.h>

namespace emilua {

/// The VMs of process `pid` and their fibers; of this process if it is 0. The
/// process goes on. Waits until it has told, at most some seconds; of a VM of
/// JavaScript that is busy for a second there are no fibers.
///
/// Throws `failure`: ESRCH if there is none or it ended meanwhile, EPERM if it
/// is another user's, ENOTSUP if it has no VMs or does not let itself be
/// observed, EAGAIN if it is stopped, ETIMEDOUT if it does not answer.
std::vector<observed_vm> observe(pid_t pid);

} // namespace emilua
