// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/modules.hpp"

#include "core/plugins.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#define EMILUA_MODULE(name)                                                    \
    namespace emilua::name {                                                   \
    void describe(module_builder&);                                            \
    }
#include "modules.inc"
#undef EMILUA_MODULE

namespace emilua {
namespace {

constexpr std::array entries{
#define EMILUA_MODULE(name) module_entry{#name, &name::describe},
#include "modules.inc"
#undef EMILUA_MODULE
};

struct built_module {
    std::once_flag once;
    module_description description;
};

} // namespace

std::span<const module_entry> builtin_modules() noexcept { return entries; }

const module_description* find_module(std::string_view name) {
    // Never destroyed: threads of the pool may outlive main.
    static auto& built = *new std::array<built_module, entries.size()>;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (name != entries[i].name) continue;
        auto& b = built[i];
        std::call_once(b.once, [&] {
            module_builder m{b.description, entries[i].name};
            entries[i].describe(m);
        });
        return &b.description;
    }
    return find_plugin(name);
}

namespace {

bool is_taken(std::string_view name) {
    return std::ranges::any_of(
        entries, [name](const module_entry& e) { return name == e.name; });
}

} // namespace

const module_description& load_plugin_module(const std::string& path,
                                             std::string_view name) {
    return load_plugin(path, name, &is_taken);
}

const module_description& add_module(std::string_view name,
                                     void (*describe)(module_builder&)) {
    return add_plugin(name, describe, &is_taken);
}

const class_description& described(const class_description& cls) {
    if (cls.home) find_module(cls.home);
    return cls;
}

} // namespace emilua
