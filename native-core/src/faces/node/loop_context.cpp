// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/loop_context.hpp"

#include <boost/asio/post.hpp>

#include <poll.h>

namespace emilua::node {
namespace {

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

// Other threads hand things in, but descriptors are that of the loop alone.
std::unique_ptr<boost::asio::io_context> make_io() {
    return std::make_unique<boost::asio::io_context>(
        BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
}

/// Takes nothing away.
bool is_readable(int descriptor) noexcept {
    pollfd asked{descriptor, POLLIN, 0};
    return ::poll(&asked, 1, 0) > 0;
}

} // namespace

loop_context::loop_context(uv_loop_t& loop, loop_client& client)
    : client_{client}, work_{(io_ = make_io(), io_->get_executor())},
      queue_{*io_} {
    check(uv_poll_init(&loop, &readable_, queue_.descriptor()), "epoll_ctl");
    check(uv_prepare_init(&loop, &prepare_), "uv_prepare_init");
    check(uv_idle_init(&loop, &idle_), "uv_idle_init");
    check(uv_check_init(&loop, &check_), "uv_check_init");
    check(uv_async_init(&loop, &wake_, &on_wake), "eventfd");
    for (auto* h : {base(readable_), base(prepare_), base(idle_), base(check_),
                    base(wake_)}) {
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
    wake_while_locked();
}

void loop_context::wake() {
    const std::lock_guard lock{wake_mutex_};
    wake_while_locked();
}

void loop_context::wake_while_locked() {
    // Whoever looks out sees what was handed in, at the latest when it stops.
    if (!looking_out_) uv_async_send(&wake_);
}

void loop_context::message_comes() noexcept {
    if (!client_.is_on_turn()) lookout_.message_comes();
}

bool loop_context::look_out() {
    if (!lookout_.is_promising()) return false;
    stay_awake(false);
    // A timer or an immediate of JavaScript may be due, or nothing keep it.
    if (uv_backend_timeout(readable_.loop) == 0) return false;
    looking_out_ = true;
    const int others = uv_backend_fd(readable_.loop);
    lookout_.look([&] { return ready() || is_readable(others); });
    looking_out_ = false;
    return ready();
}

bool loop_context::ready() { return queue_.has_ready() || client_.has_work(); }

void loop_context::keep_alive(bool yes) noexcept {
    if (yes == alive_) return;
    alive_ = yes;
    if (yes)
        uv_ref(base(readable_));
    else
        uv_unref(base(readable_));
}

void loop_context::close() {
    for (auto* h : {base(readable_), base(prepare_), base(idle_), base(check_),
                    base(wake_)})
        uv_close(h, &on_close);
}

void loop_context::on_readable(uv_poll_t* handle, int, int) {
    of(handle->data).client_.turn();
}

void loop_context::on_wake(uv_async_t* handle) {
    auto& self = of(handle->data);
    uv_check_start(&self.check_, &on_check);
    self.client_.woken();
    self.client_.turn();
}

void loop_context::on_idle(uv_idle_t*) {}

void loop_context::on_prepare(uv_prepare_t* handle) {
    auto& self = of(handle->data);
    self.client_.round();
    int rounds = 0;
    for (; rounds < rounds_before_sleep && (self.ready() || self.look_out());
         ++rounds)
        self.client_.turn();
    if (!self.ready()) self.client_.sleeps();
    const bool busy = rounds == rounds_before_sleep || self.ready();
    if (!busy) self.works_.reset();
    self.stay_awake(busy);
}

// An active idle handle keeps libuv from sleeping.
void loop_context::stay_awake(bool yes) {
    if (yes == awake_) return;
    awake_ = yes;
    if (yes)
        uv_idle_start(&idle_, &on_idle);
    else
        uv_idle_stop(&idle_);
}

void loop_context::on_check(uv_check_t* handle) {
    auto& works = of(handle->data).works_;
    if (!works) works.emplace();
}

void loop_context::on_close(uv_handle_t* handle) {
    auto& self = of(handle->data);
    if (--self.open_handles_ == 0) self.client_.closed();
}

} // namespace emilua::node
