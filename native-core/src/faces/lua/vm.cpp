// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/vm.hpp"

#include "core/printer.hpp"
#include "core/ticks.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/outcome.hpp"
#include "faces/lua/report.hpp"
#include "faces/lua/vm_registry.hpp"
#include "sandbox/child_actor.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace emilua::lua {
namespace {

// Of a long chain of fibers the last ones.
std::string chained(std::string trace, std::string_view before) {
    constexpr std::size_t most = 8192;
    if (before.empty()) return trace;
    if (!trace.empty()) trace += '\n';
    trace.append("where it came from, ").append(before);
    if (trace.size() > most) trace.resize(trace.rfind('\n', most));
    return trace;
}

std::string with_place(std::string name, const std::string& place) {
    return place.empty() ? name : name + " (" + place + ')';
}

} // namespace

lua_vm::lua_vm(emilua::context& ctx, std::shared_ptr<void> keep_context)
    : vm{ctx}, keep_context_{std::move(keep_context)} {
    start_ticks();
    inbox_ = std::make_shared<mailbox>(*this);
    start_node_.run = [](vm&, queue_node&) {};
    reconsider_node_.run = [](vm& v, queue_node&) {
        static_cast<lua_vm&>(v).reconsidering_ = false;
    };
    stand_in_.id = ~std::uint64_t{};
    stand_in_.forbidden = 1;
}

std::shared_ptr<lua_vm> lua_vm::make(emilua::context& ctx,
                                     std::shared_ptr<void> keep_context,
                                     bool in_own_memory) {
    std::shared_ptr<lua_vm> v{new lua_vm{ctx, std::move(keep_context)}};
    if (in_own_memory) v->memory_.emplace();
    v->L_ = make_state(v->memory_ ? &*v->memory_ : nullptr);
    // LuaJIT takes no address beyond 47 bits, and only its own allocator asks
    // for lower ones.
    if (!v->L_ && v->memory_) {
        v->memory_.reset();
        v->L_ = make_state(nullptr);
    }
    if (!v->L_) {
        throw failure{error_code{ENOMEM, boost::system::system_category()},
                      "lua_newstate"};
    }
    v->open();
    return v;
}

std::shared_ptr<lua_vm> lua_vm::make(emilua::context& ctx,
                                     std::shared_ptr<void> keep_context,
                                     vm_options options) {
    auto v = make(ctx, std::move(keep_context), options.role != "main");
    v->take(std::move(options));
    return v;
}

void lua_vm::take(vm_options options) {
    options_ = std::move(options);
    family_ = options_.family.get();
    if (is_actor()) inbox_->call(options_.program);
    inbox_->limit_to(options_.inbox);
    if (auto& s = shuffle::instance(); s.on) random_ = s.seed;
    if (options_.master) master_vm() = this;
}

lua_vm::~lua_vm() {
    close_state();
    auto destroy = [](fiber* f) {
        while (f) {
            auto* next = f->next;
            delete f;
            f = next;
        }
    };
    destroy(free_);
    for (auto* f = all_; f;) {
        auto* next = f->all_next;
        delete f;
        f = next;
    }
}

void lua_vm::open() {
    lua_State* L = L_;
    stand_in_.co = L;
    // Fibers have states of their own; this one only opens libraries.
    open_vm(L, *this);
}

void lua_vm::start() {
    push_program(L_, *this);
    auto& f = spawn(L_);
    f.is_program = true;
    f.joinable = false;
    self_ = shared_from_this();
    if (const auto& family = options_.family) {
        family->enter();
        family->join(*this);
    }
    // From here on, other threads have it run.
    vm_registry::instance().add(*this);
    post(start_node_);
}

std::string lua_vm::name() const {
    return with_place(name_with_address("VM", this),
                      is_actor() ? options_.program : std::string{});
}

bool lua_vm::is_master() const noexcept { return master_vm() == this; }

void lua_vm::push_registry(lua_State* L, const void* key) {
    lua_pushlightuserdata(L, const_cast<void*>(key));
    lua_rawget(L, LUA_REGISTRYINDEX);
}

// --- the end ----------------------------------------------------------------

void lua_vm::doom(int exit_code, std::string reason) {
    if (doomed) return;
    doomed = true;
    exit_code_ = exit_code;
    reason_ = std::move(reason);
    ready_ = {};
    for (auto* f = all_; f; f = f->all_next)
        if (f->pending && !f->pending->cancel_requested) f->pending->cancel();
}

void lua_vm::doom_out_of_memory() {
    if (doomed) return;
    report(name() + " is closed: not enough memory");
    doom(1, "not enough memory");
}

void lua_vm::escaped(std::exception_ptr e) noexcept {
    if (doomed) return;
    push_exception(L_, e);
    const auto message = describe_error(L_, -1);
    lua_pop(L_, 1);
    report(name() + " panicked: '" + message + "'");
    doom(1, "panicked: " + message);
}

