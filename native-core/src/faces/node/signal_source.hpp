// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/signal_hub.hpp"

namespace emilua::node {

/// Signals by way of libuv, whose handlers serve all of its loops: what Node's
/// own `process.on('SIGINT')` does is left alone. Lives as long as the process.
signal_source& uv_signals();

} // namespace emilua::node
