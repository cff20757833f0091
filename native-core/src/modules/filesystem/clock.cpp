// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/clock.hpp"

namespace emilua::filesystem {

using std::chrono::nanoseconds;
using std::chrono::seconds;

file_time file_time::of_unix(seconds whole, nanoseconds rest) noexcept {
    constexpr seconds limit{9'223'372'036};
    const auto since_epoch = whole - unix_seconds_of_epoch;
    if (since_epoch >= limit) return file_time{nanoseconds::max()};
    if (since_epoch < -limit) return file_time{nanoseconds::min()};
    return file_time{since_epoch + rest};
}

timespec file_time::to_unix() const noexcept {
    const auto whole = std::chrono::floor<seconds>(since_epoch_);
    return {(whole + unix_seconds_of_epoch).count(),
            (since_epoch_ - whole).count()};
}

double file_time::seconds_since_unix_epoch() const noexcept {
    const auto t = to_unix();
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::variant<file_time, double>
file_time::minus(const std::variant<double, file_time>& other) const {
    if (auto* secs = std::get_if<double>(&other)) {
        file_time r = *this;
        r.sub(time::number_of_seconds(*secs));
        return r;
    }
    const auto& t = std::get<file_time>(other);
    return std::chrono::duration<double>(
               time::saturated_sub(since_epoch_, t.since_epoch_))
        .count();
}

std::string file_time::to_string() const {
    const auto t = to_unix();
    return time::date_text(seconds{t.tv_sec}, nanoseconds{t.tv_nsec});
}

} // namespace emilua::filesystem
