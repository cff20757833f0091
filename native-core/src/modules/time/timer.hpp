// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/time/time_point.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

namespace emilua::time {

/// Asio's timer of `Clock`, without the type-erased executor.
template <class Clock>
using asio_timer =
    boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                      boost::asio::io_context::executor_type>;

/// Completes `h` when the time has come. EINVAL for what is negative.
void sleep(vm& owner, double secs, handler<> h);

template <class Clock> class timer {
public:
    explicit timer(vm& owner) : timer_{owner.io()} {}

    static timer make(vm& owner) { return timer{owner}; }

    std::size_t expires_at(const time_point<Clock>& tp) {
        return timer_.expires_at(tp.native());
    }
    std::size_t expires_after(double secs) {
        auto t = time_point<Clock>::now();
        t.add(secs);
        return timer_.expires_at(t.native());
    }
    time_point<Clock> expiry() const {
        return time_point<Clock>{timer_.expiry()};
    }
    std::size_t cancel() { return timer_.cancel(); }

    void wait(handler<> h) {
        if (timer_.expiry() > Clock::now())
            return timer_.async_wait(std::move(h));
        if (h.may_complete_inline()) return h(error_code{});
        h.complete_later(error_code{});
    }

private:
    asio_timer<Clock> timer_;
};

using steady_timer = timer<std::chrono::steady_clock>;
using system_timer = timer<std::chrono::system_clock>;

} // namespace emilua::time
