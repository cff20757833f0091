// SPDX-License-Identifier: MIT OR BSL-1.0
// When a thread looks out for messages before it sleeps, and when not.
#include "test_vm.hpp"

#include "core/lookout.hpp"

#include <barrier>
#include <vector>

#include <sched.h>

namespace emilua::test {
namespace {

bool never() { return false; }

int processors() {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/// A look that a message ends.
bool look_and_see(lookout& l) {
    bool told = false;
    return l.look([&] {
        if (std::exchange(told, true)) return true;
        l.message_comes();
        return false;
    });
}

/// How many messages come until it is worth a look; at most `limit`.
int messages_until_promising(lookout& l, int limit) {
    for (int n = 1; n <= limit; ++n) {
        l.message_comes();
        if (l.is_promising()) return n;
    }
    return limit;
}

void looks_at_nothing_without_messages() {
    lookout l;
    for (int i = 0; i < 20000; ++i) CHECK(!l.is_promising());
    l.message_comes();
    for (int i = 0; i < 20000; ++i) CHECK(!l.is_promising());
}

void looks_now_and_then() {
    lookout l;
    CHECK(messages_until_promising(l, 100) == 8);
    CHECK(messages_until_promising(l, 100) == 8);
}

void goes_on_while_it_succeeds() {
    lookout l;
    CHECK(look_and_see(l));
    for (int i = 0; i < 1000; ++i) {
        CHECK(l.is_promising());
        CHECK(look_and_see(l));
    }
    // What is there and is no message says nothing.
    for (int i = 0; i < 1000; ++i) {
        CHECK(l.is_promising());
        CHECK(l.look([] { return true; }));
    }
    // In vain, or interrupted, which may say nothing: it ends.
    int looks = 0;
    while (l.is_promising() && looks < 1000) {
        CHECK(!l.look(never));
        ++looks;
    }
    CHECK(looks >= 1 && looks < 1000);
}

void asks_for_other_work() {
    // An interruption ends a look before it asks again.
    for (int i = 0; i < 1000; ++i) {
        int times = 0;
        lookout l;
        if (l.look([&] { return ++times == 2; })) {
            // Which no message told of.
            CHECK(!l.is_promising());
            return;
        }
        CHECK(times == 1);
    }
    CHECK(false);
}

// Nobody tells that something comes. It is read in the look, or after it.
void asks_all_the_time_when_other_processes_send(bool reads_at_once) {
    // An interruption ends a look, or makes what it found worth nothing.
    for (int i = 0; i < 1000; ++i) {
        lookout l;
        l.message_came();
        int times = 0;
        const bool found = l.look([&] {
            // A look that is told asks five times at most.
            if (++times < 20) return false;
            if (reads_at_once) l.message_came();
            return true;
        });
        if (!found) continue;
        if (!reads_at_once) l.message_came();
        if (!l.is_promising()) continue;
        // What comes of its own accord was not what it looked for.
        int looks = 0;
        while (l.is_promising() && looks < 1000) {
            int asked = 0;
            l.look([&] { return ++asked == 2; });
            ++looks;
        }
        CHECK(looks >= 1 && looks < 1000);
        return;
    }
    CHECK(false);
}

void needs_a_processor() {
    lookout l;
    CHECK(look_and_see(l));
    const auto others = static_cast<std::size_t>(processors());
    std::barrier<> all{static_cast<std::ptrdiff_t>(others) + 1};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < others; ++i)
        threads.emplace_back([&] {
            {
                const busy_thread works;
                const busy_thread once_for_a_thread;
                all.arrive_and_wait();
                all.arrive_and_wait();
            }
            all.arrive_and_wait();
        });
    all.arrive_and_wait();
    CHECK(l.is_promising());
    // One that looks already stops at the next glance at the clock.
    int times = 0;
    CHECK(!l.look([&] {
        ++times;
        return false;
    }));
    CHECK(times == 1);
    CHECK(look_and_see(l));
    {
        const busy_thread works;
        CHECK(!l.is_promising());
    }
    CHECK(l.is_promising());
    all.arrive_and_wait();
    all.arrive_and_wait();
    const busy_thread works;
    CHECK(l.is_promising());
}

} // namespace
} // namespace emilua::test

int main() {
    using namespace emilua::test;
    looks_at_nothing_without_messages();
    if (processors() > 1) {
        looks_now_and_then();
        goes_on_while_it_succeeds();
        asks_for_other_work();
        asks_all_the_time_when_other_processes_send(true);
        asks_all_the_time_when_other_processes_send(false);
        needs_a_processor();
    }
    return failures == 0 ? 0 : 1;
}
