// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/time/time_point.hpp"

#include <filesystem>

namespace emilua::filesystem {

using system_time = time::time_point<std::chrono::system_clock>;

/// An instant of the clock of files, which is that of the standard library: its
/// epoch lies in 2174, so that it reaches from 1882 to 2466.
class file_time {
public:
    using clock = std::filesystem::file_time_type::clock;
    using nanoseconds = std::chrono::nanoseconds;
    static_assert(std::is_same_v<clock::duration, nanoseconds>);

    file_time() = default;
    explicit file_time(nanoseconds since_epoch) noexcept
        : since_epoch_{since_epoch} {}

    static file_time now() {
        return file_time{clock::now().time_since_epoch()};
    }
    static file_time epoch() { return {}; }
    static file_time unix_epoch() { return of_unix({}, {}); }
    static file_time from_system(const system_time& tp) {
        const auto whole =
            std::chrono::floor<std::chrono::seconds>(tp.since_epoch());
        return of_unix(whole, tp.since_epoch() - whole);
    }
    /// Stops at what the clock can say.
    static file_time of_unix(std::chrono::seconds whole,
                             nanoseconds rest) noexcept;

    void add(double secs) {
        since_epoch_ =
            time::saturated_add(since_epoch_, time::to_duration(secs));
    }
    void sub(double secs) { add(-secs); }
    /// Stops at what the other clock can say.
    system_time to_system() const noexcept {
        return system_time{
            time::saturated_add(since_epoch_, unix_seconds_of_epoch)};
    }
    double seconds_since_epoch() const noexcept {
        return std::chrono::duration<double>(since_epoch_).count();
    }
    double seconds_since_unix_epoch() const noexcept;
    /// For utimensat(2).
    timespec to_unix() const noexcept;

    file_time plus(double secs) const {
        file_time r = *this;
        r.add(time::number_of_seconds(secs));
        return r;
    }
    /// Seconds give an instant, an instant gives the seconds between.
    std::variant<file_time, double>
    minus(const std::variant<double, file_time>& other) const;

    std::string to_string() const;
    bool equal(const file_time& o) const noexcept {
        return since_epoch_ == o.since_epoch_;
    }
    bool less(const file_time& o) const noexcept {
        return since_epoch_ < o.since_epoch_;
    }
    bool less_equal(const file_time& o) const noexcept {
        return since_epoch_ <= o.since_epoch_;
    }

    nanoseconds since_epoch() const noexcept { return since_epoch_; }

private:
    /// Of 1 January 2174.
    static constexpr std::chrono::seconds unix_seconds_of_epoch{6437664000};

    nanoseconds since_epoch_{0};
};

} // namespace emilua::filesystem

namespace emilua {

template <> struct described_in<filesystem::file_time> {
    static constexpr auto module = "filesystem";
};

/// Travels as its nanoseconds, as the instants of other clocks do.
template <> struct wire_traits<filesystem::file_time> {
    using other = time::time_point<std::chrono::steady_clock>;
    static value to_wire(const filesystem::file_time& t) {
        return std::int64_t{t.since_epoch().count()};
    }
    static filesystem::file_time from_wire(const value& v) {
        return filesystem::file_time{
            wire_traits<other>::from_wire(v).since_epoch()};
    }
};

} // namespace emilua
