// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/signal_hub.hpp"

namespace emilua {

/// Catches signals with handlers of its own and tells `delivered` on a thread
/// of its own.
std::unique_ptr<signal_source>
make_native_signal_source(std::function<void(int)> delivered);

} // namespace emilua
