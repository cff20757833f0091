// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <chrono>

namespace emilua::time {

/// For measuring: ticks of a nanosecond that no adjustment moves.
///
/// Not std::chrono::high_resolution_clock, which libstdc++ makes another name
/// of the wall clock: it can go back, and its instants would be of the same
/// class as those of `system_clock`. Linux reads the steady clock as finely.
struct high_resolution_clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<high_resolution_clock>;
    static constexpr bool is_steady = std::chrono::steady_clock::is_steady;

    static time_point now() noexcept {
        return time_point{std::chrono::steady_clock::now().time_since_epoch()};
    }
};

} // namespace emilua::time
