// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <ctime>

inline double cpu_seconds() {
    timespec t;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

/// Prints how often `f()` is done in a second of CPU time.
template <class F> void rate(const char* name, F f) {
    const char* text = std::getenv("BENCHMARK_SECONDS");
    const double least = text ? std::atof(text) : 0.5;
    for (long n = 64;; n *= 2) {
        const double begin = cpu_seconds();
        for (long i = 0; i < n; ++i) f();
        const double elapsed = cpu_seconds() - begin;
        if (elapsed < least) continue;
        std::printf("%s %.0f /s\n", name, static_cast<double>(n) / elapsed);
        return;
    }
}
