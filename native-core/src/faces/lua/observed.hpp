// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/observation.hpp"

namespace emilua::lua {

/// The Lua VMs of the process, for `let_observe`.
observable& observable_vms() noexcept;

} // namespace emilua::lua
