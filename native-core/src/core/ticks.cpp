// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/ticks.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

namespace emilua {

namespace {

struct moment {
    std::uint64_t at;
    double seconds;
};

// A thread that is preempted between the two clocks has read two moments, and
// all that is measured from them would be wrong by what lies between: of a few
// looks the quickest counts.
moment now() noexcept {
    moment best{};
    auto least = std::numeric_limits<std::uint64_t>::max();
    for (int i = 0; i < 3; ++i) {
        timespec t;
        const auto before = ticks();
        ::clock_gettime(CLOCK_MONOTONIC, &t);
        const auto after = ticks();
        if (after < before || after - before >= least) continue;
        least = after - before;
        best = {before + least / 2, static_cast<double>(t.tv_sec) +
                                        static_cast<double>(t.tv_nsec) * 1e-9};
    }
    return best;
}

const moment& beginning() noexcept {
    static const moment b = now();
    return b;
}

} // namespace

void start_ticks() noexcept { static_cast<void>(beginning()); }

double seconds_since(std::uint64_t then) noexcept {
    const auto& b = beginning();
    const auto n = now();
    // They come from the counters of different processors.
    if (n.at <= b.at || n.at <= then) return 0;
    const double second = static_cast<double>(n.at - b.at) /
                          std::max(n.seconds - b.seconds, 1e-6);
    return static_cast<double>(n.at - then) / second;
}

} // namespace emilua
