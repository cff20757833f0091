// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/vm.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/report.hpp"

#include <cstdio>
#include <cstdlib>

namespace emilua::lua {

namespace {

/// How much one turn may do before others have theirs.
constexpr unsigned turn_passes = 128, turn_resumptions = 1024;
constexpr std::size_t max_free_fibers = 1024;

} // namespace

shuffle& shuffle::instance() {
    static shuffle s = [] {
        shuffle r;
        const char* seed = std::getenv("EMILUA_SHUFFLE");
        if (seed && *seed) {
            r.on = true;
            r.seed = static_cast<unsigned>(std::strtoul(seed, nullptr, 10));
            if (r.seed == 0) r.seed = std::random_device{}() | 1;
            std::fprintf(stderr, "EMILUA_SHUFFLE=%u\n", r.seed);
        }
        return r;
    }();
    return s;
}

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

lua_vm::lua_vm(emilua::context& ctx, std::shared_ptr<void> keep_context,
               vm_options options)
    : vm{ctx}, options_{std::move(options)}, keep_context_{
                                                 std::move(keep_context)} {
    inbox_ = std::make_shared<mailbox>(*this);
    start_node_.run = [](vm&, queue_node&) {};
    reconsider_node_.run = [](vm& v, queue_node&) {
        static_cast<lua_vm&>(v).reconsidering_ = false;
    };
    if (auto& s = shuffle::instance(); s.on) random_ = s.seed;
}

std::shared_ptr<lua_vm> lua_vm::make(emilua::context& ctx,
                                     std::shared_ptr<void> keep_context,
                                     vm_options options) {
    std::shared_ptr<lua_vm> v{
        new lua_vm{ctx, std::move(keep_context), std::move(options)}};
    v->L_ = luaL_newstate();
    if (!v->L_) {
        throw failure{error_code{ENOMEM, boost::system::system_category()},
                      "lua_newstate"};
    }
    v->open();
    if (v->options_.master) master_vm() = v.get();
    return v;
}

lua_vm::~lua_vm() {
    if (L_) lua_close(L_);
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
    // Fibers have states of their own; this one only opens libraries.
    open_vm(L, *this);
}

void lua_vm::start() {
    self_ = shared_from_this();
    vm_registry::instance().add(*this);
    push_program(L_, *this);
    auto& f = spawn(L_);
    f.is_program = true;
    f.joinable = false;
    post(start_node_);
}

bool lua_vm::is_master() const noexcept { return master_vm() == this; }

void lua_vm::push_registry(lua_State* L, const void* key) {
    lua_pushlightuserdata(L, const_cast<void*>(key));
    lua_rawget(L, LUA_REGISTRYINDEX);
}

// --- turns ------------------------------------------------------------------

// True when nobody ran this VM: the caller then has to see to it.
bool lua_vm::hand_in(queue_node& node) noexcept {
    auto* old = handed_in_.load(std::memory_order_relaxed);
    do {
        node.next = old == &idle_ ? nullptr : old;
    } while (!handed_in_.compare_exchange_weak(old, &node,
                                               std::memory_order_acq_rel));
    return old == &idle_;
}

void lua_vm::post(queue_node& node) {
    if (hand_in(node)) {
        context().post([self = shared_from_this()] { self->run(); });
    }
}

void lua_vm::completed(operation& op) {
    if (op.progress.exchange(operation::state::done,
                             std::memory_order_acq_rel) ==
        operation::state::initiating)
        return;
    op.run = [](vm& v, queue_node& n) {
        static_cast<lua_vm&>(v).collect(static_cast<operation&>(n));
    };
    if (hand_in(op)) run();
}

std::span<std::byte> lua_vm::fetch_buffer(operation&, unsigned) { return {}; }

void lua_vm::run() {
    const auto keep = shared_from_this();
    try {
        run_guarded();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "VM %p failed: %s\n", static_cast<void*>(this),
                     e.what());
        std::abort();
    } catch (...) {
        // Lua raised outside of any protected call: only an allocation that
        // failed does.
        current_ = nullptr;
        doom_out_of_memory();
        context().post([self = shared_from_this()] { self->run(); });
    }
}

