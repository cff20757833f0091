// SPDX-License-Identifier: MIT OR BSL-1.0
// What programs in C++ have of Lua.
#include <emilua/state.hpp>

#include "core/built_in.hpp"
#include "core/inherited_descriptors.hpp"
#include "core/own_library.hpp"
#include "core/process.hpp"
#include "core/thread_pool.hpp"
#include "faces/lua/actors.hpp"
#include "faces/lua/observed.hpp"
#include "programs/actor_process.hpp"
#include "programs/built_in_hooks.hpp"
#include "sandbox/fork_protocol.hpp"
#include "sandbox/fork_server.hpp"

#include <boost/asio/post.hpp>

#include <deque>

namespace emilua {
namespace {

/// The `io_context` of somebody else.
class host_context final : public context, public growing_context {
public:
    explicit host_context(boost::asio::io_context& io) {
        io_.reset(&io);
        using properties = properties_service;
        multi_threaded_ =
            !boost::asio::has_service<properties>(io) ||
            boost::asio::use_service<properties>(io).concurrency_hint != 1;
    }
    ~host_context() override { static_cast<void>(io_.release()); }

    void post(std::function<void()> f) override {
        boost::asio::post(*io_, std::move(f));
    }

    void add_threads(std::size_t count) override {
        if (!multi_threaded_)
            throw failure{
                error_code{ENOTSUP, boost::system::system_category()}};
        for (; count > 0; --count) {
            {
                const std::lock_guard lock{added_->mutex};
                ++added_->count;
            }
            lua::native_threads::instance().run([&io = *io_, added = added_] {
                io.run();
                const std::lock_guard lock{added->mutex};
                if (--added->count == 0) added->none_left.notify_all();
            });
        }
    }

    /// Until the threads that were added have nothing left to do.
    void wait_for_added() {
        std::unique_lock lock{added_->mutex};
        added_->none_left.wait(lock, [this] { return added_->count == 0; });
    }

private:
    // Theirs, too: this may end on one of them.
    struct added_threads {
        std::mutex mutex;
        std::condition_variable none_left;
        std::size_t count = 0;
    };
    const std::shared_ptr<added_threads> added_ =
        std::make_shared<added_threads>();
};

// What is built in stays where it is, as VMs expect it.
void build_in(const std::map<std::string, std::string>& modules) {
    static auto& kept = *new std::deque<std::string>;
    for (const auto& [path, source] : modules)
        add_built_in_file(path, kept.emplace_back(source));
}

} // namespace

boost::asio::execution_context::id properties_service::id;

struct app_context::details {
    std::mutex mutex;
    bool begun = false;
    std::map<const boost::asio::io_context*, std::weak_ptr<host_context>>
        contexts;

    /// Two for one `io_context` would not know that its VMs are neighbours.
    std::shared_ptr<host_context> context_of(boost::asio::io_context& io) {
        auto& known = contexts[&io];
        auto c = known.lock();
        if (!c) known = c = std::make_shared<host_context>(io);
        return c;
    }
};

app_context::app_context(std::string library_directory)
    : extra_threads_count_mtx{lua::native_threads::instance().mutex},
      extra_threads_count{lua::native_threads::instance().count},
      extra_threads_count_empty_cond{lua::native_threads::instance().none_left},
      details_{std::make_unique<details>()} {
    lua::vm_registry::instance().owns_process = false;
    look_for_libraries_in(std::move(library_directory));
    use_built_in_modules();
}

app_context::~app_context() = default;

void app_context::run_to_the_end(boost::asio::io_context& io) {
    std::shared_ptr<host_context> c;
    {
        const std::lock_guard lock{details_->mutex};
        c = details_->context_of(io);
    }
    lua::run_to_the_end(*c, [&] {
        io.run();
        c->wait_for_added();
    });
    lua::native_threads::instance().join();
    exit_code = lua::status_with_actors(exit_code);
}

/// Kept by the VM, too, as long as it may run anything.
struct vm_context::details : queue_node {
    explicit details(app_context& app) : app{app} {
        run = [](vm&, queue_node& n) {
            for (const auto& t : static_cast<details&>(n).take()) t->run();
        };
    }

    app_context& app;
    std::atomic<bool> started = false;

    std::mutex mutex;
    bool ended = false;
    /// It is in the VM's queue.
    bool queued = false;
    std::deque<std::unique_ptr<task>> tasks;

    std::deque<std::unique_ptr<task>> take() {
        const std::lock_guard lock{mutex};
        queued = false;
        return std::exchange(tasks, {});
    }
};

vm_context::vm_context(boost::asio::io_context& io,
                       std::shared_ptr<lua::lua_vm> vm,
                       std::shared_ptr<details> d)
    : io_{io}, lua_{std::move(vm)}, details_{std::move(d)} {
    // What the strand runs first must not be the end of a VM without fibers.
    ++lua_->outstanding;
}

vm_context::~vm_context() = default;

lua_State* vm_context::L() const noexcept { return lua_->state(); }

void vm_context::submit(std::unique_ptr<task> t) {
    auto& d = *details_;
    {
        const std::lock_guard lock{d.mutex};
        if (d.ended) return;
        d.tasks.push_back(std::move(t));
        if (std::exchange(d.queued, true)) return;
    }
    lua_->post(d);
}

void vm_context::fiber_resume() {
    auto& d = *details_;
    if (d.started.exchange(true)) return;
    if (d.app.master_vm.lock().get() == this) lua::master_vm() = lua_.get();
    --lua_->outstanding;
    lua::vm_registry::instance().begin_program();
    lua_->start();
}

std::shared_ptr<vm_context> make_vm(boost::asio::io_context& io,
                                    app_context& app,
                                    const std::filesystem::path& program,
                                    ContextType type) {
    std::shared_ptr<host_context> where;
    {
        auto& d = *app.details_;
        const std::lock_guard lock{d.mutex};
        if (!std::exchange(d.begun, true)) {
            note_inherited_descriptors(app.lowfds);
            process::set_arguments(app.app_args);
            build_in(app.modules_cache_registry);
        }
        where = d.context_of(io);
    }
    const bool is_main = type == ContextType::main;
    auto d = std::make_shared<vm_context::details>(app);
    auto v = lua::lua_vm::make(*where, where,
                               {.program = program.native(),
                                .root = {},
                                .role = is_main ? "main" : "worker",
                                .master = false,
                                .family = {},
                                .on_end = [d, is_main](int code) {
                                    if (is_main) {
                                        // Others may end at the same time.
                                        auto& app = d->app;
                                        const std::lock_guard lock{
                                            app.details_->mutex};
                                        app.exit_code = code;
                                    }
                                    {
                                        const std::lock_guard lock{d->mutex};
                                        d->ended = true;
                                    }
                                    d->take();
                                }});
    return std::shared_ptr<vm_context>{
        new vm_context{io, std::move(v), std::move(d)}};
}

void let_observe() {
    static const bool once = [] {
        let_observe(lua::observable_vms());
        return true;
    }();
    static_cast<void>(once);
}

namespace detail {

int serve_actor_processes(int argc, char** argv, std::string libraries) {
    use_built_in_modules();
    if (!sandbox::is_fork_server(argc, argv)) {
        sandbox::fork_server::instance().set_program("/proc/self/exe");
        return -1;
    }
    look_for_libraries_in(std::move(libraries));
    prepare_actors();
    return serve_actors(sandbox::fork_server_socket, nullptr);
}

} // namespace detail
} // namespace emilua
