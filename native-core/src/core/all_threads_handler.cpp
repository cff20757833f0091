// SPDX-License-Identifier: MIT OR BSL-1.0
// The part of an errand that interrupts a thread, whatever it is doing.
#include "core/all_threads_handler.hpp"

#include <cerrno>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua {

std::atomic<signal_handler> handler_before_errands{nullptr};

void run_errand(int signo, siginfo_t* info, void* context) {
    // glibc sends its own with tgkill(2), and nobody else may send one that
    // says it comes from this process.
    if (info->si_code != SI_QUEUE || info->si_pid != ::getpid()) {
        if (auto* before = handler_before_errands.load())
            before(signo, info, context);
        return;
    }
    const int kept = errno;
    auto& errand = *static_cast<thread_errand*>(info->si_value.sival_ptr);
    const auto& a = errand.arguments;
    if (::syscall(errand.number, a[0], a[1], a[2], a[3], a[4], a[5]) == -1)
        errand.error = errno;
    // From here on it may be gone; to wake nobody does no harm.
    errand.state.store(thread_errand::answered, std::memory_order_release);
    ::syscall(SYS_futex, &errand.state, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr,
              0);
    errno = kept;
}

} // namespace emilua