void lua_vm::run_guarded() {
    inline_budget = default_inline_budget;
    unsigned resumptions = 0;
    for (unsigned pass = 0;; ++pass) {
        if (pass >= turn_passes || resumptions >= turn_resumptions) {
            context().post([self = shared_from_this()] { self->run(); });
            return;
        }
        queue_node* in_order = nullptr;
        for (auto* n = handed_in_.exchange(nullptr, std::memory_order_acq_rel);
             n;) {
            auto* next = n->next;
            n->next = in_order;
            in_order = n;
            n = next;
        }
        while (in_order) {
            auto* n = in_order;
            in_order = n->next;
            n->run(*this, *n);
        }
        resumptions += run_round();
        if (!ready_.empty()) continue;
        if (handed_in_.load(std::memory_order_relaxed)) continue;
        flush();
        if (over()) {
            close();
            return;
        }
        if (!ready_.empty()) continue;
        keep_context_busy();
        queue_node* nothing = nullptr;
        if (handed_in_.compare_exchange_strong(nothing, &idle_,
                                               std::memory_order_acq_rel))
            return;
    }
}

// Every fiber that was ready when the round began is resumed once.
unsigned lua_vm::run_round() {
    if (doomed) return 0;
    fiber_queue round;
    if (!random_) {
        round = ready_;
        for (auto* f = round.head; f; f = f->next) f->queue = nullptr;
    } else {
        // A fiber that yielded goes after all that were ready then, so only
        // the others can be in any order.
        std::vector<fiber*> order, yielded;
        while (auto* f = ready_.pop_front())
            (f->yielded ? yielded : order).push_back(f);
        for (auto i = order.size(); i > 1; --i) {
            random_ = random_ * 1664525u + 1013904223u;
            std::swap(order[i - 1], order[(random_ >> 8) % i]);
        }
        order.insert(order.end(), yielded.begin(), yielded.end());
        for (auto* f : order) {
            round.push_back(*f);
            f->queue = nullptr;
        }
    }
    ready_ = {};
    unsigned n = 0;
    for (auto* f = round.head; f && !doomed; ++n) {
        auto* next = f->next;
        f->next = f->prev = nullptr;
        resume(*f);
        f = next;
    }
    return n;
}

void lua_vm::flush() {
    if (!flush_wanted) return;
    flush_wanted = false;
    std::fflush(stdout);
}

// --- fibers -----------------------------------------------------------------

fiber& lua_vm::spawn(lua_State* from) {
    fiber* f = free_;
    if (f) {
        free_ = f->next;
        --free_count_;
        const auto co = f->co;
        const auto ref = f->co_ref;
        *f = fiber{};
        f->co = co;
        f->co_ref = ref;
    } else {
        auto made = std::make_unique<fiber>();
        new_thread(from, *made);
        f = made.release();
    }
    f->id = next_id_++;
    f->all_next = all_;
    if (all_) all_->all_prev = f;
    all_ = f;
    ++live_;
    lua_pushvalue(from, LUA_GLOBALSINDEX);
    lua_xmove(from, f->co, 1);
    lua_replace(f->co, LUA_GLOBALSINDEX);
    lua_xmove(from, f->co, 1);
    ready_.push_back(*f);
    return *f;
}

void lua_vm::new_thread(lua_State* L, fiber& f) {
    f.co = lua_newthread(L);
    // The prelude has to tell fibers from coroutines.
    push_registry(L, &fiber_threads_key);
    lua_pushvalue(L, -2);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    f.co_ref = luaL_ref(L, LUA_REGISTRYINDEX);
}

int lua_vm::suspend(lua_State* L, const char* why) {
    current_->why = why;
    if (L != current_->co) {
        // Inside a coroutine of the program: its resume must pass this on.
        lua_pushlightuserdata(L, const_cast<char*>(&native_yield_key));
        lua_insert(L, 1);
    }
    return lua_yield(L, lua_gettop(L));
}

