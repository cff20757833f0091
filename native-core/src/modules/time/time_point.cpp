// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/time/time_point.hpp"

#include <cmath>

namespace emilua::time {

using std::chrono::nanoseconds;

nanoseconds to_duration(double seconds) {
    if (std::isnan(seconds)) throw_invalid_argument("secs", "not NaN");
    constexpr double limit = 9.2e9;
    if (seconds >= limit) return nanoseconds::max();
    if (seconds <= -limit) return nanoseconds::min();
    // Apart, so that a large number of seconds costs its fraction no digits.
    // A whole second is an even number of ticks: halves still go to even.
    double whole;
    const double fraction = std::modf(seconds, &whole);
    return std::chrono::seconds{static_cast<std::int64_t>(whole)} +
           nanoseconds{std::llrint(fraction * 1e9)};
}

nanoseconds saturated_add(nanoseconds a, nanoseconds b) noexcept {
    std::int64_t r;
    if (__builtin_add_overflow(a.count(), b.count(), &r))
        return b.count() > 0 ? nanoseconds::max() : nanoseconds::min();
    return nanoseconds{r};
}

nanoseconds saturated_sub(nanoseconds a, nanoseconds b) noexcept {
    std::int64_t r;
    if (__builtin_sub_overflow(a.count(), b.count(), &r))
        return b.count() < 0 ? nanoseconds::max() : nanoseconds::min();
    return nanoseconds{r};
}

} // namespace emilua::time
