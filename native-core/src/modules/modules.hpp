// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <vector>

namespace emilua {

/// Every module that comes with Emilua, described. Built once, at the first
/// call; never changes afterwards.
const std::vector<const module_description*>& builtin_modules();

/// The module called `name`, of ours or of a plugin that was loaded; null if
/// there is none.
const module_description* find_module(std::string_view name);

} // namespace emilua
