// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/unique_descriptor.hpp>
#include <emilua/vm.hpp>

#include <boost/asio/detail/epoll_reactor.hpp>
#include <boost/asio/detail/fenced_block.hpp>
#include <boost/asio/detail/handler_alloc_helpers.hpp>
#include <boost/asio/detail/reactor_op.hpp>

#include <atomic>
#include <memory>

namespace emilua {

/// What one non-blocking attempt at an operation came to.
enum class attempt {
    would_block,
    done,
    /// Done, and the kernel has no more for now: it gave less than was asked.
    drained,
};

enum class io_direction {
    read = boost::asio::detail::epoll_reactor::read_op,
    write = boost::asio::detail::epoll_reactor::write_op,
    urgent = boost::asio::detail::epoll_reactor::except_op,
};

enum class first_step {
    /// Attempt at once unless it is known to be in vain.
    attempt,
    /// The caller just attempted it and it would have blocked.
    wait,
    /// Wait for readiness, whatever happened before.
    rearm,
};

template <class Attempt, class Handler> class reactor_attempt;

/// A file descriptor in the reactor of a context.
///
/// Asio's own socket classes do the same, but read once more than needed after
/// every short read, and mark neither O_CLOEXEC nor O_NONBLOCK when they make
/// a descriptor. Operations of Asio and of this class share one reactor.
class io_descriptor {
public:
    using reactor = boost::asio::detail::epoll_reactor;

    explicit io_descriptor(boost::asio::io_context& io);
    /// Only while nothing is pending.
    io_descriptor(io_descriptor&& o) noexcept;
    io_descriptor& operator=(io_descriptor&& o) noexcept;
    ~io_descriptor() { close(); }

    bool is_open() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }

    /// Takes `fd` and registers it. Throws `failure` and leaves `fd` alone.
    /// `shared`: others may hold descriptors of the same open file.
    void open(unique_descriptor&& fd, bool shared = false);
    /// Pending operations end with operation_aborted.
    error_code close() noexcept;
    void cancel() noexcept;
    unique_descriptor release() noexcept;

    /// Whether close(2) may wait for what was not sent yet (SO_LINGER).
    void may_linger(bool v) noexcept { may_linger_ = v; }

    /// Makes attempts until one does not block, then calls
    /// `handler(ec, attempt)`. `Attempt` is called with the descriptor and
    /// the error code to set; its results are its own members. The handler has
    /// an allocator. A cancellation of the operation that is its `op()`, if it
    /// has one, ends the attempts.
    template <class Attempt, class Handler>
    void start(io_direction direction, first_step first, Attempt a, Handler h);

    /// Operations started and not yet completed. While there are some, trying
    /// on one's own would overtake them.
    unsigned pending(io_direction d) const noexcept {
        return pending_[static_cast<int>(d)].load(std::memory_order_acquire);
    }

private:
    template <class, class> friend class reactor_attempt;

    std::atomic<unsigned>& count(io_direction d) noexcept {
        return pending_[static_cast<int>(d)];
    }
    static void cancel_one(void* of, void* key, int direction) noexcept {
        auto& self = *static_cast<io_descriptor*>(of);
        self.reactor_->cancel_ops_by_key(self.fd_, self.data_, direction, key);
    }
    /// Whether a drained read may be believed. The end of a stream, or its
    /// failure, can have been announced together with the data, and is not
    /// announced again.
    bool drained_is_final() noexcept;
    bool arm_hang_up() noexcept;

    reactor* reactor_;
    reactor::per_descriptor_data data_ = nullptr;
    int fd_ = -1;
    bool shared_ = false;
    bool may_linger_ = false;
    /// EPOLLRDHUP is asked for, so that an event tells of an end of stream.
    std::atomic<bool> hang_up_armed_ = false;
    /// A read drained the descriptor before that.
    std::atomic<bool> wants_hang_up_ = false;
    std::atomic<unsigned> pending_[reactor::max_ops] = {};
};

template <class Attempt, class Handler>
class reactor_attempt final : public boost::asio::detail::reactor_op {
public:
    BOOST_ASIO_DEFINE_HANDLER_PTR(reactor_attempt);

    reactor_attempt(io_descriptor& d, io_direction direction, Attempt a,
                    Handler& h)
        : reactor_op{error_code{}, &reactor_attempt::do_perform,
                     &reactor_attempt::do_complete},
          descriptor_{&d}, direction_{direction}, attempt_{std::move(a)},
          handler_{std::move(h)} {}

    bool skip_one = false;

private:
    static status do_perform(reactor_op* base) {
        auto& self = *static_cast<reactor_attempt*>(base);
        if (self.skip_one) {
            self.skip_one = false;
            return not_done;
        }
        switch (self.attempt_(self.descriptor_->get(), self.ec_)) {
        case attempt::would_block:
            return not_done;
        case attempt::drained:
            return self.direction_ != io_direction::read ||
                           self.descriptor_->drained_is_final()
                       ? done_and_exhausted
                       : done;
        case attempt::done:
            break;
        }
        return done;
    }

    static void do_complete(void* owner, boost::asio::detail::operation* base,
                            const error_code&, std::size_t) {
        auto* self = static_cast<reactor_attempt*>(base);
        ptr p = {std::addressof(self->handler_), self, self};
        // The memory belongs to the operation that the handler ends, so it is
        // given back first.
        Handler h{std::move(self->handler_)};
        Attempt a{std::move(self->attempt_)};
        const error_code ec = self->ec_;
        const io_descriptor& descriptor = *self->descriptor_;
        if (owner)
            self->descriptor_->count(self->direction_)
                .fetch_sub(1, std::memory_order_release);
        p.h = std::addressof(h);
        p.reset();
        if (owner) {
            boost::asio::detail::fenced_block b{
                boost::asio::detail::fenced_block::half};
            if constexpr (requires { h.fail_on(descriptor, ec); })
                if (ec) return h.fail_on(descriptor, ec);
            h(ec, a);
        }
    }

    io_descriptor* descriptor_;
    io_direction direction_;
    Attempt attempt_;
    Handler handler_;
};

template <class Attempt, class Handler>
void io_descriptor::start(io_direction direction, first_step first, Attempt a,
                          Handler h) {
    using op = reactor_attempt<Attempt, Handler>;
    typename op::ptr p = {std::addressof(h), op::ptr::allocate(h), nullptr};
    operation* waiting = nullptr;
    if constexpr (requires { h.op(); }) waiting = &h.op();
    p.p = ::new (p.v) op{*this, direction, std::move(a), h};
    if (waiting) {
        p.p->cancellation_key_ = p.p;
        waiting->on_cancel(&io_descriptor::cancel_one, this, p.p,
                           static_cast<int>(direction));
    }
    bool speculative = first != first_step::rearm;
    if (direction == io_direction::read && arm_hang_up()) speculative = false;
    auto* raw = p.p;
    p.v = p.p = nullptr;
    raw->skip_one = first == first_step::wait && speculative;
    const bool skipping = raw->skip_one;
    count(direction).fetch_add(1, std::memory_order_relaxed);
    reactor_->start_op(static_cast<int>(direction), fd_, data_, raw, false,
                       speculative);
    // Only asked for where no other thread can have completed it meanwhile.
    if (skipping) raw->skip_one = false;
}

} // namespace emilua
