// SPDX-License-Identifier: MIT OR BSL-1.0
// Private members of Asio. Naming one is allowed in an explicit instantiation,
// which does not compile once the member has another name or type. What they
// mean is tested in test/asio_queue.cpp.
#include "core/asio_queue.hpp"

#include <boost/asio/detail/epoll_reactor.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/version.hpp>

static_assert(
    BOOST_VERSION >= 108100,
    "what the scheduler's queue holds was not read in older versions");

namespace emilua {
namespace {

namespace detail = boost::asio::detail;
using detail::epoll_reactor;
using detail::scheduler;

using scheduler_mutex = detail::conditionally_enabled_mutex;
using scheduler_queue = detail::op_queue<detail::scheduler_operation>;

template <int epoll_reactor::*Member> struct expose_descriptor {
    friend int descriptor_of(epoll_reactor& r) { return r.*Member; }
};
int descriptor_of(epoll_reactor& r);
template struct expose_descriptor<&epoll_reactor::epoll_fd_>;

template <scheduler_mutex scheduler::*Mutex, scheduler_queue scheduler::*Queue>
struct expose_queue {
    friend scheduler_mutex& mutex_of(scheduler& s) { return s.*Mutex; }
    friend scheduler_queue& queue_of(scheduler& s) { return s.*Queue; }
};
scheduler_mutex& mutex_of(scheduler& s);
scheduler_queue& queue_of(scheduler& s);
template struct expose_queue<&scheduler::mutex_, &scheduler::op_queue_>;

using scheduler_lock = scheduler_mutex::scoped_lock;
using thread_info = detail::scheduler_thread_info;
using poll_one_member = std::size_t (scheduler::*)(
    scheduler_lock&, thread_info&, const boost::system::error_code&);

template <poll_one_member PollOne> struct expose_poll {
    friend std::size_t poll_one_of(scheduler& s, scheduler_lock& lock,
                                   thread_info& thread) {
        return (s.*PollOne)(lock, thread, {});
    }
};
std::size_t poll_one_of(scheduler& s, scheduler_lock& lock,
                        thread_info& thread);
template struct expose_poll<&scheduler::do_poll_one>;

} // namespace

asio_queue::asio_queue(boost::asio::io_context& io)
    : reactor_{boost::asio::use_service<epoll_reactor>(io)},
      scheduler_{boost::asio::use_service<scheduler>(io)} {
    reactor_.init_task();
}

bool asio_queue::has_ready() const {
    const scheduler_mutex::scoped_lock lock{mutex_of(scheduler_)};
    // The reactor itself is always in the queue.
    auto* first = queue_of(scheduler_).front();
    return first && detail::op_queue_access::next(first);
}

// As scheduler::poll does.
std::size_t asio_queue::poll(std::size_t limit) {
    thread_info thread;
    thread.private_outstanding_work = 0;
    const detail::call_stack<detail::thread_context,
                             detail::thread_info_base>::context context{
        &scheduler_, thread};
    scheduler_lock lock{mutex_of(scheduler_)};
    std::size_t n = 0;
    while (n < limit && poll_one_of(scheduler_, lock, thread) != 0) {
        ++n;
        lock.lock();
    }
    return n;
}

int asio_queue::descriptor() const { return descriptor_of(reactor_); }

} // namespace emilua