// Nothing is ready. Whether the VM has ended; may make fibers ready.
bool lua_vm::over() {
    if (doomed) return outstanding == 0;
    if (live_ == 0) return outstanding == 0;
    if (outstanding > 0) {
        // All that is pending may be the wait for a message that nobody can
        // send.
        if (outstanding == 1 && inbox_->awaited()) inbox_->give_up_in_vain();
        return false;
    }
    // Nothing runs, so nothing is collected either, and a promise that was
    // dropped has to be found out.
    lua_gc(L_, LUA_GCCOLLECT, 0);
    if (ready_.empty()) deadlock();
    return outstanding == 0 && ready_.empty();
}

const std::shared_ptr<actor_family>& lua_vm::family_of_actors() {
    if (options_.family) return options_.family;
    const auto& own = inbox_->family();
    own->hears_after_the_end = true;
    // A host can send to its program.
    if (vm_registry::instance().owns_process) family_ = own.get();
    return own;
}

// Of a program that waits for actors which all wait as well. Whether something
// has happened.
bool lua_vm::end_wait_in_vain() {
    if (doomed) return false;
    if (given_up_) {
        deadlock();
        return true;
    }
    if (options_.family || !waits_for_actors_alone() || !hears_actors_alone() ||
        !family_->waits_in_vain())
        return false;
    // One may have sent its last message while others were asked.
    if (handed_in_.load(std::memory_order_acquire)) return true;
    lua_gc(L_, LUA_GCCOLLECT, 0);
    if (!ready_.empty()) return true;
    if (inbox_->awaited())
        inbox_->give_up_with_all();
    else if (!family_->close_inboxes())
        deadlock();
    return true;
}

void lua_vm::deadlock() {
    // In one piece, because other VMs may have the same to say.
    std::string fibers;
    for (auto* f = all_; f; f = f->all_next) {
        if (f->ended) continue;
        if (!fibers.empty()) fibers += '\n';
        fibers += with_place("Fiber " + std::to_string(f->id),
                             f->is_program ? "" : place_of(f->co)) +
                  " waits in " + awaited(f->co, f->why) + '\n' +
                  traceback(f->co);
    }
    report(name() + ": every fiber waits for something that cannot come",
           fibers);
    doom(1, "deadlock");
}

// Whether the failure of `f` is one that the program did not bring about by
// exiting, and no actor's that has nobody left to work for.
bool lua_vm::worth_reporting(const fiber& f) const {
    if (f.cancellation_caught) return false;
    return !is_error(f.co, -1, errc::channel_closed) ||
           (!vm_registry::instance().program_exited && !f.idle_end);
}

void lua_vm::reconsider() {
    if (!reconsidering_.exchange(true)) post(reconsider_node_);
}

void lua_vm::abandon() {
    // Another thread has handed something in, and is about to say so.
    if (handed_in_.load(std::memory_order_acquire) != &idle_) {
        std::this_thread::yield();
        return;
    }
    if (!closed_ && !doomed) {
        if (vm_registry::instance().program_exited)
            doom(1, "the program exited");
        else
            deadlock();
    }
    post(start_node_);
}

// What `f` knows of where the error came from that is at the top of L_; and the
// thread that told it, on top.
std::string lua_vm::known_origin(fiber& f) {
    std::string trace;
    const int error = lua_gettop(L_);
    if (f.origin_ref != LUA_NOREF) {
        lua_rawgeti(L_, LUA_REGISTRYINDEX, f.origin_ref);
        lua_rawgeti(L_, -1, 1);
        if (lua_rawequal(L_, error, -1)) {
            lua_rawgeti(L_, error + 1, 2);
            trace = text_of(L_, -1);
            lua_rawgeti(L_, error + 1, 3);
            lua_replace(L_, error + 1);
        }
        lua_settop(L_, error + 1);
    } else {
        lua_pushnil(L_);
    }
    return trace;
}

std::string lua_vm::trace_of(fiber& f) {
    lua_pushvalue(f.co, -1);
    lua_xmove(f.co, L_, 1);
    const std::string before = known_origin(f);
    lua_pop(L_, 2);
    return chained(traceback(f.co, 0, text_of(f.co, -1)), before);
}

// Of the error at the top of L_, which it pops.
void lua_vm::set_origin(fiber& to, const std::string& trace, lua_State* by) {
    lua_createtable(L_, 3, 0);
    lua_insert(L_, -2);
    lua_rawseti(L_, -2, 1);
    lua_pushlstring(L_, trace.data(), trace.size());
    lua_rawseti(L_, -2, 2);
    if (by) {
        lua_pushthread(by);
        lua_xmove(by, L_, 1);
        lua_rawseti(L_, -2, 3);
    }
    if (to.origin_ref == LUA_NOREF)
        to.origin_ref = luaL_ref(L_, LUA_REGISTRYINDEX);
    else
        lua_rawseti(L_, LUA_REGISTRYINDEX, to.origin_ref);
}

void lua_vm::keep_origin(fiber& to, fiber& failed) {
    const std::string trace = trace_of(failed);
    lua_pushvalue(failed.co, -1);
    lua_xmove(failed.co, L_, 1);
    set_origin(to, trace, nullptr);
}

