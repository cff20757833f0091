// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/plugins.hpp"

#include <emilua/plugin.hpp>

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>

namespace emilua {
namespace {

struct plugin {
    const plugin_entry* entry;
    const module_description* module;
};

struct plugin_registry {
    std::mutex mutex;
    std::vector<plugin> plugins;

    const module_description* find(std::string_view name) const {
        for (const auto& p : plugins)
            if (p.module->name == name) return p.module;
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

const module_description& described_by(const plugin_entry& entry) {
    static constexpr plugin_host host{&emilua_category, &explain,
                                      &general_pool};
    try {
        return entry.load(host);
    } catch (const std::exception& e) {
        refuse(std::string{"a plugin that describes itself: "} + e.what());
    }
}

} // namespace

const module_description&
load_plugin(const std::string& path, std::string_view name,
            const std::vector<const module_description*>& taken) {
    auto& registry = plugin_registry::instance();
    const std::lock_guard lock{registry.mutex};
    const auto& entry = entry_of(path);
    const module_description* module = nullptr;
    for (const auto& p : registry.plugins)
        if (p.entry == &entry) module = p.module;
    const bool is_new = !module;
    if (is_new) module = &described_by(entry);
    if (!name.empty() && module->name != name) {
        refuse("a plugin called " + std::string{name} + "; " + path +
               " has the module " + module->name);
    }
    if (!is_new) return *module;
    bool is_taken = registry.find(module->name) != nullptr;
    for (const auto* m : taken) is_taken |= m->name == module->name;
    if (is_taken) {
        refuse("a plugin whose name is free; another module than that of " +
               path + " is called " + module->name);
    }
    registry.plugins.push_back({&entry, module});
    return *module;
}

const module_description* find_plugin(std::string_view name) {
    auto& registry = plugin_registry::instance();
    const std::lock_guard lock{registry.mutex};
    return registry.find(name);
}

} // namespace emilua
