// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <span>

namespace emilua {

/// A module that comes with Emilua: a folder here, whose namespace has
/// `describe`. CMake makes the list of the folders there are.
struct module_entry {
    const char* name;
    void (*describe)(module_builder&);
};
std::span<const module_entry> builtin_modules() noexcept;

/// The module called `name`, of ours or of a plugin that was loaded; null if
/// there is none. It is described at the first call in the process. Any
/// thread.
const module_description* find_module(std::string_view name);

/// The module of the plugin in the file `path`, described at the first call.
/// Its name has to be `name`, unless that is empty. Throws `failure`.
const module_description& load_plugin_module(const std::string& path,
                                             std::string_view name = {});

/// The module `name` that `describe` describes, which is part of this program.
/// Throws `failure`.
const module_description& add_module(std::string_view name,
                                     void (*describe)(module_builder&));

/// `cls`, once its module is described. Any thread.
const class_description& described(const class_description& cls);

} // namespace emilua
