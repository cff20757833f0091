// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstdint>

#if !defined(__x86_64__) && !defined(__aarch64__)
#include <ctime>
#endif

namespace emilua {

/// A clock for hot paths: one instruction, no call. In units that only
/// `seconds_since` knows; to be compared within one process.
inline std::uint64_t ticks() noexcept {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    std::uint64_t t;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(t));
    return t;
#else
    timespec t;
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(t.tv_nsec);
#endif
}

/// Begins to find out how long a tick is; what was counted before is measured
/// the worse, the sooner somebody asks. Any thread.
void start_ticks() noexcept;

/// How long ago `ticks` gave `then`; never negative.
double seconds_since(std::uint64_t then) noexcept;

} // namespace emilua
