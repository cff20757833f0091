// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/loop_context.hpp"

#include <boost/asio/detail/epoll_reactor.hpp>
#include <boost/asio/post.hpp>

namespace emilua::node {
namespace {

using boost::asio::detail::epoll_reactor;

using scheduler = boost::asio::detail::scheduler;
using scheduler_mutex = boost::asio::detail::conditionally_enabled_mutex;
using scheduler_queue =
    boost::asio::detail::op_queue<boost::asio::detail::scheduler_operation>;

// Asio has no door to these. Naming a private member is allowed in an explicit
// instantiation.
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

bool has_ready(scheduler& s) {
    const scheduler_mutex::scoped_lock lock{mutex_of(s)};
    // The reactor itself is always in the queue.
    auto* first = queue_of(s).front();
    return first && boost::asio::detail::op_queue_access::next(first);
}

loop_context& of(const void* handle_data) {
    return *static_cast<loop_context*>(const_cast<void*>(handle_data));
}

template <class Handle> uv_handle_t* base(Handle& h) {
    return reinterpret_cast<uv_handle_t*>(&h);
}

void check(int status, const char* what) {
    if (status < 0)
        throw failure{error_code{-status, boost::system::system_category()},
                      what};
}

std::unique_ptr<boost::asio::io_context> make_io() {
    return std::make_unique<boost::asio::io_context>(1);
}

} // namespace

loop_context::loop_context(uv_loop_t& loop, loop_client& client)
    : client_{client}, work_{(io_ = make_io(), io_->get_executor())} {
    auto& reactor = boost::asio::use_service<epoll_reactor>(*io_);
    reactor.init_task();
    scheduler_ = &boost::asio::use_service<scheduler>(*io_);

    check(uv_poll_init(&loop, &readable_, descriptor_of(reactor)), "epoll_ctl");
    check(uv_prepare_init(&loop, &prepare_), "uv_prepare_init");
    check(uv_idle_init(&loop, &idle_), "uv_idle_init");
    check(uv_async_init(&loop, &wake_, &on_wake), "eventfd");
    for (auto* h :
         {base(readable_), base(prepare_), base(idle_), base(wake_)}) {
        h->data = this;
        uv_unref(h);
        ++open_handles_;
    }
    check(uv_poll_start(&readable_, UV_READABLE, &on_readable), "epoll_ctl");
    uv_prepare_start(&prepare_, &on_prepare);
}

loop_context::~loop_context() { const std::lock_guard lock{wake_mutex_}; }

void loop_context::post(std::function<void()> f) {
    const std::lock_guard lock{wake_mutex_};
    boost::asio::post(*io_, std::move(f));
    uv_async_send(&wake_);
}

void loop_context::wake() {
    const std::lock_guard lock{wake_mutex_};
    uv_async_send(&wake_);
}

std::size_t loop_context::poll(std::size_t limit) {
    std::size_t n = 0;
    while (n < limit && io_->poll_one() != 0) ++n;
    return n;
}

bool loop_context::ready() {
    return has_ready(*scheduler_) || client_.has_work();
}

void loop_context::keep_alive(bool yes) noexcept {
    if (yes == alive_) return;
    alive_ = yes;
    if (yes)
        uv_ref(base(readable_));
    else
        uv_unref(base(readable_));
}

void loop_context::close() {
    for (auto* h : {base(readable_), base(prepare_), base(idle_), base(wake_)})
        uv_close(h, &on_close);
}

void loop_context::on_readable(uv_poll_t* handle, int, int) {
    of(handle->data).client_.turn();
}

void loop_context::on_wake(uv_async_t* handle) {
    auto& client = of(handle->data).client_;
    client.woken();
    client.turn();
}

void loop_context::on_idle(uv_idle_t*) {}

void loop_context::on_prepare(uv_prepare_t* handle) {
    auto& self = of(handle->data);
    self.client_.round();
    for (int i = 0; self.ready() && i < rounds_before_sleep; ++i)
        self.client_.turn();
    if (!self.ready()) self.client_.sleeps();
    // An active idle handle keeps libuv from sleeping.
    const bool busy = self.ready();
    if (busy == self.busy_) return;
    self.busy_ = busy;
    if (busy)
        uv_idle_start(&self.idle_, &on_idle);
    else
        uv_idle_stop(&self.idle_);
}

void loop_context::on_close(uv_handle_t* handle) {
    auto& self = of(handle->data);
    if (--self.open_handles_ == 0) self.client_.closed();
}

} // namespace emilua::node
