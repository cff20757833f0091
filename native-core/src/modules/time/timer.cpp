// SPDX-License-Identifier: MIT OR BSL-1.0
#include "timer.hpp"

#include <memory>

namespace emilua {

namespace {

using sleep_timer = asio_timer<std::chrono::steady_clock>;

/// A handler<> that brings its timer along.
class sleeper {
public:
    using allocator_type = handler<>::allocator_type;
    using cancellation_slot_type = handler<>::cancellation_slot_type;

    sleeper(handler<> h, std::unique_ptr<sleep_timer> timer) noexcept
        : handler_{h}, timer_{std::move(timer)} {}

    allocator_type get_allocator() const noexcept {
        return handler_.get_allocator();
    }
    cancellation_slot_type get_cancellation_slot() const noexcept {
        return handler_.get_cancellation_slot();
    }

    void operator()(const error_code& ec) {
        timer_.reset();
        handler_(ec);
    }

private:
    handler<> handler_;
    std::unique_ptr<sleep_timer> timer_;
};

} // namespace

void sleep(vm& owner, double secs, handler<> h) {
    const auto duration = to_duration(secs);
    if (duration.count() <= 0) return h.complete_later(error_code{});

    auto timer = std::make_unique<sleep_timer>(owner.io());
    auto& t = *timer;
    t.expires_at(std::chrono::steady_clock::time_point{saturated_add(
        std::chrono::steady_clock::now().time_since_epoch(), duration)});
    t.async_wait(sleeper{h, std::move(timer)});
}

} // namespace emilua
