// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/io_descriptor.hpp"

#include <boost/asio/detail/impl/service_registry.hpp>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace emilua {
namespace {

using boost::asio::detail::epoll_reactor;
using boost::asio::detail::scheduler_operation;
using state = epoll_reactor::descriptor_state;

// Asio has no function for these two members. The language lets an explicit
// instantiation name a private one.
template <class Tag, auto Member> struct expose {
    friend constexpr auto member_of(Tag) noexcept { return Member; }
};
struct registered_events {
    friend constexpr auto member_of(registered_events) noexcept;
};
template struct expose<registered_events, &state::registered_events_>;

struct ready_events : scheduler_operation {
    // What epoll_wait said last about a descriptor. Another thread may be
    // writing what it says now: either value is right, because a newer one
    // makes the reactor look at the descriptor again.
    __attribute__((no_sanitize("thread"))) static unsigned
    of(scheduler_operation& op) noexcept {
        return op.*(&ready_events::task_result_);
    }
};

} // namespace

io_descriptor::io_descriptor(boost::asio::io_context& io)
    : reactor_{&boost::asio::use_service<reactor>(io)} {
    reactor_->init_task();
}

io_descriptor::io_descriptor(io_descriptor&& o) noexcept
    : reactor_{o.reactor_}, data_{std::exchange(o.data_, nullptr)},
      fd_{std::exchange(o.fd_, -1)}, shared_{o.shared_},
      may_linger_{o.may_linger_}, hang_up_armed_{o.hang_up_armed_.load(
                                      std::memory_order_relaxed)},
      wants_hang_up_{o.wants_hang_up_.load(std::memory_order_relaxed)} {}

io_descriptor& io_descriptor::operator=(io_descriptor&& o) noexcept {
    if (this == &o) return *this;
    close();
    reactor_ = o.reactor_;
    data_ = std::exchange(o.data_, nullptr);
    fd_ = std::exchange(o.fd_, -1);
    shared_ = o.shared_;
    may_linger_ = o.may_linger_;
    hang_up_armed_ = o.hang_up_armed_.load(std::memory_order_relaxed);
    wants_hang_up_ = o.wants_hang_up_.load(std::memory_order_relaxed);
    return *this;
}

void io_descriptor::open(unique_descriptor&& fd, bool shared) {
    if (const int e = reactor_->register_descriptor(fd.get(), data_)) {
        reactor_->cleanup_descriptor_data(data_);
        throw failure{error_code{e, boost::system::system_category()},
                      "epoll_ctl"};
    }
    fd_ = fd.release();
    shared_ = shared;
    may_linger_ = false;
    hang_up_armed_ = false;
    wants_hang_up_ = false;
}

error_code io_descriptor::close() noexcept {
    error_code ec;
    if (fd_ < 0) return ec;
    // The wait would stop everything that runs on this thread. Without it the
    // kernel goes on sending all the same, while a timeout of 0, which throws
    // the data away, stays what it was.
    if (may_linger_) {
        const linger off{0, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &off, sizeof(off));
    }
    // A closed descriptor leaves the epoll set by itself, but only with the
    // last descriptor of its open file.
    reactor_->deregister_descriptor(fd_, data_, !shared_);
    if (::close(std::exchange(fd_, -1)) != 0)
        ec.assign(errno, boost::system::system_category());
    reactor_->cleanup_descriptor_data(data_);
    return ec;
}

void io_descriptor::cancel() noexcept { reactor_->cancel_ops(fd_, data_); }

unique_descriptor io_descriptor::release() noexcept {
    if (fd_ < 0) return {};
    reactor_->deregister_descriptor(fd_, data_, false);
    reactor_->cleanup_descriptor_data(data_);
    return unique_descriptor{std::exchange(fd_, -1)};
}

bool io_descriptor::drained_is_final() noexcept {
    if (!hang_up_armed_.load(std::memory_order_relaxed)) {
        wants_hang_up_.store(true, std::memory_order_relaxed);
        return false;
    }
    // A private base: only a cast of this kind may see it.
    auto& op = *(scheduler_operation*)data_;
    return (ready_events::of(op) & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0;
}

// Asking for EPOLLRDHUP costs an epoll_ctl, which a descriptor pays in place
// of its second read's vain attempt; whoever reads once pays nothing. The
// reactor makes that call only for the first operation of its queue.
bool io_descriptor::arm_hang_up() noexcept {
    if (hang_up_armed_.load(std::memory_order_relaxed) ||
        !wants_hang_up_.load(std::memory_order_relaxed) ||
        pending(io_direction::read) != 0)
        return false;
    auto& events = data_->*member_of(registered_events{});
    // What epoll does not know is always ready.
    if (events == 0) return false;
    events |= EPOLLRDHUP;
    hang_up_armed_.store(true, std::memory_order_relaxed);
    return true;
}

} // namespace emilua
