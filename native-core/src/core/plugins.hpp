// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua {

/// The module of the plugin in the file `path`. A file is loaded once a
/// process and never unloaded. Its name has to be `name`, unless that is
/// empty, and none that `is_taken`. Throws `failure` that says what was
/// expected.
const module_description& load_plugin(const std::string& path,
                                      std::string_view name,
                                      bool (*is_taken)(std::string_view));

/// The module `name` that `describe` describes, which is part of this program.
/// Throws as `load_plugin` does.
const module_description& add_plugin(std::string_view name,
                                     void (*describe)(module_builder&),
                                     bool (*is_taken)(std::string_view));

/// The module called `name` of a plugin that was loaded; null if there is none.
const module_description* find_plugin(std::string_view name);

} // namespace emilua
