// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

/// A plugin is a shared object with a module of its own. It is compiled with
/// EMILUA_PLUGIN defined and includes this header in each of its sources; one
/// of them says `EMILUA_PLUGIN_MODULE("name", describe)`, where
/// `void describe(emilua::module_builder&)` describes the module. The CMake
/// function `emilua_add_plugin` has the options this takes.
///
/// It exports its entry point and nothing else, and needs no symbol of its
/// host: what is no inline function comes in a table.

namespace emilua {

/// What the host gives to a plugin. Its layout is part of EMILUA_ABI.
struct plugin_host {
    const error_category& (*emilua_category)() noexcept;
    std::string (*explain)(const type&);
    bool (*fits)(reader&, place, const type&, bool);
    void (*read_record)(reader&, place, const record_description&, void*);
    void (*write_record)(results&, const record_description&, void*);
    blocking_pool& (*general_pool)();
};

/// What a plugin exports, as the object `emilua_plugin`. The stamp comes first
/// and is looked at before anything else is believed.
struct plugin_entry {
    abi_stamp stamp;
    /// The name of its module.
    const char* name;
    /// Called once, and then `describe`.
    void (*load)(const plugin_host& host);
    void (*describe)(module_builder& m);
};

} // namespace emilua

#ifdef EMILUA_PLUGIN

extern "C" __attribute__((visibility("default")))
const emilua::plugin_entry emilua_plugin;

namespace emilua {
namespace detail {

inline const plugin_host* host = nullptr;

inline void take_host(const plugin_host& h) { host = &h; }

inline bool fits(reader& r, place p, const type& t, bool as_text) {
    return host->fits(r, p, t, as_text);
}
inline void read_record(reader& r, place p, const record_description& d,
                        void* record) {
    host->read_record(r, p, d, record);
}
inline void write_record(results& out, const record_description& d,
                         void* record) {
    host->write_record(out, d, record);
}

} // namespace detail

inline const error_category& emilua_category() noexcept {
    return detail::host->emilua_category();
}

inline std::string explain(const type& t) { return detail::host->explain(t); }

inline blocking_pool& general_pool() { return detail::host->general_pool(); }

} // namespace emilua

#define EMILUA_PLUGIN_MODULE(name, describe)                                   \
    const emilua::plugin_entry emilua_plugin = {                               \
        {}, name, &emilua::detail::take_host, &(describe)}

#endif
