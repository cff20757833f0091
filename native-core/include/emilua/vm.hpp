// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/operation.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <span>

namespace emilua {

class mailbox;

/// Where operations wait: an `asio::io_context`, run by a pool of threads of
/// its own (Lua VMs) or polled on a thread that belongs to somebody else
/// (Node's).
class context {
public:
    virtual ~context() = default;

    boost::asio::io_context& io() noexcept { return *io_; }

    /// Whether more than one thread runs this context. Turns true at most
    /// once, while the only thread there is so far says so.
    bool multi_threaded() const noexcept { return multi_threaded_; }

    /// Runs `f` on a thread of this context, soon. Callable from any thread,
    /// also from one that is not this context's.
    virtual void post(std::function<void()> f) = 0;

    /// A message to one of the programs here is about to be handed in. Any
    /// thread.
    virtual void message_comes() noexcept {}

    /// As `post`, of a program that was idle: it may run before what was posted
    /// earlier. What goes on after its share of a turn is posted.
    virtual void wake(std::function<void()> f) { post(std::move(f)); }

protected:
    std::unique_ptr<boost::asio::io_context> io_;
    bool multi_threaded_ = false;
};

/// One serial program: a Lua VM, or the JavaScript of a Node environment.
/// No two parts of it ever run at once, whatever thread they run on.
class vm {
public:
    explicit vm(emilua::context& ctx) noexcept : context_{ctx} {}
    vm(const vm&) = delete;
    vm& operator=(const vm&) = delete;
    virtual ~vm();

    emilua::context& context() noexcept { return context_; }
    boost::asio::io_context& io() noexcept { return context_.io(); }

    /// An operation completed. Any thread of the context.
    virtual void completed(operation& op) = 0;

    /// Queues `node`, whose `run` is called on this VM's turn. Any thread.
    virtual void post(queue_node& node) = 0;

    /// The same on a later turn. Any thread.
    void post_completed(operation& op) {
        op.run = [](vm& owner, queue_node& node) {
            owner.completed(static_cast<operation&>(node));
        };
        post(op);
    }

    /// The handler of `op` was destroyed without a call. Any thread.
    virtual void lost(operation& op) noexcept;

    /// An exception left what runs on this VM's turn, and belongs to no
    /// operation: the program panics. On the turn.
    virtual void escaped(std::exception_ptr e) noexcept = 0;

    /// The memory of buffer number `index` of a pending operation, fetched
    /// anew; empty and `op.buffer_lost` when it is gone. Only called on the
    /// VM's turn, only for buffers that are not pinned.
    virtual std::span<std::byte> fetch_buffer(operation& op,
                                              unsigned index) = 0;

    /// Whether this VM may change what belongs to the process: the working
    /// directory, signal dispositions, the standard streams.
    virtual bool is_master() const noexcept = 0;

    /// The VM's inbox; created on first use.
    virtual std::shared_ptr<mailbox> inbox() = 0;

    /// Operations complete at once only while this is above zero.
    unsigned inline_budget = default_inline_budget;
    static constexpr unsigned default_inline_budget = 64;
    /// Whether something small may complete at once, such as a page that is in
    /// memory: a few of those count as one.
    bool may_do_little() noexcept {
        constexpr unsigned for_one = 4;
        if (little_ == 0) {
            if (inline_budget == 0) return false;
            --inline_budget;
            little_ = for_one;
        }
        --little_;
        return true;
    }

    /// Operations started and not yet collected.
    std::size_t outstanding = 0;

    /// For tests: a lost handler does not abort a debug build.
    bool tolerates_lost_handlers = false;

    /// The VM ends: what is still pending is canceled and resumes nothing.
    bool doomed = false;

    template <class Op> Op& start_operation() {
        void* p = allocate(sizeof(Op));
        ++outstanding;
        return *::new (p) Op(*this);
    }
    template <class Op> void end_operation(Op& op) noexcept {
        op.~Op();
        deallocate(&op, sizeof(Op));
        --outstanding;
    }

private:
    struct free_block {
        free_block* next;
    };
    static constexpr std::size_t granule = 64, classes = 24;
    /// Of a line of the processor's caches.
    static constexpr std::align_val_t alignment{granule};

