// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/lua/vm.hpp"
#include "faces/lua/vm_registry.hpp"

#include "core/actor_launcher.hpp"
#include "core/thread_pool.hpp"

#include <condition_variable>

namespace emilua::lua {

/// Pushes the inbox of the VM, which stays open because somebody has it.
void push_inbox(lua_State* L, lua_vm& v);

/// Starts an actor in `ctx`. Throws `failure`.
std::shared_ptr<actor_address> launch(vm_options options, emilua::context& ctx,
                                      std::shared_ptr<void> keep_context);

/// Starts an actor: in the context of `beside`, or on a native thread of its
/// own. Throws `failure`.
std::shared_ptr<actor_address> launch(vm_options options, lua_vm* beside,
                                      int concurrency_hint = 0);

/// For programs that are not Lua's: an actor on a native thread.
std::shared_ptr<actor_address> launch_for_host(const actor_request& request);

/// Lets `run` run `ctx` until nothing is left to do in it. VMs whose fibers
/// then wait for what cannot come are ended.
void run_to_the_end(emilua::context& ctx, const std::function<void()>& run);

/// `status` of the main program, or 1 instead of 0 when an actor failed.
int status_with_actors(int status) noexcept;

/// Makes ahead the VM of the next `run_main`, which may be that of a copy of
/// this process. While the process has one thread.
void prepare_main();

/// Runs the program of a process that has none yet, on this thread, until all
/// has ended; `prepare` is called before it starts. Returns the exit status.
/// Throws `failure`.
int run_main(vm_options options,
             const std::function<void(lua_vm&)>& prepare = {});

/// The threads that run actors with a context of their own.
class native_threads {
public:
    static native_threads& instance();

    void start(std::shared_ptr<thread_pool> pool);
    /// Calls `body` on a thread that counts until it is gone. Throws
    /// `failure`.
    void run(std::function<void()> body);
    /// Waits until all of them ended.
    void join();

    std::mutex mutex;
    std::condition_variable none_left;
    std::size_t count = 0;
};

} // namespace emilua::lua
