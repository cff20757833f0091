// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/actor_family.hpp"
#include "core/mailbox.hpp"
#include "core/observed.hpp"
#include "faces/lua/direct_call.hpp"
#include "faces/lua/fiber.hpp"
#include "faces/lua/functions.hpp"
#include "faces/lua/memory.hpp"
#include "faces/lua/report.hpp"

#include <emilua/describe.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <lua.hpp>

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace emilua::lua {

/// What a VM runs and how.
struct vm_options {
    /// The program file, or the directory of its `init.lua`.
    std::string program;
    /// The directory that `require('/x')` begins at; empty for the program's.
    std::string root;
    /// The value of `_CONTEXT`: "main" or "worker".
    std::string role = "main";
    bool master = false;
    /// Looked at before files are: sources by their absolute paths.
    std::map<std::string, std::string> sources{};
    /// Plugins that are looked for nowhere else: files by ids.
    std::map<std::string, std::string> native_modules{};
    inbox_limit inbox{};
    /// Of an actor: those that the same program not of Lua's has.
    std::shared_ptr<actor_family> family;
    /// Told when the VM ended, on its context, with the exit code.
    std::function<void(int code)> on_end;
    /// Told why it ends, while all that the program had is still there.
    std::function<void(const std::string& reason)> on_closing{};
};

class lua_vm;

/// What a C function of a description calls, and for whom.
struct bound_member {
    lua_vm& owner;
    const member& what;
    /// Where the prelude says, behind so many arguments, that it has tried in
    /// vain already; 0 if it does not try.
    int tried_at = 0;
};

/// How ready fibers are ordered inside a round: as they became ready, or at
/// random (EMILUA_SHUFFLE=SEED), because no program may depend on it.
struct shuffle {
    static shuffle& instance();
    bool on = false;
    unsigned seed = 0;
};

/// A Lua VM: fibers over one `lua_State`, resumed from one place.
///
/// The states of a fiber, and the functions that move it:
///
///                ┌───────────── wake ──────────────────┐
///                v                                     │
///  free ─spawn─> ready ─resume─> running ─suspend─> waiting
///    ^           ^                 │
///    │           └───── yield ─────┤
///    │                             │ its function returned: finish;
///    │                             v raised: fail
///    │                         unwinding: root cleanup handlers run, resumed
///    │                             │      and waiting like the function did
///    │                             v settle, at once if there are none
///    └────────── recycle ─────── ended
///
/// - wake is called by collect (an operation completed; its outcome is pushed
///   first), by settle (somebody joins this fiber), by what fibers synchronise
///   with (sync.cpp), and for a cancellation by the fiber's `interrupt`. cancel
///   only asks: it cancels the operation or calls `interrupt`.
/// - An ended fiber keeps its results until somebody wants them. With a joiner,
///   settle moves them over and recycles; join() does it for one that ended
///   before; release does it when nobody can join any more, and then reports
///   the error that nobody saw. let_go (fibers.cpp) calls release when the
///   handle is detached or collected.
/// - doom stops all of it: a doomed VM resumes nobody, operations that complete
///   are only collected, and close frees the fibers wherever they are.
///
/// The discipline of lua_States: a C function pushes on the state it was
/// called with; a fiber that waits has its results pushed on its own state, by
/// the VM and nobody else, between the completion and the resumption; only
/// `run_round` resumes fibers.
class lua_vm final : public vm,
                     public std::enable_shared_from_this<lua_vm>,
                     private family_member {
public:
    static std::shared_ptr<lua_vm> make(emilua::context& ctx,
                                        std::shared_ptr<void> keep_context,
                                        vm_options options);
    /// Without a program yet: no descriptor is open for it, and nothing was
    /// read of the environment. Its state may be in memory that an ended one
    /// has left.
    static std::shared_ptr<lua_vm> make(emilua::context& ctx,
                                        std::shared_ptr<void> keep_context,
                                        bool in_own_memory = false);
    /// What it runs, if it was made without. Once, before it is started.
    void take(vm_options options);
    ~lua_vm() override;

    /// Queues the program's main fiber. The VM keeps itself alive until it
    /// ends.
    void start();

    // emilua::vm
    void completed(operation& op) override;
    void escaped(std::exception_ptr e) noexcept override;
    void post(queue_node& node) override;
    std::span<std::byte> fetch_buffer(operation&, unsigned) override;
    bool is_master() const noexcept override;
    std::shared_ptr<mailbox> inbox() override { return inbox_; }

    /// The VM that a C function belongs to: its first upvalue.
    static lua_vm& of(lua_State* L) noexcept {
        return *static_cast<lua_vm*>(lua_touserdata(L, lua_upvalueindex(1)));
    }

    /// What stays valid as long as this VM.
    bound_member* bind(const member& m, int tried_at = 0) {
        return &bound_.emplace_back(bound_member{*this, m, tried_at});
    }

    /// The VM of any state.
    static lua_vm& from_registry(lua_State* L);

    /// The `write_some` of each class that may write without an operation, and
    /// of them that of the last stream that was written to.
    std::vector<const member*> writers;
    const member* last_writer = nullptr;
    /// What was called by the FFI and failed, and why.
    const member* failed_directly = nullptr;
    std::optional<failure> direct_failure;
    std::unique_ptr<direct_calls> direct;

    lua_State* state() const noexcept { return L_; }
    /// Whoever runs. While no fiber does, a finalizer that the collector calls
    /// may still ask.
    fiber& current() noexcept { return current_ ? *current_ : stand_in_; }
    /// No fiber runs, or one is interrupted by a finalizer.
    /// The current one or, in a function that an operation calls on a later
    /// turn, the one that waits for the operation.
    fiber& identity() noexcept {
        return outside() && waiting_ ? *waiting_ : current();
    }
    /// The thread that the operation was started on; null where it is none
    /// that calls.
    lua_State* waiting_thread() const noexcept {
        return outside() ? waiting_thread_ : nullptr;
    }
    bool outside() const noexcept {
        return !current_ || current_ == &stand_in_;
    }
    const vm_options& options() const noexcept { return options_; }
    const std::shared_ptr<void>& keep_context() const noexcept {
        return keep_context_;
    }

    // --- fibers ---
    /// A new fiber that will run the function at the top of `from`, popped.
    fiber& spawn(lua_State* from);
    void make_ready(fiber& f) { ready_.push_back(f); }
    /// Makes the current fiber wait: `return vm.suspend(L)`. What is on the
    /// stack stays there, and alive, until the fiber is resumed.
    int suspend(lua_State* L, const char* why);
    /// Raises what forbids a suspension now: forbid_suspend or a cancellation.
    void check_suspension(lua_State* L, bool cancellation_point = true);
    /// Whether nothing forbids a suspension now, for code that runs on the
    /// fiber's own thread.
    bool may_suspend() const noexcept {
        const auto& f = current_ ? *current_ : stand_in_;
        return !f.forbidden && !(f.cancel_requested && f.masks == 0) &&
               lua_isyieldable(f.co);
    }
    /// Makes the current fiber of a doomed VM go no further: `return
    /// vm.stop(L)`. Raises inside a callback of C, which cannot suspend.
    int stop(lua_State* L);
    /// Resumes a waiting fiber with `true` and the `n` topmost values of its
    /// state, or with an error.
    void wake(fiber& f);
    void wake_with_error(fiber& f, const error_code& ec);
    void cancel(fiber& f);
    /// A fiber that nobody can join any more.
    void release(fiber& f);
    /// A join hands the failure of `failed` on to `to`: keeps where it came
    /// from.
    void keep_origin(fiber& to, fiber& failed);
    /// The same for the error at `error`, which code of ours caught on `L` and
    /// raises again.
    void keep_origin(lua_State* L, int error);
    /// Where the error at the top of `L` came from, if the running fiber knows;
    /// and the way to tell it, for an error that another fiber's stands for.
    std::string origin_of(lua_State* L);
    void set_origin(lua_State* L, const std::string& trace);

    /// Whether this thread runs the VM right now.
    bool is_on_turn() const noexcept {
        return turn_.load(std::memory_order_relaxed) ==
               std::this_thread::get_id();
    }

    // --- ending ---
    /// Ends the VM: whatever is pending is canceled, nothing is resumed.
    void doom(int exit_code, std::string reason);
    void doom_out_of_memory();
    /// Reports that `f` failed with the error at the top of its state. With
    /// EMILUA_PANIC=exit nothing runs afterwards.
    void print_panic(fiber& f);
    /// A failure was reported.
    void panicked();
    /// A failure that nobody has handled: the exit status says so.
    void fail_unseen() noexcept { failed_unseen_ = true; }
    /// Ends as `system.exit` does: the status is the program's own.
    void exit(int code);
    /// As reports call it: "VM 0x55d0c8 (worker.lua)".
    std::string name() const;
    bool is_actor() const noexcept { return options_.role != "main"; }
    bool exiting() const noexcept { return exit_code_given_; }

    /// Functions of the program that C++ kept and dropped.
    const std::shared_ptr<dropped_functions> dropped =
        std::make_shared<dropped_functions>();

    /// The state that is in a call of C++ right now; null outside.
    lua_State* calling = nullptr;

    /// What handles of fibers look like, in the registry.
    int fiber_metatable_ref = LUA_NOREF;

    /// `print` buffered something.
    bool flush_wanted = false;
    bool inbox_imported = false;

    /// Pushes the value that the registry keeps under the address `key`.
    static void push_registry(lua_State* L, const void* key);

    /// The context has nothing left to do and the VM has not ended: nobody will
    /// ever send what its fibers wait for.
    void abandon();
    /// Messages can come from another context, or no longer. Any thread.
    void reconsider();
    bool closed() const noexcept { return closed_; }
    /// Of the actors that it starts: that which it is of, or its own.
    const std::shared_ptr<actor_family>& family_of_actors();
    /// Its family waits for it no longer. Once.
    void leave_family();
    /// The results of `f`, which ended, as `join` hands them on to the fiber
    /// `joiner`, on `to`: `true` and values, or `false` and an error. How many.
    int move_outcome(fiber& f, fiber& joiner, lua_State* to);
    void recycle(fiber& f);

    /// Whether a thread has its turn.
    bool is_running() const noexcept {
        return turn_.load(std::memory_order_relaxed) != std::thread::id{};
    }
    /// What there is to see of it. Nobody else is at it: on its turn, or in a
    /// copy of the process.
    observed_vm observe() const;
    /// Where the fiber is that runs, as far as Lua's stack tells.
    std::optional<program_place> running_place() const;

private:
    friend class outside_fibers;

    lua_vm(emilua::context& ctx, std::shared_ptr<void> keep_context);

    // family_member
    bool rests() const override {
        return handed_in_.load() == &idle_ && rests_.load() &&
               hears_actors_alone();
    }
    unsigned turns() const override { return turns_.load(); }
    bool close_inbox() override { return inbox_->close(); }
    void give_up() override {
        given_up_ = true;
        reconsider();
    }

    void open();
    bool hand_in(queue_node& node) noexcept;
    void run();
    void collect_failure(lua_State* co, operation& op);
    void run_guarded();
    void run_handed_in();
    unsigned run_round();
    void flush();
    void new_thread(lua_State* L, fiber& f);
    void resume(fiber& f);
    void finish(fiber& f);
    void fail(fiber& f);
    void settle(fiber& f);
    void collect(operation& op);
    bool can_suspend(lua_State* L) const noexcept;
    void count_canceled(int change);
    observed_fiber observe(const fiber& f) const;
    bool over();
    bool hears_actors_alone() const noexcept {
        return inbox_->is_of_actors_alone() ||
               (options_.family && !options_.family->hears_other_processes());
    }
    bool waits_for_actors_alone() const noexcept {
        return outstanding > 0 && outstanding == inbox_->waits_for_actors();
    }
    /// By whoever found that nobody ran this VM.
    void woken() noexcept {
        if (!std::exchange(asleep_, false)) return;
        family_->wakes();
    }
    bool end_wait_in_vain();
    void deadlock();
    bool worth_reporting(const fiber& f) const;
    void report_failures();
    void report_lost_output();
    void end_by_broken_pipe();
    std::string known_origin(fiber& f);
    void set_origin(fiber& to, const std::string& trace, lua_State* by);
    std::string trace_of(fiber& f);
    void keep_context_busy();
    void rest(bool rests, bool sleeps);
    void close();
    void close_state() noexcept;

    vm_options options_;
    std::shared_ptr<void> keep_context_;
    std::deque<bound_member> bound_;
    /// Of an actor.
    std::optional<state_memory> memory_;
    lua_State* L_ = nullptr;
    fiber* current_ = nullptr;
    /// Current while the program is called and no fiber runs.
    fiber stand_in_;
    /// What the stand-in answers for.
    fiber* waiting_ = nullptr;
    lua_State* waiting_thread_ = nullptr;
    fiber_queue ready_;
    /// Failed in this turn, and nobody has joined them.
    fiber_queue failed_;
    fiber* all_ = nullptr;
    std::size_t live_ = 0;
    /// Fibers that were canceled and have not ended.
    int canceled_ = 0;
    fiber* free_ = nullptr;
    std::size_t free_count_ = 0;
    std::uint64_t next_id_ = 1;
    std::shared_ptr<mailbox> inbox_;
    std::shared_ptr<lua_vm> self_;
    std::optional<boost::asio::executor_work_guard<
        boost::asio::io_context::executor_type>>
        work_;
    int exit_code_ = 0;
    bool exit_code_given_ = false;
    bool failed_unseen_ = false;
    std::string reason_ = "ended";
    bool closed_ = false;
    /// What ended the program was no failure that anybody was told of.
    bool quiet_end_ = false;
    std::atomic<bool> rests_ = false;
    /// Its family knows. Of whoever runs this VM, or makes it run.
    bool asleep_ = false;
    /// Of which it is, or which it has. Null for the program of a host.
    actor_family* family_ = nullptr;
    std::atomic<unsigned> turns_ = 0;
    /// What it waits for cannot come.
    std::atomic<bool> given_up_ = false;
    unsigned random_ = 0;
    queue_node start_node_;
    queue_node reconsider_node_;
    std::atomic<bool> reconsidering_ = false;
    /// Who runs this VM.
    std::atomic<std::thread::id> turn_{};
    /// When the last turn began, in ticks.
    std::uint64_t began_ = 0;

    /// What was handed in runs: unless that calls the program, what completes
    /// can be collected at once.
    bool collecting_ = false;

    /// What other threads, and completions, hand in: a stack of nodes. `idle_`
    /// while nobody runs this VM; whoever replaces it runs the VM next.
    queue_node idle_;
    std::atomic<queue_node*> handed_in_{&idle_};
};

/// Tells the VM which state calls C++.
class calling_from {
public:
    calling_from(lua_vm& v, lua_State* L) noexcept
        : vm_{v}, outer_{std::exchange(v.calling, L)} {}
    ~calling_from() { vm_.calling = outer_; }
    calling_from(const calling_from&) = delete;
    calling_from& operator=(const calling_from&) = delete;

private:
    lua_vm& vm_;
    lua_State* outer_;
};

/// While C++ calls a function of the program, on the VM's turn: a state to
/// call it on, and somebody to be who may not suspend.
class outside_fibers {
public:
    /// Nothing changes where a fiber runs; else `waiting` is the one that the
    /// call is made for, and `thread` where it waits.
    outside_fibers(lua_vm& v, fiber* waiting, lua_State* thread) noexcept
        : vm_{v}, fiber_{v.current_} {
        if (fiber_) return;
        stand_in(v.L_);
        v.waiting_ = waiting;
        v.waiting_thread_ = thread;
    }
    /// Whatever runs, it is not the one that calls: a finalizer.
    outside_fibers(lua_vm& v, lua_State* L) noexcept
        : vm_{v}, fiber_{v.current_} {
        stand_in(L);
    }
    ~outside_fibers() {
        vm_.stand_in_.co = co_;
        vm_.stand_in_.forbidden = forbidden_;
        vm_.stand_in_.masks = masks_;
        vm_.waiting_ = waiting_;
        vm_.waiting_thread_ = thread_;
        vm_.current_ = fiber_;
    }
    outside_fibers(const outside_fibers&) = delete;
    outside_fibers& operator=(const outside_fibers&) = delete;

    lua_State* state() const noexcept {
        return vm_.calling ? vm_.calling : vm_.L_;
    }

private:
    void stand_in(lua_State* L) noexcept {
        vm_.stand_in_.co = L;
        vm_.stand_in_.forbidden = 1;
        vm_.stand_in_.masks = 0;
        vm_.waiting_ = nullptr;
        vm_.waiting_thread_ = nullptr;
        vm_.current_ = &vm_.stand_in_;
    }

    lua_vm& vm_;
    fiber* fiber_;
    lua_State* co_ = vm_.stand_in_.co;
    std::uint32_t forbidden_ = vm_.stand_in_.forbidden;
    std::uint32_t masks_ = vm_.stand_in_.masks;
    fiber* waiting_ = vm_.waiting_;
    lua_State* thread_ = vm_.waiting_thread_;
};

} // namespace emilua::lua
