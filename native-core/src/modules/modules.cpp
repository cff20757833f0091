// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/modules.hpp"

#include "core/plugins.hpp"
#include "modules/actor/describe.hpp"
#include "modules/file_descriptor/describe.hpp"
#include "modules/ip/describe.hpp"
#include "modules/system/describe.hpp"
#include "modules/time/describe.hpp"

namespace emilua {

const std::vector<const module_description*>& builtin_modules() {
    static const module_description modules[] = {
        actor::describe(), time::describe(), file_descriptor::describe(),
        ip::describe(), system::describe()};
    static const std::vector<const module_description*> all = [] {
        std::vector<const module_description*> r;
        for (const auto& m : modules) r.push_back(&m);
        return r;
    }();
    return all;
}

const module_description* find_module(std::string_view name) {
    for (const auto* m : builtin_modules())
        if (m->name == name) return m;
    return find_plugin(name);
}

} // namespace emilua
