// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/plugins.hpp"

#include <emilua/plugin.hpp>

#include <cstdlib>
#include <deque>
#include <dlfcn.h>
#include <mutex>

namespace emilua {
namespace {

struct plugin {
    /// Of a file.
    const plugin_entry* entry = nullptr;
    /// Of what is part of this program.
    std::string name{};
    module_description module{};
};

struct plugin_registry {
    std::mutex mutex;
    /// What is described stays where it is.
    std::deque<plugin> plugins;

    const module_description* find(std::string_view name) const {
        for (const auto& p : plugins)
            if (name == p.module.name) return &p.module;
        return nullptr;
    }

    static plugin_registry& instance() {
        static plugin_registry r;
        return r;
    }
};

[[noreturn]] void refuse(std::string expected) {
    failure f{error_code{ENOEXEC, boost::system::system_category()}, "dlopen",
              "path"};
    f.expected = std::move(expected);
    throw f;
}

std::string text_of(const abi_stamp& s) {
    return "ABI " + std::to_string(s.abi) + ", Boost " +
           std::to_string(s.boost) + ", C++ ABI " + std::to_string(s.compiler) +
           ", pointers of " + std::to_string(s.pointer_bytes) +
           " bytes, string ABI " + std::to_string(s.strings);
}

// A name without a slash would be looked for elsewhere.
std::string absolute(const std::string& path) {
    struct free_it {
        void operator()(char* p) const noexcept { std::free(p); }
    };
    // Of a file that only this process has, which is in no folder.
    if (path.starts_with("/proc/self/fd/")) return path;
    const std::unique_ptr<char, free_it> p{realpath(path.c_str(), nullptr)};
    if (!p) throw_errno("realpath", "path");
    return p.get();
}

// The file stays loaded even if it is refused: what its initialisers left
// behind may point into it.
const plugin_entry& entry_of(const std::string& path) {
    void* const handle = dlopen(absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        refuse(std::string{"a shared object that loads: "} + dlerror());
    const auto* entry =
        static_cast<const plugin_entry*>(dlsym(handle, "emilua_plugin"));
    if (!entry)
        refuse("a plugin, which exports emilua_plugin; " + path + " does not");
    if (entry->stamp != abi_stamp{}) {
        refuse("a plugin built for " + text_of(abi_stamp{}) + "; " + path +
               " was built for " + text_of(entry->stamp));
    }
    return *entry;
}

void describe(plugin& p, const char* name,
              void (*description)(module_builder&)) {
    try {
        module_builder m{p.module, name};
        description(m);
    } catch (const std::exception& e) {
        refuse(std::string{"a plugin that describes itself: "} + e.what());
    }
}

void describe(plugin& p) {
    static constexpr plugin_host host{
        &emilua_category,      &explain,
        &detail::fits,         &detail::read_record,
        &detail::write_record, &general_pool};
    try {
        p.entry->load(host);
    } catch (const std::exception& e) {
        refuse(std::string{"a plugin that loads: "} + e.what());
    }
    describe(p, p.entry->name, p.entry->describe);
}

} // namespace

const module_description& load_plugin(const std::string& path,
                                      std::string_view name,
                                      bool (*is_taken)(std::string_view)) {
    auto& registry = plugin_registry::instance();
    const std::lock_guard lock{registry.mutex};
    const auto& entry = entry_of(path);
    if (!name.empty() && name != entry.name) {
        refuse("a plugin called " + std::string{name} + "; " + path +
               " has the module " + entry.name);
    }
    for (const auto& p : registry.plugins)
        if (p.entry == &entry) return p.module;
    if (registry.find(entry.name) || is_taken(entry.name)) {
        refuse("a plugin whose name is free; another module than that of " +
               path + " is called " + entry.name);
    }
    auto& p = registry.plugins.emplace_back();
    p.entry = &entry;
    try {
        describe(p);
    } catch (...) {
        registry.plugins.pop_back();
        throw;
    }
    return p.module;
}

const module_description& add_plugin(std::string_view name,
                                     void (*description)(module_builder&),
                                     bool (*is_taken)(std::string_view)) {
    auto& registry = plugin_registry::instance();
    const std::lock_guard lock{registry.mutex};
    for (const auto& p : registry.plugins)
        if (p.name == name) return p.module;
    if (registry.find(name) || is_taken(name)) {
        refuse("a built-in module whose name is free; another one is called " +
               std::string{name});
    }
    auto& p = registry.plugins.emplace_back();
    p.name = name;
    try {
        describe(p, p.name.c_str(), description);
    } catch (...) {
        registry.plugins.pop_back();
        throw;
    }
    return p.module;
}

const module_description* find_plugin(std::string_view name) {
    auto& registry = plugin_registry::instance();
    const std::lock_guard lock{registry.mutex};
    return registry.find(name);
}

} // namespace emilua
