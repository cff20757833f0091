// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/fork_server.hpp"
#include "sandbox/program.hpp"

namespace emilua::sandbox {

/// Descriptors of the caller's, who keeps them; -1 is none. An inbox comes with
/// a socket for failures.
struct start_descriptors {
    int input, output, error, reports;
    std::vector<int> entrances{};
    int inbox = -1, failures = -1, supervisor = -1;
};

/// Starts the init of a guest, that tells on `reports` what becomes of it. The
/// thread waits until there is one. Throws `failure`. Any thread.
forked start_init(program_setup s, const start_descriptors& d);

} // namespace emilua::sandbox
