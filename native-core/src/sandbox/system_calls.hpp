// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"

namespace emilua::sandbox {

/// The filter of system calls of a guest: what is on the list is made, with
/// conditions for some; all else is EPERM, and ENOSYS where a program is to try
/// an older way. Throws `failure`, ENOPKG without libseccomp, which knows the
/// numbers. `architecture` is AUDIT_ARCH_…; 0 is this one's.
std::string system_call_filter(const confinement& c,
                               std::uint32_t architecture = 0);

/// Another one to come after it, of calls that wait for somebody's answer; ""
/// for none.
std::string asked_calls_filter(const confinement& c,
                               std::uint32_t architecture = 0);

} // namespace emilua::sandbox
