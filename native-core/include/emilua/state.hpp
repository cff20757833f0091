// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// For programs in C++ that run Lua programs in an `io_context` of their own.
/// They are linked with the library `emilua`, by `find_package(emilua)` and the
/// target `emilua::emilua` or by `pkg-config emilua`, which set what
/// <emilua/config.hpp> has to find set in every file that includes Asio.
///
/// Names are those of the reference's chapter "C++ embedder API"; its guide
/// "Embedding" is that of this library. Linux only.

struct lua_State;

namespace emilua {

class module_builder;
class vm_context;

namespace lua {
class lua_vm;
} // namespace lua

/// Says of an `io_context` what it was made with: who gave it the hint 1, and
/// runs it on one thread, adds
/// `boost::asio::make_service<properties_service>(io, 1)` before the first VM.
/// Without it, every descriptor is locked as for several threads.
class properties_service : public boost::asio::execution_context::service {
public:
    using key_type = properties_service;
    static boost::asio::execution_context::id id;

    explicit properties_service(boost::asio::execution_context& owner,
                                int concurrency_hint = 0)
        : service{owner}, concurrency_hint{concurrency_hint} {}

    const int concurrency_hint;

private:
    void shutdown() override {}
};

/// What a VM is for: the value of `_CONTEXT` is "main" or "worker".
enum class ContextType { main, worker };

/// What all VMs of a process share. One lives at a time, and longer than any
/// `io_context` that VMs run in.
class app_context {
public:
#ifdef EMILUA_LIBRARY_DIR
    app_context() : app_context{EMILUA_LIBRARY_DIR} {}
#else
    app_context() : app_context{std::string{}} {}
#endif
    /// With the directory of the libraries that are loaded when they are
    /// needed (that for TLS), which is searched after the executable's own.
    explicit app_context(std::string library_directory);
    ~app_context();
    app_context(const app_context&) = delete;
    app_context& operator=(const app_context&) = delete;

    // Read by the first `make_vm`.

    /// `system.arguments`; by custom the executable, the Lua program, the rest.
    std::vector<std::string> app_args;
    /// Lua sources, or bytecode, by paths, which are found before files are.
    /// Actors in processes of their own do not have them.
    std::map<std::string, std::string> modules_cache_registry;
    /// Whether this process was started with the descriptors 3 to 9, for
    /// `system.get_lowfd`. To be found out before anything is opened.
    std::array<bool, 7> lowfds{};

    /// The VM that may change what belongs to the process, as its working
    /// directory or what signals do. Read by its `fiber_resume`; nobody is
    /// without it.
    std::weak_ptr<vm_context> master_vm;

    /// Of the last VM of `ContextType::main` that ended: 0, 1 where it or a
    /// fiber failed, n after `system.exit(n)`.
    int exit_code = 0;

    // Threads that Lua programs have started, and that have not ended: of
    // `spawn_vm` with an `io_context` of their own, of `spawn_context_threads`
    // to run that of their VM.
    std::mutex& extra_threads_count_mtx;
    const std::size_t& extra_threads_count;
    std::condition_variable& extra_threads_count_empty_cond;

    /// Runs `io` on this thread until nothing is left to do, ends VMs whose
    /// fibers wait for what cannot come any more, and waits for the extra
    /// threads. After it `io` is stopped, as after `run`.
    void run_to_the_end(boost::asio::io_context& io);

private:
    friend std::shared_ptr<vm_context>
    make_vm(boost::asio::io_context& io, app_context& app,
            const std::filesystem::path& program, ContextType type);

    struct details;
    const std::unique_ptr<details> details_;
};

/// A Lua VM, from `make_vm` until its program has ended. It lives on until
/// then when nobody holds it.
class vm_context : public std::enable_shared_from_this<vm_context> {
public:
    /// Where code runs that may touch the VM: an executor of Asio, on whose
    /// turns nothing else of the VM runs, on a thread of its `io_context`. What
    /// is submitted after the VM has ended is destroyed.
    class strand_type {
    public:
        template <class F> void execute(F&& f) const;

