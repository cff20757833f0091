// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/blocking.hpp>
#include <emilua/describe.hpp>

/// A plugin is a shared object with a module of its own. It is compiled with
/// EMILUA_PLUGIN defined and includes this header in each of its sources; one
/// of them says `EMILUA_PLUGIN_MODULE(describe_it)`, where
/// `emilua::module_description describe_it()` builds the description. The
/// CMake function `emilua_add_plugin` has the options this takes.
///
/// It exports its entry point and nothing else, and needs no symbol of its
/// host: what is no inline function comes in a table.

namespace emilua {

/// What the host gives to a plugin. Its layout is part of EMILUA_ABI.
struct plugin_host {
    const error_category& (*emilua_category)() noexcept;
    std::string (*explain)(const type&);
    blocking_pool& (*general_pool)();
};

/// What a plugin exports, as the object `emilua_plugin`. The stamp comes first
/// and is looked at before anything else is believed.
struct plugin_entry {
    abi_stamp stamp;
    /// Called once. What it returns lives as long as the process.
    const module_description& (*load)(const plugin_host& host);
};

} // namespace emilua

#ifdef EMILUA_PLUGIN

extern "C" __attribute__((visibility("default")))
const emilua::plugin_entry emilua_plugin;

namespace emilua {
namespace detail {

inline const plugin_host* host = nullptr;

template <module_description (*Describe)()>
const module_description& load_module(const plugin_host& h) {
    host = &h;
    static const module_description d = Describe();
    return d;
}

} // namespace detail

inline const error_category& emilua_category() noexcept {
    return detail::host->emilua_category();
}

inline std::string explain(const type& t) { return detail::host->explain(t); }

inline blocking_pool& general_pool() { return detail::host->general_pool(); }

} // namespace emilua

#define EMILUA_PLUGIN_MODULE(describe)                                         \
    const emilua::plugin_entry emilua_plugin = {                               \
        {}, &emilua::detail::load_module<&describe>}

#endif
