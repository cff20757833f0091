// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua {

/// The life of an actor in a process of its own: does what it is told on the
/// socket `setup`, and returns the exit status. `sandbox::guest`.
int run_actor_process(int setup);

} // namespace emilua
