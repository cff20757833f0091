// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua {

/// `emilua --bundle …`, whose first argument that is about it is `argv[2]`.
/// Returns the exit status.
int run_bundle_command(int argc, char** argv);

} // namespace emilua
