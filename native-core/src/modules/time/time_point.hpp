// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <chrono>
#include <compare>
#include <string>
#include <variant>

namespace emilua::time {

/// Seconds as nanoseconds, to the nearest, halves to even. What lies beyond
/// some 292 years stops there, so `math.huge` is "never". NaN is EINVAL.
std::chrono::nanoseconds to_duration(double seconds);
/// Refuses an operand, which has no name, that is NaN.
double number_of_seconds(double operand);

/// "2026-01-31T23:59:59.000000001Z": ISO 8601, in UTC. `rest` is less than a
/// second, and not negative.
std::string date_text(std::chrono::seconds since_1970,
                      std::chrono::nanoseconds rest);
std::string date_text(std::chrono::nanoseconds since_1970);
/// "-12.000000001s".
std::string seconds_text(std::chrono::nanoseconds n);

std::chrono::nanoseconds saturated_add(std::chrono::nanoseconds a,
                                       std::chrono::nanoseconds b) noexcept;
std::chrono::nanoseconds saturated_sub(std::chrono::nanoseconds a,
                                       std::chrono::nanoseconds b) noexcept;

/// An instant of `Clock`: nanoseconds since its epoch.
template <class Clock> class time_point {
public:
    static_assert(
        std::is_same_v<typename Clock::duration, std::chrono::nanoseconds>);

    time_point() = default;
    explicit time_point(std::chrono::nanoseconds since_epoch) noexcept
        : since_epoch_{since_epoch} {}
    explicit time_point(typename Clock::time_point t) noexcept
        : since_epoch_{t.time_since_epoch()} {}

    static time_point now() { return time_point{Clock::now()}; }
    static time_point epoch() { return time_point{}; }

    void add(double secs) {
        since_epoch_ = saturated_add(since_epoch_, to_duration(secs));
    }
    void sub(double secs) { add(-secs); }
    double seconds_since_epoch() const noexcept {
        return std::chrono::duration<double>(since_epoch_).count();
    }

    time_point plus(double secs) const {
        time_point r = *this;
        r.add(number_of_seconds(secs));
        return r;
    }
    /// Seconds give an instant, an instant gives the seconds between.
    std::variant<time_point, double>
    minus(const std::variant<double, time_point>& other) const {
        if (auto* secs = std::get_if<double>(&other)) {
            time_point r = *this;
            r.sub(number_of_seconds(*secs));
            return r;
        }
        const auto& t = std::get<time_point>(other);
        return std::chrono::duration<double>(
                   saturated_sub(since_epoch_, t.since_epoch_))
            .count();
    }
    std::string to_string() const {
        if constexpr (std::is_same_v<Clock, std::chrono::system_clock>)
            return date_text(since_epoch_);
        else
            return seconds_text(since_epoch_);
    }
    bool equal(const time_point& o) const noexcept { return *this == o; }
    bool less(const time_point& o) const noexcept { return *this < o; }
    bool less_equal(const time_point& o) const noexcept { return *this <= o; }

    std::chrono::nanoseconds since_epoch() const noexcept {
        return since_epoch_;
    }
    typename Clock::time_point native() const noexcept {
        return typename Clock::time_point{since_epoch_};
    }

    friend auto operator<=>(const time_point&, const time_point&) = default;

private:
    std::chrono::nanoseconds since_epoch_{0};
};

} // namespace emilua::time

namespace emilua {

template <> struct described_in<time::time_point<std::chrono::system_clock>> {
    static constexpr const char* module = "time";
};

/// Travels as its nanoseconds: an integer of 64 bits, which no number of
/// JavaScript holds.
template <class Clock> struct wire_traits<time::time_point<Clock>> {
    static value to_wire(const time::time_point<Clock>& t) {
        return std::int64_t{t.since_epoch().count()};
    }
    static time::time_point<Clock> from_wire(const value& v) {
        if (auto* ticks = v.as<std::int64_t>())
            return time::time_point<Clock>{std::chrono::nanoseconds{*ticks}};
        if (auto* ticks = v.as<double>();
            ticks && *ticks >= -detail::max_safe && *ticks <= detail::max_safe)
            return time::time_point<Clock>{
                std::chrono::nanoseconds{static_cast<std::int64_t>(*ticks)}};
        detail::refuse("nanoseconds since the clock's epoch");
    }
};

} // namespace emilua
