// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/confinement.hpp"

namespace emilua::sandbox {

/// The filters of system calls of a guest, in the order they are to be set:
/// what is on the list is made, with conditions for some; all else is EPERM,
/// and ENOSYS where a program is to try an older way. Throws `failure`, ENOPKG
/// without libseccomp.
std::vector<std::string> system_call_filters(const confinement& c);

} // namespace emilua::sandbox
