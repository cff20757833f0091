// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

namespace emilua {

/// What opening a file fails with at this moment if no descriptor is left:
/// EMFILE or ENFILE. For what libraries say is not there when they could not
/// open the file in which they look.
error_code want_of_descriptors() noexcept;

} // namespace emilua
