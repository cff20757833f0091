// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace emilua {
class context;
} // namespace emilua

namespace emilua::lua {

class lua_vm;

/// Which VM of the process is the master.
std::atomic<lua_vm*>& master_vm() noexcept;

/// The VMs of the process that have not ended.
class vm_registry {
public:
    static vm_registry& instance();

    void add(lua_vm& v);
    void remove(lua_vm& v);
    /// What an earlier program has left behind is forgotten, unless any VM
    /// lives.
    void begin_program();
    std::vector<std::shared_ptr<lua_vm>> in(const emilua::context& ctx);

    /// Keeps VMs from coming and going until `let_go`; false if somebody is at
    /// that.
    bool try_hold() noexcept { return mutex_.try_lock(); }
    void let_go() noexcept { mutex_.unlock(); }
    /// While they are held.
    const std::set<lua_vm*>& all() const noexcept { return vms_; }

    /// Whether messages can come from another context. VMs that were told no
    /// are asked to reconsider when it changes.
    bool several_contexts() const noexcept {
        return contexts_ > 1 || external_contexts > 0;
    }

    /// The program that the process runs called system.exit(): whoever waits
    /// for it, or sends to it, has done nothing wrong.
    std::atomic<bool> program_exited{false};
    /// An actor failed.
    std::atomic<bool> actor_failed{false};

    /// The process runs nothing but VMs, one of which may end it.
    std::atomic<bool> owns_process{true};

    /// Contexts that run programs other than Lua's.
    std::atomic<int> external_contexts{0};

private:
    void count_contexts();

    std::mutex mutex_;
    std::set<lua_vm*> vms_;
    std::map<const emilua::context*, std::size_t> vms_of_;
    std::atomic<std::size_t> contexts_ = 0;
};

} // namespace emilua::lua
