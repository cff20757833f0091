// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/addon.hpp"
#include "core/actor_launcher.hpp"
#include "core/inherited_descriptors.hpp"
#include "faces/lua/actors.hpp"
#include "faces/lua/observed.hpp"
#include "faces/node/observed.hpp"

NAPI_MODULE_INIT() {
    static const bool prepared = [] {
        emilua::note_descriptors_of_host();
        // Lua actors may hear from JavaScript at any time.
        auto& vms = emilua::lua::vm_registry::instance();
        ++vms.external_contexts;
        vms.owns_process = false;
        emilua::set_actor_launcher({&emilua::lua::launch_for_host});
        emilua::let_observe(emilua::lua::observable_vms());
        emilua::let_observe(emilua::node::observed_environments::instance());
        return true;
    }();
    static_cast<void>(prepared);
    return emilua::node::make_addon(env, exports);
}
