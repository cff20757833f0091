// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::ip {

void describe_tcp(module_builder& m);

} // namespace emilua::ip
