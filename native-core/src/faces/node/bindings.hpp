// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"

namespace emilua::node {

/// An object with the functions of a module, by their names in the
/// description, and its constants. Of a member that blocks there are two:
/// `NAME` suspends, `NAME:sync` blocks.
napi_value natives(environment& owner, std::string_view module);

/// Null if there is none.
const class_description* find_class(std::string_view module,
                                    std::string_view name);

} // namespace emilua::node