void lua_vm::check_suspension(lua_State* L, bool cancellation_point) {
    auto& f = *current_;
    if (f.forbidden) raise(L, errc::suspension_forbidden);
    if (cancellation_point && f.cancel_requested && f.masks == 0)
        raise(L, errc::fiber_canceled);
    // Told before anything waits: a yield that is refused would leave it so.
    if (!can_suspend(L)) raise(L, errc::suspension_inside_callback);
}

bool lua_vm::can_suspend(lua_State* L) const noexcept {
    return lua_isyieldable(L) &&
           (L == current_->co || lua_isyieldable(current_->co));
}

int lua_vm::stop(lua_State* L) {
    lua_settop(L, 0);
    if (!can_suspend(L)) raise(L, errc::suspension_inside_callback);
    return suspend(L, "the end");
}

void lua_vm::wake(fiber& f) {
    f.interrupt = nullptr;
    f.waits_on = nullptr;
    make_ready(f);
}

void lua_vm::wake_with_error(fiber& f, const error_code& ec) {
    lua_settop(f.co, 0);
    lua_pushboolean(f.co, 0);
    push_error(f.co, ec);
    wake(f);
}

void lua_vm::cancel(fiber& f) {
    if (f.ended || !f.joinable) return;
    f.cancel_requested = true;
    if (f.masks || !f.started) return;
    if (f.pending) {
        if (!f.pending->cancel_requested) f.pending->cancel();
    } else if (auto interrupt = std::exchange(f.interrupt, nullptr)) {
        interrupt(*this, f);
    }
}

void lua_vm::resume(fiber& f) {
    current_ = &f;
    f.yielded = false;
    int arguments = lua_gettop(f.co);
    if (!f.started) {
        f.started = true;
        --arguments;
    }
    const int status = lua_resume(f.co, arguments);
    current_ = nullptr;
    if (status == LUA_YIELD || doomed) return;
    if (status == 0) return finish(f);
    if (status == LUA_ERRMEM) return doom_out_of_memory();
    fail(f);
}

void lua_vm::finish(fiber& f) {
    if (!f.has_handlers) return settle(f);
    f.has_handlers = false;
    f.started = false;
    push_registry(f.co, &unwind_key);
    lua_insert(f.co, 1);
    // As many times as handlers push handlers.
    resume(f);
}

void lua_vm::fail(fiber& f) {
    f.failed = true;
    f.cancellation_caught =
        f.cancel_requested && is_error(f.co, -1, errc::fiber_canceled);
    if (f.is_program && !f.cancellation_caught) {
        reason_ = "panicked: " + describe_error(f.co, -1);
        if (worth_reporting(f.co))
            print_panic("Main fiber from VM", this, f.co, -1);
    }
    if (!f.has_handlers || f.failed_co) return settle(f);
    f.has_handlers = false;
    f.started = false;
    f.failed_co = f.co;
    f.failed_ref = f.co_ref;
    new_thread(L_, f);
    push_registry(f.co, &unwind_key);
    push_registry(f.co, &unwind_failed_key);
    lua_rawgeti(f.co, LUA_REGISTRYINDEX, f.failed_ref);
    lua_replace(f.co, 1);
    lua_insert(f.co, 1);
    resume(f);
}

void lua_vm::settle(fiber& f) {
    f.ended = true;
    --live_;
    if (f.failed_co) {
        luaL_unref(L_, LUA_REGISTRYINDEX, f.co_ref);
        f.co = f.failed_co;
        f.co_ref = f.failed_ref;
        f.failed_co = nullptr;
        f.failed_ref = LUA_NOREF;
    }
    if (f.is_program) {
        if (!inbox_imported) inbox_->close();
        if (f.failed && !f.cancellation_caught) return doom(1, reason_);
    }
    if (auto* j = std::exchange(f.joiner, nullptr)) {
        lua_settop(j->co, 0);
        move_outcome(f, j->co);
        wake(*j);
        recycle(f);
    } else if (!f.joinable) {
        release(f);
    }
}

