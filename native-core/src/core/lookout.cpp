// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/lookout.hpp"

#include <sched.h>

#include <algorithm>

namespace emilua {
namespace {

using namespace std::chrono_literals;

/// About what it takes to sleep and be woken on an idle machine.
constexpr auto longest = 50us;
/// Between two looks at the clock nothing of ours takes as long.
constexpr auto interruption = 25us;
/// What another program gets that waited for the processor. Whatever takes less
/// is the system's.
constexpr auto slice = 500us;
/// How often the system is asked whether it has something else.
constexpr auto question = 10us;
constexpr unsigned most_trust = 4;

int count_processors() noexcept {
    cpu_set_t set;
    // Fails where there are more than the set can name.
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                       : CPU_SETSIZE;
}

} // namespace

std::atomic<int> busy_thread::count_ = 0;
thread_local constinit int busy_thread::depth_ = 0;

bool busy_thread::all_have_processors() noexcept {
    static const int processors = count_processors();
    return processors > 1 &&
           count_.load(std::memory_order_relaxed) <= processors;
}

bool lookout::watch::goes_on() noexcept {
    const auto now = clock::now();
    if (now - last_ > interruption) pause_ = now - last_;
    last_ = now;
    return pause_ == pause_.zero() && now - begin_ < longest &&
           busy_thread::all_have_processors();
}

bool lookout::watch::asks() noexcept {
    if (last_ - asked_ < question) return false;
    asked_ = last_;
    return true;
}

bool lookout::is_promising() noexcept {
    constexpr auto relaxed = std::memory_order_relaxed;
    if (trust_.load(relaxed) == 0) {
        const auto messages = messages_.load(relaxed);
        if (messages == seen_.load(relaxed)) return false;
        seen_.store(messages, relaxed);
        const auto n = left_alone_.load(relaxed) + 1;
        const bool again = n >= interval_.load(relaxed);
        left_alone_.store(again ? 0 : n, relaxed);
        if (!again) return false;
    }
    return busy_thread::all_have_processors();
}

void lookout::message_came() noexcept {
    constexpr auto relaxed = std::memory_order_relaxed;
    untold_.store(true, relaxed);
    messages_.fetch_add(1, relaxed);
    if (found_.load(relaxed) && found_.exchange(false, relaxed)) succeeded();
}

// What was found may have been run, or be run after this.
void lookout::found(unsigned before, clock::duration pause) noexcept {
    if (pause > slice)
        in_vain(pause);
    else if (messages_.load(std::memory_order_relaxed) != before)
        succeeded();
    else
        found_.store(true, std::memory_order_relaxed);
}

void lookout::succeeded() noexcept {
    constexpr auto relaxed = std::memory_order_relaxed;
    trust_.store(std::min(trust_.load(relaxed) + 1, most_trust), relaxed);
    interval_.store(first_interval, relaxed);
}

void lookout::in_vain(clock::duration pause) noexcept {
    constexpr auto relaxed = std::memory_order_relaxed;
    const auto trust = trust_.load(relaxed);
    if (pause > slice) {
        trust_.store(0, relaxed);
        untold_.store(false, relaxed);
        interval_.store(longest_interval, relaxed);
    } else if (pause > pause.zero()) {
        // It says nothing.
    } else if (trust > 0) {
        trust_.store(trust - 1, relaxed);
    } else {
        untold_.store(false, relaxed);
        interval_.store(std::min(interval_.load(relaxed) * 2, longest_interval),
                        relaxed);
    }
}

} // namespace emilua