    void* allocate(std::size_t bytes) {
        const auto n = (bytes + granule - 1) / granule;
        if (n < classes) {
            if (auto* b = free_[n]) {
                free_[n] = b->next;
                return b;
            }
        }
        return ::operator new(n* granule, alignment);
    }
    void deallocate(void* p, std::size_t bytes) noexcept {
        const auto n = (bytes + granule - 1) / granule;
        if (n >= classes) return ::operator delete(p, alignment);
        free_[n] = std::construct_at(static_cast<free_block*>(p),
                                     free_block{free_[n]});
    }

    emilua::context& context_;
    /// How much of what was counted as one is left.
    unsigned little_ = 0;
    std::array<free_block*, classes> free_{};
};

template <class... R> void typed_operation<R...>::destroy() noexcept {
    owner.end_operation(*this);
}

template <class... R> bool handler<R...>::may_complete_inline() const noexcept {
    auto& budget = op_->owner.inline_budget;
    if (budget == 0) return false;
    --budget;
    return true;
}

template <class... R>
void handler<R...>::operator()(const error_code& ec, R... r) {
    auto& op = take();
    if (ec)
        op.error = ec;
    else
        op.values.emplace(std::move(r)...);
    op.owner.completed(op);
}

template <class... R>
void handler<R...>::fail(const error_code& ec, const char* syscall,
                         const char* argument) {
    auto& op = take();
    op.error = ec;
    op.syscall = syscall;
    op.argument = argument;
    op.owner.completed(op);
}

template <class... R> void handler<R...>::fail(failure f) {
    auto& op = take();
    op.fail_with(f);
    op.owner.completed(op);
}

template <class... R> void handler<R...>::fail(std::exception_ptr e) {
    auto& op = take();
    op.fail_with(std::move(e));
    op.owner.completed(op);
}

template <class... R>
template <class F>
void handler<R...>::continue_later(F next) {
    struct step final : queue_node {
        step(handler h, F next) : h{std::move(h)}, next{std::move(next)} {}
        handler h;
        F next;
    };
    auto& owner = op_->owner;
    auto* s = new step{std::move(*this), std::move(next)};
    s->run = [](vm& owner, queue_node& node) {
        const std::unique_ptr<step> s{&static_cast<step&>(node)};
        if (owner.doomed)
            return s->h.fail(error_code{boost::asio::error::operation_aborted});
        try {
            s->next(s->h);
        } catch (...) {
            if (s->h)
                s->h.fail(std::current_exception());
            else
                owner.escaped(std::current_exception());
        }
    };
    owner.post(*s);
}

template <class... R>
void handler<R...>::fail_later(const error_code& ec, const char* syscall,
                               const char* argument) {
    auto& op = take();
    op.error = ec;
    op.syscall = syscall;
    op.argument = argument;
    op.owner.post_completed(op);
}

template <class... R>
void handler<R...>::complete_later(const error_code& ec, R... r) {
    auto& op = take();
    if (ec)
        op.error = ec;
    else
        op.values.emplace(std::move(r)...);
    op.owner.post_completed(op);
}

inline void operation::fail_with(failure& f) {
    error = f.code;
    syscall = f.syscall;
    argument = f.argument;
    if (!f.expected.empty())
        expected = std::make_unique<std::string>(std::move(f.expected));
    if (f.path) path = std::make_unique<std::string>(std::move(*f.path));
}

// Of a foreign exception nothing is known: Lua's, and outside of a protected
// call that is memory that ran out.
inline void operation::fail_with(std::exception_ptr e) {
    if (!e) {
        error.assign(ENOMEM, boost::system::system_category());
        return;
    }
    try {
        std::rethrow_exception(e);
    } catch (failure& f) {
        fail_with(f);
    } catch (const std::exception& x) {
        error = error_of(x);
    } catch (...) {
        error.assign(ENOTRECOVERABLE, boost::system::system_category());
        exception = std::move(e);
    }
}

// A call, so that places without a loss do not carry the code for it.
template <class... R>
[[gnu::cold, gnu::noinline]] void handler<R...>::lose() noexcept {
    auto& op = take();
    op.owner.lost(op);
}

} // namespace emilua
