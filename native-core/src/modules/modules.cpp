// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules.hpp"

#include "../core/plugins.hpp"
#include "actor/describe.hpp"
#include "file_descriptor/describe.hpp"
#include "ip/describe.hpp"
#include "system/describe.hpp"
#include "time/describe.hpp"

namespace emilua {

const std::vector<const module_description*>& builtin_modules() {
    static const module_description actor = describe_actor();
    static const module_description time = describe_time();
    static const module_description file_descriptor =
        describe_file_descriptor();
    static const module_description ip = describe_ip();
    static const module_description system = describe_system();
    static const std::vector<const module_description*> all{
        &actor, &time, &file_descriptor, &ip, &system};
    return all;
}

const module_description* find_module(std::string_view name) {
    for (const auto* m : builtin_modules())
        if (m->name == name) return m;
    return find_plugin(name);
}

} // namespace emilua
