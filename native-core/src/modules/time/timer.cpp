// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/time/timer.hpp"

#include <boost/asio/bind_allocator.hpp>

namespace emilua::time {

namespace {

using sleep_timer = asio_timer<std::chrono::steady_clock>;

/// Lives in the operation's cancellation slot, so it ends where that is
/// cleared, on the VM's turn: the completion may run on another thread, just
/// while the VM cancels.
class sleeping {
public:
    explicit sleeping(vm& owner) : timer_{owner.io()} {}

    void start(std::chrono::steady_clock::time_point until, handler<> h) {
        timer_.expires_at(until);
        const auto memory = h.get_allocator();
        timer_.async_wait(boost::asio::bind_allocator(
            memory,
            [h = std::move(h)](const error_code& ec) mutable { h(ec); }));
    }

    void operator()(boost::asio::cancellation_type) { timer_.cancel(); }

private:
    sleep_timer timer_;
};

} // namespace

void sleep(vm& owner, double secs, handler<> h) {
    if (secs < 0) throw_invalid_argument("secs", "a number of seconds from 0");
    const auto duration = to_duration(secs);
    if (duration.count() == 0) return h.complete_later(error_code{});

    h.get_cancellation_slot().emplace<sleeping>(owner).start(
        std::chrono::steady_clock::time_point{saturated_add(
            std::chrono::steady_clock::now().time_since_epoch(), duration)},
        std::move(h));
}

} // namespace emilua::time