void lua_vm::keep_origin(lua_State* L, int error) {
    lua_pushvalue(L, error);
    lua_xmove(L, L_, 1);
    std::string trace = traceback(L, 1);
    lua_Debug ar;
    if (lua_getstack(L, 2, &ar) && lua_getinfo(L, "S", &ar) &&
        std::string_view{ar.source}.starts_with(chunk_prefix)) {
        // Ours has raised it again: on the same thread, with fewer frames.
        std::string before = known_origin(current());
        const bool same = !before.empty() && lua_tothread(L_, -1) == L;
        lua_pop(L_, 1);
        trace = same ? std::move(before) : chained(std::move(trace), before);
    }
    set_origin(current(), trace, L);
}

std::string lua_vm::origin_of(lua_State* L) {
    lua_pushvalue(L, -1);
    lua_xmove(L, L_, 1);
    std::string trace = known_origin(current());
    lua_pop(L_, 2);
    return trace;
}

void lua_vm::set_origin(lua_State* L, const std::string& trace) {
    lua_pushvalue(L, -1);
    lua_xmove(L, L_, 1);
    set_origin(current(), trace, nullptr);
}

void lua_vm::print_panic(fiber& f) {
    const auto who = f.is_program ? "Main fiber from " + name()
                                  : with_place(name_with_address("Fiber", &f),
                                               place_of(f.co));
    report(who + " panicked: '" + describe_error(f.co, -1) + "'", trace_of(f));
    panicked();
}

void lua_vm::panicked() {
    if (!panics_are_fatal()) return;
    if (!vm_registry::instance().owns_process) return doom(1, reason_);
    printer::instance().flush();
    std::_Exit(1);
}

// What `print` could not write, and no later `print` was told.
void lua_vm::report_lost_output() {
    const auto ec = printer::instance().finish();
    if (!ec) return;
    if (ec == boost::system::errc::broken_pipe) return end_by_broken_pipe();
    report("emilua: print: " + ec.message());
    fail_unseen();
}

// Nobody reads standard output any more: the program ends as one does that is
// killed by SIGPIPE, and says nothing.
void lua_vm::end_by_broken_pipe() {
    constexpr int status = 128 + SIGPIPE;
    if (!vm_registry::instance().owns_process) {
        if (exit_code_ == 0) exit_code_ = 1;
        return doom(1, "nobody reads what it prints");
    }
    std::_Exit(status);
}

// Nobody has joined them, in the turn in which they failed.
void lua_vm::report_failures() {
    while (auto* f = failed_.pop_front()) {
        f->reported = true;
        print_panic(*f);
    }
}

void lua_vm::exit(int code) {
    exit_code_given_ = true;
    // By a finalizer, at the end.
    if (closed_) exit_code_ = code;
    doom(code, "ended");
}

// A fiber that waits keeps its context running, if messages can come from
// elsewhere: the context must not end between a message that was handed in and
// the turn that takes it.
void lua_vm::keep_context_busy() {
    const bool wanted =
        outstanding > 0 && vm_registry::instance().several_contexts();
    if (wanted && !work_)
        work_.emplace(io().get_executor());
    else if (!wanted)
        work_.reset();
}

void lua_vm::close_state() noexcept {
    if (!L_) return;
    if (memory_) memory_->end();
    lua_close(L_);
    L_ = nullptr;
    memory_.reset();
}

void lua_vm::close() {
    closed_ = true;
    work_.reset();
    if (master_vm() == this) master_vm() = nullptr;
    doomed = true;
    inbox_->foretell(reason_);
    if (options_.on_closing) options_.on_closing(reason_);
    close_state();
    report_lost_output();
    if (sandbox::child_actors::end_of(*this) > 0) fail_unseen();
    auto& registry = vm_registry::instance();
    const auto& family = options_.family;
    const bool failed =
        exit_code_ != 0 && !quiet_end_ && !registry.program_exited;
    const bool counts = !exit_code_given_ && (failed_unseen_ || failed);
    // Who watches hears of what ended the actor, but of no other failure.
    const bool watched = counts && family && !failed_unseen_;
    if (counts && family && !watched) ++family->unseen_failures;
    const bool seen =
        inbox_->orphan(reason_, watched ? family : nullptr) && !failed_unseen_;
    if (counts && !seen && is_actor()) registry.actor_failed = true;
    registry.remove(*this);
    if (failed_unseen_ && !exit_code_given_ && exit_code_ == 0) exit_code_ = 1;
    if (options_.on_end) options_.on_end(exit_code_);
    leave_family();
    if (const auto& own = inbox_->family_if_any()) {
        own->orphan();
        own->look_for_the_end();
    }
    self_.reset();
}

void lua_vm::leave_family() {
    const auto& family = options_.family;
    if (!family) return;
    family->part(*this);
    family->leave();
    family->look_for_the_end();
}

} // namespace emilua::lua
