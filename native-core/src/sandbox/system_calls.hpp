// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"

namespace emilua::sandbox {

/// The filters of system calls of a guest, in the order they are to be set:
/// what is on the list is made, with conditions for some; all else is EPERM,
/// and ENOSYS where a program is to try an older way. Throws `failure`, ENOPKG
/// without libseccomp. `architecture` is a processor as libseccomp has them; 0
/// is this one.
std::vector<std::string> system_call_filters(const confinement& c,
                                             std::uint32_t architecture = 0);

/// The last filter, of calls that wait for somebody's answer; "" for none.
std::string asked_calls_filter(const confinement& c,
                               std::uint32_t architecture = 0);

} // namespace emilua::sandbox
