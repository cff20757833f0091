// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace emilua::lua {

/// What a function of the program raised, kept in the registry. Any thread may
/// drop it.
class raised {
public:
    /// Takes the value at the top of `L`.
    explicit raised(lua_State* L);
    /// Pushes that very value, on a state of the same VM and on its turn.
    void push(lua_State* L) const;

private:
    struct kept;
    std::shared_ptr<kept> kept_;
};

/// The function at `index`, kept until the result is dropped. Calling it throws
/// `raised`; EPERM off its VM's turn or once `scope` is gone, ECANCELED once
/// its VM ends.
std::shared_ptr<program_function> keep_function(lua_State* L, int index,
                                                const parameter* given_as,
                                                std::weak_ptr<void> scope);

/// What the registry keeps for functions that were dropped, on any thread and
/// even after the VM.
class dropped_functions {
public:
    void add(int ref) {
        const std::lock_guard lock{mutex_};
        refs_.push_back(ref);
        any_.store(true, std::memory_order_relaxed);
    }
    /// On the VM's turn.
    void forget(lua_State* L) {
        if (!any_.load(std::memory_order_relaxed)) return;
        const std::lock_guard lock{mutex_};
        for (const int ref : refs_) luaL_unref(L, LUA_REGISTRYINDEX, ref);
        refs_.clear();
        any_.store(false, std::memory_order_relaxed);
    }

private:
    std::mutex mutex_;
    std::vector<int> refs_;
    std::atomic<bool> any_ = false;
};

} // namespace emilua::lua
