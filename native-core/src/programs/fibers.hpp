// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <string_view>

namespace emilua {

/// `emilua --fibers PID [--json]`: prints what the process is at. Returns the
/// exit status: 1 if it cannot be observed, 2 for words that are wrong.
int print_fibers(int count, char** words);

} // namespace emilua
