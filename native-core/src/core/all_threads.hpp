// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <array>

namespace emilua {

using system_call_arguments = std::array<long, 6>;

/// Makes a system call on every thread of the process, whoever started it: what
/// the kernel keeps for each thread (capabilities, no_new_privs, Landlock) is
/// then that of the process. The calling thread is the last one.
///
/// Throws `failure` with the errno of the first thread where the call failed.
/// When that is the first thread asked, nothing has changed; later, some
/// threads have done it and some have not. ETIMEDOUT when one did not answer
/// for ten seconds; an errno of open(2) where /proc is out of reach. Any
/// thread.
void system_call_on_all_threads(const char* name, long number,
                                const system_call_arguments& arguments);

} // namespace emilua
