// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/ticks.hpp"

#include <algorithm>
#include <ctime>

namespace emilua {

namespace {

struct moment {
    std::uint64_t at;
    double seconds;
};

moment now() noexcept {
    timespec t;
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return {ticks(), static_cast<double>(t.tv_sec) +
                         static_cast<double>(t.tv_nsec) * 1e-9};
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
