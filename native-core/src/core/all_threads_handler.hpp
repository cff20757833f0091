// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/all_threads.hpp"

#include <atomic>
#include <csignal>
#include <cstdint>

namespace emilua {

/// What one thread is asked to do, and its answer.
struct thread_errand {
    enum : std::uint32_t { asked, answered };

    long number = 0;
    system_call_arguments arguments{};
    int error = 0;
    /// A futex.
    std::atomic<std::uint32_t> state{asked};
};

/// The signal that glibc has for this very purpose. Nobody can block it with
/// glibc, and setresuid(2) of glibc uses it as well.
inline constexpr int errand_signal = 33;

using signal_handler = void (*)(int, siginfo_t*, void*);

/// Who handled the signal before: what is no errand is for it.
extern std::atomic<signal_handler> handler_before_errands;

/// Runs the errand that the signal brings.
void run_errand(int signo, siginfo_t* info, void* context);

} // namespace emilua
