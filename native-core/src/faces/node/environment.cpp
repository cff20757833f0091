// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/environment.hpp"

#include "core/mailbox.hpp"
#include "faces/node/call.hpp"
#include "faces/node/convert.hpp"
#include "faces/node/names.hpp"

namespace emilua::node {
namespace {

// What operation.ts calls them.
enum status : std::int32_t { returned, pending_now, failed };
enum outcome : std::int32_t { nothing, integer, any_value, error };

class handle_scope {
public:
    explicit handle_scope(napi_env env) : env_{env} {
        check(napi_open_handle_scope(env, &scope_));
    }
    ~handle_scope() { napi_close_handle_scope(env_, scope_); }
    handle_scope(const handle_scope&) = delete;
    handle_scope& operator=(const handle_scope&) = delete;

private:
    napi_env env_;
    napi_handle_scope scope_;
};

/// A slice says what it expected in the words of the description's own types;
/// where it says more than that, it knows better.
std::string in_typescript(const std::string& expected, const type* t) {
    if (!t) return expected.empty() ? "another value" : expected;
    const auto* inner = t->kind == type_kind::optional ? t->element : t;
    const bool generic = expected.empty() || expected == explain(*t) ||
                         expected == explain(*inner) ||
                         inner->kind == type_kind::flags;
    return generic ? expectation(*t) : expected;
}

} // namespace

environment& environment::create(napi_env env, uv_loop_t& loop) {
    auto self = std::make_unique<environment>(env, loop);
    check(napi_add_async_cleanup_hook(env, &on_environment_ends, self.get(),
                                      &self->cleanup_));
    return *self.release();
}

environment::environment(napi_env env, uv_loop_t& loop)
    : vm{loop_}, env_{env}, loop_{loop, *this} {}

environment::~environment() = default;

// --- completions -------------------------------------------------------------

void environment::completed(operation& op) {
    if (op.progress.load(std::memory_order_relaxed) ==
        operation::state::initiating) {
        op.progress.store(operation::state::done, std::memory_order_relaxed);
        return;
    }
    op.progress.store(operation::state::done, std::memory_order_relaxed);
    done_.push_back(&op);
}

void environment::post(queue_node& node) {
    node.next = nullptr;
    const std::lock_guard lock{posted_mutex_};
    *posted_end_ = &node;
    posted_end_ = &node.next;
    // While the lock is held the node cannot have been run, so whoever posted
    // it from another thread is waited for before the end.
    if (std::this_thread::get_id() != thread_) loop_.wake();
}

bool environment::has_work() {
    if (!done_.empty()) return true;
    const std::lock_guard lock{posted_mutex_};
    return posted_ != nullptr;
}

std::shared_ptr<mailbox> environment::inbox() {
    if (!inbox_) inbox_ = std::make_shared<mailbox>(*this);
    return inbox_;
}

void environment::run_posted() {
    queue_node* n;
    {
        const std::lock_guard lock{posted_mutex_};
        n = std::exchange(posted_, nullptr);
        posted_end_ = &posted_;
    }
    while (n) {
        auto* next = n->next;
        n->run(*this, *n);
        n = next;
    }
}

void environment::turn() {
    if (doomed) return last_turn();
    // In portions, so that JavaScript finds in the processor's caches what the
    // system has just written.
    for (int i = 0; i < portions; ++i) {
        const handle_scope scope{env_};
        inline_budget = default_inline_budget;
        const auto n = loop_.poll(portion);
        run_posted();
        deliver();
        if (n < portion) return;
    }
}

void environment::last_turn() {
    while (loop_.poll(portion) == portion) {
    }
    run_posted();
    drop_completed();
    if (outstanding == 0 && !closing_) {
        closing_ = true;
        loop_.close();
    }
}

void environment::deliver() {
    // JavaScript runs after each batch; what completes meanwhile is for the
    // next turn.
    delivering_.swap(done_);
    for (std::size_t at = 0; at < delivering_.size();) {
        const auto count = std::min(batch_size_, delivering_.size() - at);
        for (std::size_t i = 0; i < count; ++i)
            collect(*delivering_[at + i], batch_ + 3 * i, i);
        at += count;
        call_drain(count);
    }
    delivering_.clear();
}

void environment::call_drain(std::size_t count) {
    napi_value n, global, ignored;
    if (napi_create_uint32(env_, static_cast<std::uint32_t>(count), &n) !=
            napi_ok ||
        napi_get_global(env_, &global) != napi_ok)
        return;
    if (napi_make_callback(env_, nullptr, global, value_of(drain_), 1, &n,
                           &ignored) == napi_ok)
        return;
    // What a callback of process.nextTick threw ends here, though it belongs
    // to the program.
    bool thrown = false;
    napi_is_exception_pending(env_, &thrown);
    if (thrown) napi_fatal_exception(env_, pending_exception());
}

void environment::collect(operation& op, std::int32_t* out, std::size_t place) {
    auto& p = pending_[op.id];
    node_results r{*this, *p.description, false};
    napi_value side = nullptr;
    out[0] = static_cast<std::int32_t>(op.id);
    try {
        if (op.buffer_lost) {
            side =
                make_error(error_code{EINVAL, boost::system::system_category()},
                           nullptr, "buffer", "a buffer that is not detached");
        } else if (op.error) {
            // JavaScript has the reason of a cancellation that it asked for.
            if (!op.cancel_requested)
                side = make_error(op.error, op.syscall,
                                  op.argument ? op.argument : "",
                                  op.expected ? *op.expected : std::string{});
        } else {
            op.deliver(r);
        }
        if (op.error || op.buffer_lost) {
            out[1] = outcome::error;
        } else if (r.empty()) {
            out[1] = outcome::nothing;
        } else if (r.is_integer()) {
            out[1] = outcome::integer;
            out[2] = r.integer();
        } else {
            side = r.finish();
            out[1] = outcome::any_value;
        }
        if (side)
            check(napi_set_element(env_, value_of(side_),
                                   static_cast<std::uint32_t>(place), side));
    } catch (const javascript_error&) {
        side = pending_exception();
        out[1] = outcome::error;
        napi_set_element(env_, value_of(side_),
                         static_cast<std::uint32_t>(place), side);
    }
    op.destroy();
    unpin(p);
    if (--waiting_ == 0) loop_.keep_alive(false);
}

void environment::drop_completed() {
    for (auto* op : done_) op->destroy();
    done_.clear();
}

void environment::unpin(pending& p) noexcept {
    p.op = nullptr;
    p.pins.unpin(slots_);
}

void environment::cancel(std::uint32_t id) {
    if (id < pending_.size() && pending_[id].op) pending_[id].op->cancel();
}

std::span<std::byte> environment::fetch_buffer(operation& op, unsigned index) {
    std::span<std::byte> r;
    if (doomed) {
        op.buffer_lost = true;
        return r;
    }
    if (starting_ && starting_->started == &op) {
        if (starting_->bytes_now(index, r) != bytes_state::there)
            op.buffer_lost = true;
        return r;
    }
    napi_value v = nullptr;
    napi_get_element(env_, value_of(hold_), op.id * hold_stride_ + index, &v);
    if (!v || read_bytes(env_, v, r) != bytes_state::there)
        op.buffer_lost = true;
    return r;
}

// --- calls -------------------------------------------------------------------

template <class F>
bool environment::guarded(const member& m, napi_value& error, F&& f) {
    using boost::system::system_category;
    auto failed = [&](const error_code& ec, const char* syscall = nullptr,
                      std::string_view argument = {},
                      const std::string& expected = {}) {
        error = make_error(ec, syscall, argument, expected);
    };
    try {
        try {
            f();
            return true;
        } catch (const argument_error& e) {
            const auto& p = m.parameters;
            const auto i = std::min<std::size_t>(e.index, p.size() - 1);
            failed({EINVAL, system_category()}, nullptr, camel_case(p[i].name),
                   in_typescript(e.expected, p[i].what));
        } catch (const failure& e) {
            failed(e.code, e.syscall, camel_case(e.argument ? e.argument : ""),
                   e.expected);
        } catch (const boost::system::system_error& e) {
            failed(e.code());
        } catch (const std::bad_alloc&) {
            failed({ENOMEM, system_category()});
        }
    } catch (const javascript_error&) {
        error = pending_exception();
    }
    return false;
}

void environment::allow(const member& m) const {
    if (m.master_only && !master_)
        throw failure{make_error_code(errc::only_master_vm)};
}

napi_value environment::invoke(node_call& c) {
    napi_value result = nullptr, error = nullptr;
    const auto& m = c.member();
    const bool ok = guarded(m.description, error, [&] {
        allow(m.description);
        c.find_receiver();
        m.invoke(c);
        c.return_receiver();
        result = c.result();
    });
    if (!ok) napi_throw(env_, error);
    return result;
}

napi_value environment::invoke_suspending(node_call& c) {
    napi_value result = nullptr, error = nullptr;
    auto became = status::returned;
    const auto& m = c.member();
    const bool ok = guarded(m.description, error, [&] {
        allow(m.description);
        const auto id = c.operation_id();
        c.find_receiver();
        {
            // A getter among the arguments may call us again.
            auto* outer = std::exchange(starting_, &c);
            const auto restore = [&](void*) { starting_ = outer; };
            const std::unique_ptr<void, decltype(restore)> guard{&c, restore};
            m.invoke(c);
        }
        if (c.started->progress.load(std::memory_order_relaxed) ==
            operation::state::done) {
            result = finish_at_once(c);
        } else {
            wait_for(c, id);
            became = status::pending_now;
        }
    });
    status_[0] = ok ? became : status::failed;
    return ok ? result : error;
}

napi_value environment::finish_at_once(node_call& c) {
    const auto destroy = [](operation* op) { op->destroy(); };
    const std::unique_ptr<operation, decltype(destroy)> op{c.started, destroy};
    if (op->buffer_lost)
        throw_invalid_argument("buffer", "a buffer that is not detached");
    if (op->error) {
        failure f{op->error, op->syscall, op->argument};
        if (op->expected) f.expected = std::move(*op->expected);
        throw f;
    }
    op->deliver(c.out());
    return c.result();
}

void environment::wait_for(node_call& c, std::uint32_t id) {
    if (id >= pending_.size()) pending_.resize(id + 1);
    auto& p = pending_[id];
    p.op = c.started;
    p.op->id = id;
    p.op->progress.store(operation::state::pending, std::memory_order_relaxed);
    p.description = &c.member().description;
    p.pins = std::move(c.pins());
    p.pins.pin(slots_);
    if (waiting_++ == 0) loop_.keep_alive(true);
}

// --- the end -----------------------------------------------------------------

void environment::on_environment_ends(napi_async_cleanup_hook_handle,
                                      void* self) {
    static_cast<environment*>(self)->end();
}

void environment::end() {
    doomed = true;
    loop_.keep_alive(true);
    if (inbox_) inbox_->orphan("ended");
    for (std::size_t i = 0; i < pending_.size(); ++i)
        if (pending_[i].op) pending_[i].op->cancel();
    if (inbox_) inbox_->orphan("ended");
    turn();
}

void environment::closed() {
    const std::unique_ptr<environment> self{this};
    napi_remove_async_cleanup_hook(cleanup_);
}

} // namespace emilua::node
