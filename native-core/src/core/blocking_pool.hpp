// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/blocking.hpp>

namespace emilua {

/// At most sixteen threads for the system's resolver and nothing else, so that
/// a name server that does not answer holds up no file.
blocking_pool& resolver_pool();

} // namespace emilua
