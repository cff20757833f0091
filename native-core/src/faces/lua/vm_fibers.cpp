// SPDX-License-Identifier: MIT OR BSL-1.0
// What moves a fiber from one state to the next; vm.hpp has the diagram.
#include "faces/lua/call_errors.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/members.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/outcome.hpp"
#include "faces/lua/vm.hpp"

#include <poll.h>
#include <unistd.h>

namespace emilua::lua {

namespace {

constexpr std::size_t max_free_fibers = 1024;

// The error at the top of `co` is what a write to standard output fails with
// that nobody reads any more.
bool is_of_broken_output(lua_State* co) {
    if (!is_error(co, -1, error_code{EPIPE, boost::system::system_category()}))
        return false;
    lua_getfield(co, -1, "syscall");
    const bool written = text_of(co, -1) == "write";
    lua_pop(co, 1);
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return written && ::poll(&output, 1, 0) == 1 &&
           (output.revents & (POLLERR | POLLHUP)) != 0;
}

} // namespace

fiber& lua_vm::spawn(lua_State* from) {
    fiber* f = free_;
    if (f) {
        free_ = f->next;
        --free_count_;
        const auto co = f->co;
        const auto ref = f->co_ref;
        std::destroy_at(f);
        std::construct_at(f);
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
    current_->since = began_;
    if (L != current_->co) {
        // Inside a coroutine of the program: its resume must pass this on.
        lua_pushlightuserdata(L, const_cast<char*>(&native_yield_key));
        lua_insert(L, 1);
    }
    return lua_yield(L, lua_gettop(L));
}

void lua_vm::check_suspension(lua_State* L, bool cancellation_point) {
    auto& f = current();
    if (f.forbidden)
        raise(L, outside() ? errc::suspension_inside_callback
                           : errc::suspension_forbidden);
    if (cancellation_point && f.cancel_requested && f.masks == 0)
        raise(L, errc::fiber_canceled);
    // Told before anything waits: a yield that is refused would leave it so.
    if (!can_suspend(L)) raise(L, errc::suspension_inside_callback);
}

bool lua_vm::can_suspend(lua_State* L) const noexcept {
    const auto& f = current_ ? *current_ : stand_in_;
    return lua_isyieldable(L) && (L == f.co || lua_isyieldable(f.co));
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
    if (!std::exchange(f.cancel_requested, true)) count_canceled(1);
    if (f.masks || !f.started) return;
    if (f.pending) {
        if (!f.pending->cancel_requested) f.pending->cancel();
    } else if (auto interrupt = std::exchange(f.interrupt, nullptr)) {
        interrupt(*this, f);
    }
}

// The prelude asks for a cancellation only while there is any.
void lua_vm::count_canceled(int change) {
    canceled_ += change;
    push_registry(L_, &cancellation_key);
    lua_pushboolean(L_, canceled_ != 0);
    lua_setfield(L_, -2, "requested");
    lua_pop(L_, 1);
}

void lua_vm::resume(fiber& f) {
    current_ = &f;
    f.after_others = false;
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
    if (explain_nil(f.co, -1)) lua_replace(f.co, -2);
    f.cancellation_caught =
        f.cancel_requested && is_error(f.co, -1, errc::fiber_canceled);
    f.idle_end =
        f.inbox_ended && is_actor() && is_error(f.co, -1, errc::channel_closed);
    if (is_of_broken_output(f.co)) end_by_broken_pipe();
    if (doomed) return;
    if (f.is_program && !f.cancellation_caught && !f.idle_end) {
        reason_ = "panicked: " + describe_error(f.co, -1);
        if (worth_reporting(f)) print_panic(f);
        if (doomed) return;
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
    if (f.cancel_requested) count_canceled(-1);
    if (f.failed_co) {
        luaL_unref(L_, LUA_REGISTRYINDEX, f.co_ref);
        f.co = f.failed_co;
        f.co_ref = f.failed_ref;
        f.failed_co = nullptr;
        f.failed_ref = LUA_NOREF;
    }
    if (f.is_program) {
        if (!inbox_imported) inbox_->close();
        if (f.failed && !f.cancellation_caught && !f.idle_end) {
            quiet_end_ = !worth_reporting(f);
            return doom(1, reason_);
        }
    }
    if (auto* j = std::exchange(f.joiner, nullptr)) {
        lua_settop(j->co, 0);
        move_outcome(f, *j, j->co);
        wake(*j);
        recycle(f);
    } else if (!f.joinable) {
        release(f);
    } else if (f.failed && worth_reporting(f)) {
        failed_.push_back(f);
    }
}

// The results of a fiber that ended, as `join` gives them, on `to`.
int lua_vm::move_outcome(fiber& f, fiber& joiner, lua_State* to) {
    if (!f.failed || f.cancellation_caught) {
        const int n = f.failed ? 0 : lua_gettop(f.co);
        luaL_checkstack(to, n + 1, "too many results");
        lua_pushboolean(to, 1);
        lua_xmove(f.co, to, n);
        return n + 1;
    }
    keep_origin(joiner, f);
    lua_pushboolean(to, 0);
    lua_xmove(f.co, to, 1);
    return 2;
}

void lua_vm::release(fiber& f) {
    f.joinable = false;
    if (!f.ended) return;
    if (f.failed && !f.is_program && worth_reporting(f)) {
        fail_unseen();
        if (!f.reported) print_panic(f);
    }
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
    if (f.queue) f.queue->remove(f);
    if (f.origin_ref != LUA_NOREF)
        luaL_unref(L_, LUA_REGISTRYINDEX, f.origin_ref);
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

[[gnu::noinline]] void lua_vm::collect_failure(lua_State* co, operation& op) {
    // The arguments are still there, behind a mark if a coroutine passed them
    // on.
    const int base =
        first_argument(*op.what) + (lua_touserdata(co, 1) == &native_yield_key);
    lua_checkstack(co, 16);
    push_outcome(co, op, base);
    lua_xmove(co, L_, 2);
    lua_settop(co, 0);
    lua_xmove(L_, co, 2);
}

void lua_vm::collect(operation& op) {
    op.cancellation_slot().clear();
    auto* f = static_cast<fiber*>(op.waiter);
    if (!doomed && f) {
        f->pending = nullptr;
        if (op.error) f->used.come_back(*this);
        f->used.release();
        if (op.error) {
            collect_failure(f->co, op);
        } else {
            lua_settop(f->co, 0);
            push_outcome(f->co, op);
        }
        wake(*f);
    }
    op.destroy();
}

} // namespace emilua::lua
