// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/actors.hpp"

namespace emilua::lua {

std::shared_ptr<actor_address> launch_for_host(const actor_request& request) {
    vm_options options{.program = request.program,
                       .root = {},
                       .role = "worker",
                       .master = false,
                       .inbox = request.inbox,
                       .family = request.family,
                       .on_end = {}};
    if (request.own_thread) return launch(std::move(options), nullptr);
    // One thread for all of them, for as long as the process lives.
    static const auto shared = [] {
        auto pool = std::make_shared<thread_pool>();
        std::thread{[pool] {
            block_signals_on_this_thread();
            const auto work = boost::asio::make_work_guard(pool->io());
            pool->run();
        }}.detach();
        return pool;
    }();
    return launch(std::move(options), *shared, shared);
}

void run_to_the_end(emilua::context& ctx, const std::function<void()>& run) {
    for (;;) {
        run();
        auto left = vm_registry::instance().in(ctx);
        if (left.empty()) return;
        for (auto& v : left) v->abandon();
        left.clear();
        ctx.io().restart();
    }
}

int status_with_actors(int status) noexcept {
    const auto& registry = vm_registry::instance();
    return status == 0 && registry.actor_failed && !registry.program_exited
               ? 1
               : status;
}

namespace {

/// A VM in a context of its own.
struct main_vm {
    std::shared_ptr<thread_pool> pool = std::make_shared<thread_pool>();
    std::shared_ptr<lua_vm> vm = lua_vm::make(*pool, pool);
};

// Never destroyed by a process that does not run it.
std::unique_ptr<main_vm>& prepared_main() {
    static auto& one = *std::make_unique<std::unique_ptr<main_vm>>().release();
    return one;
}

} // namespace

void prepare_main() { prepared_main() = std::make_unique<main_vm>(); }

int run_main(vm_options options, const std::function<void(lua_vm&)>& prepare) {
    int exit_code = 0;
    auto ahead = std::move(prepared_main());
    auto [pool, v] = ahead ? std::move(*ahead) : main_vm{};
    options.on_end = [&exit_code](int code) { exit_code = code; };
    v->take(std::move(options));
    if (prepare) prepare(*v);
    v->start();
    v.reset();
    run_to_the_end(*pool, [&pool] { pool->run(); });
    native_threads::instance().join();
    return status_with_actors(exit_code);
}

native_threads& native_threads::instance() {
    // Never destroyed: a thread may still count itself out while the process
    // ends.
    static auto& threads = *std::make_unique<native_threads>().release();
    return threads;
}

void native_threads::start(std::shared_ptr<thread_pool> pool) {
    run([pool = std::move(pool)] {
        run_to_the_end(*pool, [&pool] { pool->run(); });
    });
}

void native_threads::run(std::function<void()> body) {
    {
        const std::lock_guard lock{mutex};
        ++count;
    }
    try {
        std::thread{[this, body = std::move(body)]() mutable {
            block_signals_on_this_thread();
            body();
            body = nullptr;
            const std::lock_guard lock{mutex};
            if (--count == 0) none_left.notify_all();
        }}.detach();
    } catch (const std::system_error& e) {
        const std::lock_guard lock{mutex};
        --count;
        throw failure{
            error_code{e.code().value(), boost::system::system_category()},
            "pthread_create"};
    }
}

void native_threads::join() {
    std::unique_lock lock{mutex};
    none_left.wait(lock, [this] { return count == 0; });
}

} // namespace emilua::lua
