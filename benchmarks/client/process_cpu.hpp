// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <sys/types.h>

namespace emilua::benchmark {

// CPU time all threads of a process have had so far, in nanoseconds.
double process_cpu(pid_t pid);

// What is resident of it, in KiB.
double resident_kib(pid_t pid);

} // namespace emilua::benchmark
