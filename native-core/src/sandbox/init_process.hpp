// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua::sandbox {

/// In the first process of a PID namespace: returns in its child, which is to
/// be the actor. The process itself stays: it forwards signals to the child
/// (SIGTERM, SIGUSR1, SIGUSR2, SIGHUP, SIGINT, SIGRTMIN+4), reaps whoever else
/// ends, and ends with the child, and as it: with the same status, or 128 and
/// the signal. Nobody may look into it.
///
/// It has one descriptor, `requests`: when something can be read there, another
/// child calls `serve` with it, once, and ends with its result.
///
/// Throws `failure`.
void leave_init_process(int requests, int (*serve)(int requests));

} // namespace emilua::sandbox