        boost::asio::io_context&
        query(boost::asio::execution::context_t) const noexcept {
            return vm_->io_;
        }
        static constexpr boost::asio::execution::blocking_t::never_t
        query(boost::asio::execution::blocking_t) noexcept {
            return boost::asio::execution::blocking.never;
        }
        friend bool operator==(const strand_type& a,
                               const strand_type& b) noexcept {
            return a.vm_ == b.vm_;
        }
        friend bool operator!=(const strand_type& a,
                               const strand_type& b) noexcept {
            return a.vm_ != b.vm_;
        }

    private:
        friend class vm_context;
        explicit strand_type(std::shared_ptr<vm_context> vm)
            : vm_{std::move(vm)} {}
        std::shared_ptr<vm_context> vm_;
    };

    vm_context(const vm_context&) = delete;
    vm_context& operator=(const vm_context&) = delete;
    ~vm_context();

    strand_type strand() { return strand_type{shared_from_this()}; }

    /// Starts the program. Once, inside `strand()`.
    void fiber_resume();

    /// The state whose globals are those of the program, for inside `strand()`;
    /// null when the VM has ended. It runs no code that may suspend.
    lua_State* L() const noexcept;

private:
    friend std::shared_ptr<vm_context>
    make_vm(boost::asio::io_context& io, app_context& app,
            const std::filesystem::path& program, ContextType type);

    struct task {
        virtual ~task() = default;
        virtual void run() = 0;
    };
    struct details;

    vm_context(boost::asio::io_context& io, std::shared_ptr<lua::lua_vm> vm,
               std::shared_ptr<details> d);
    void submit(std::unique_ptr<task> t);

    boost::asio::io_context& io_;
    const std::shared_ptr<lua::lua_vm> lua_;
    const std::shared_ptr<details> details_;
};

template <class F> void vm_context::strand_type::execute(F&& f) const {
    using function = std::decay_t<F>;
    struct one final : task {
        explicit one(F&& f) : f{std::forward<F>(f)} {}
        void run() override { f(); }
        function f;
    };
    vm_->submit(std::make_unique<one>(std::forward<F>(f)));
}

/// Makes a VM in `io`, with the Lua file or directory `program`, which may be
/// one of `modules_cache_registry`, or built in as "builtin:/ID.lua".
/// `fiber_resume` starts it. That the file cannot be read, or has an error, is
/// reported on stderr when it starts. Throws `failure`: ENOMEM.
std::shared_ptr<vm_context> make_vm(boost::asio::io_context& io,
                                    app_context& app,
                                    const std::filesystem::path& program,
                                    ContextType type = ContextType::main);

namespace detail {
int serve_actor_processes(int argc, char** argv, std::string libraries);
} // namespace detail

/// For the first line of main(), in a program whose Lua may start actors in
/// processes of their own. Those come from this executable, started anew to
/// serve them: then it returns the status that main has to end with, else -1.
/// Without it they come from the command `emilua` in the executable's folder,
/// and `spawn_vm` raises ENOENT where there is none.
inline int serve_actor_processes(int argc, char** argv) {
#ifdef EMILUA_LIBRARY_DIR
    return detail::serve_actor_processes(argc, argv, EMILUA_LIBRARY_DIR);
#else
    return detail::serve_actor_processes(argc, argv, {});
#endif
}

/// Lets the user of this process, and root, see what its VMs and fibers are at:
/// `emilua --fibers PID`, and `runtime.vms` of Lua. From then on signal 32 is
/// handled, which glibc keeps to itself. Once is enough.
void let_observe();

/// What describes a native module, with the headers that plugins have but
/// without EMILUA_PLUGIN.
using native_module = void (*)(module_builder&);

// A program that defines these, some or all, has modules built in. They are
// asked before the file system is, on any thread, and in every actor's process.
// An id is what `require` is called with: "thing", "things/first",
// "things/init"; one module asks for another as if they were files.

/// The Lua source or bytecode of a module; empty if there is none.
[[gnu::weak]] std::string_view get_builtin_module(std::string_view id);
/// The Turtle that defines a category of errors; empty if there is none.
[[gnu::weak]] std::string_view get_builtin_rdf_ec(std::string_view id);
/// A native module of that name; null if there is none.
[[gnu::weak]] native_module get_builtin_native_module(std::string_view id);

/// For a program that is linked with libemilua-main: the id of the built-in
/// module that it runs. Its arguments are then all the program's.
[[gnu::weak]] std::string_view get_builtin_main();

} // namespace emilua
