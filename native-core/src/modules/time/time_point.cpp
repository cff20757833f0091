// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/time/time_point.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace emilua::time {

using std::chrono::nanoseconds;

nanoseconds to_duration(double seconds) {
    if (std::isnan(seconds))
        throw_invalid_argument("secs", "a number of seconds");
    constexpr double limit = 9.2e9;
    if (seconds >= limit) return nanoseconds::max();
    if (seconds <= -limit) return nanoseconds::min();
    // Apart, so that a large number of seconds costs its fraction no digits.
    // A whole second is an even number of ticks: halves still go to even.
    const auto whole = static_cast<std::int64_t>(seconds);
    const double fraction = seconds - static_cast<double>(whole);
    return std::chrono::seconds{whole} +
           nanoseconds{std::llrint(fraction * 1e9)};
}

double number_of_seconds(double operand) {
    if (std::isnan(operand)) detail::refuse("a number of seconds");
    return operand;
}

std::string date_text(std::chrono::seconds second, nanoseconds rest) {
    using namespace std::chrono;
    const auto day = floor<days>(second);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss time{second - day};
    std::array<char, 64> text;
    const int size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()),
        static_cast<int>(rest.count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string date_text(nanoseconds since_1970) {
    const auto second = std::chrono::floor<std::chrono::seconds>(since_1970);
    // The first second that can be counted begins before the first nanosecond.
    auto rest = since_1970 % std::chrono::seconds{1};
    if (rest < nanoseconds::zero()) rest += std::chrono::seconds{1};
    return date_text(second, rest);
}

std::string seconds_text(nanoseconds n) {
    constexpr std::uint64_t second = 1'000'000'000;
    const auto bits = static_cast<std::uint64_t>(n.count());
    const auto amount = n.count() < 0 ? 0 - bits : bits;
    auto fraction = std::to_string(amount % second);
    fraction.insert(0, 9 - fraction.size(), '0');
    return (n.count() < 0 ? "-" : "") + std::to_string(amount / second) + '.' +
           fraction + 's';
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
