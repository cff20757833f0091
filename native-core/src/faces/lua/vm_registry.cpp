// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/vm_registry.hpp"

#include "faces/lua/vm.hpp"

namespace emilua::lua {

std::atomic<lua_vm*>& master_vm() noexcept {
    static std::atomic<lua_vm*> master{nullptr};
    return master;
}

vm_registry& vm_registry::instance() {
    static vm_registry r;
    return r;
}

void vm_registry::add(lua_vm& v) {
    const std::lock_guard lock{mutex_};
    vms_.insert(&v);
    ++vms_of_[&v.context()];
    count_contexts();
}

void vm_registry::begin_program() {
    const std::lock_guard lock{mutex_};
    if (!vms_.empty()) return;
    program_exited = false;
    actor_failed = false;
}

void vm_registry::remove(lua_vm& v) {
    const std::lock_guard lock{mutex_};
    vms_.erase(&v);
    if (--vms_of_[&v.context()] == 0) vms_of_.erase(&v.context());
    count_contexts();
}

// The lock is held.
void vm_registry::count_contexts() {
    const bool several = vms_of_.size() > 1;
    if (several == (contexts_.exchange(vms_of_.size()) > 1)) return;
    for (auto* v : vms_) v->reconsider();
}

std::vector<std::shared_ptr<lua_vm>>
vm_registry::in(const emilua::context& ctx) {
    const std::lock_guard lock{mutex_};
    std::vector<std::shared_ptr<lua_vm>> found;
    for (auto* v : vms_)
        if (&v->context() == &ctx) found.push_back(v->shared_from_this());
    return found;
}

} // namespace emilua::lua