// The results of a fiber that ended, as `join` gives them, on `to`.
int lua_vm::move_outcome(fiber& f, lua_State* to) {
    if (!f.failed || f.cancellation_caught) {
        const int n = f.failed ? 0 : lua_gettop(f.co);
        luaL_checkstack(to, n + 1, "too many results");
        lua_pushboolean(to, 1);
        lua_xmove(f.co, to, n);
        return n + 1;
    }
    lua_pushboolean(to, 0);
    lua_xmove(f.co, to, 1);
    return 2;
}

void lua_vm::release(fiber& f) {
    f.joinable = false;
    if (!f.ended) return;
    if (f.failed && !f.cancellation_caught && !f.is_program &&
        worth_reporting(f.co))
        print_panic("Fiber", &f, f.co, -1);
    recycle(f);
}

void lua_vm::recycle(fiber& f) {
    if (f.handle) {
        f.handle->cancellation_caught = f.cancellation_caught;
        f.handle->f = nullptr;
    }
    (f.all_prev ? f.all_prev->all_next : all_) = f.all_next;
    if (f.all_next) f.all_next->all_prev = f.all_prev;
    f.all_next = f.all_prev = nullptr;
    if (f.local_ref != LUA_NOREF)
        luaL_unref(L_, LUA_REGISTRYINDEX, f.local_ref);
    if (f.failed || free_count_ >= max_free_fibers) {
        luaL_unref(L_, LUA_REGISTRYINDEX, f.co_ref);
        delete &f;
        return;
    }
    lua_settop(f.co, 0);
    f.next = free_;
    free_ = &f;
    ++free_count_;
}

void lua_vm::collect(operation& op) {
    op.cancellation.slot().clear();
    auto* f = static_cast<fiber*>(op.waiter);
    if (!doomed && f) {
        f->pending = nullptr;
        lua_settop(f->co, 0);
        push_outcome(f->co, op);
        wake(*f);
    }
    op.destroy();
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
    report(name_with_address("VM", this) + " is closed: not enough memory");
    doom(1, "not enough memory");
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

void lua_vm::deadlock() {
    report(name_with_address("VM", this) +
           ": every fiber waits for something that cannot come");
    for (auto* f = all_; f; f = f->all_next) {
        if (f->ended) continue;
        luaL_traceback(L_, f->co, nullptr, 0);
        report("Fiber " + std::to_string(f->id) + " waits in " + f->why,
               lua_tostring(L_, -1));
        lua_pop(L_, 1);
    }
    doom(1, "deadlock");
}

// Whether the error at the top is one that the program did not bring about by
// exiting.
bool lua_vm::worth_reporting(lua_State* co) const {
    return !vm_registry::instance().program_exited ||
           !is_error(co, -1, errc::channel_closed);
}

void lua_vm::reconsider() {
    if (!reconsidering_.exchange(true)) post(reconsider_node_);
}

void lua_vm::abandon() {
    if (!closed_ && !doomed) {
        if (vm_registry::instance().program_exited)
            doom(1, "the program exited");
        else
            deadlock();
    }
    post(start_node_);
}

void lua_vm::print_panic(const char* who, const void* id, lua_State* co,
                         int error_index) {
    const std::string message = describe_error(co, error_index);
    luaL_traceback(L_, co, nullptr, 0);
    report(name_with_address(who, id) + " panicked: '" + message + "'",
           lua_tostring(L_, -1));
    lua_pop(L_, 1);
}

// A fiber that waits for a message keeps its context running, if messages can
// come from elsewhere.
void lua_vm::keep_context_busy() {
    const bool wanted =
        inbox_->awaited() && vm_registry::instance().several_contexts();
    if (wanted && !work_)
        work_.emplace(io().get_executor());
    else if (!wanted)
        work_.reset();
}

void lua_vm::close() {
    closed_ = true;
    work_.reset();
    if (master_vm() == this) master_vm() = nullptr;
    doomed = true;
    lua_close(L_);
    L_ = nullptr;
    std::fflush(stdout);
    inbox_->orphan(reason_);
    vm_registry::instance().remove(*this);
    if (options_.on_end) options_.on_end(exit_code_);
    self_.reset();
}

} // namespace emilua::lua
