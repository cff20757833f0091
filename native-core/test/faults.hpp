// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

// Lets each system call of a program in turn fail: the right error comes,
// nothing hangs, no descriptor and no memory is lost. For one source of a
// program.
//
// The linker puts functions made by FAILING_CALL between the core and the C
// library (--wrap, see CMakeLists.txt), in this program and in no other.
#include "test_vm.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

namespace {

/// Which call fails, counted from 1; 0 for none. Threads of the pool call too.
std::atomic<int> failing = 0, made = 0;
std::atomic<const char*> failed = nullptr;

bool fails(const char* name) {
    if (failing == 0 || ++made != failing) return false;
    failed = name;
    errno = EIO;
    return true;
}

/// What there is of memory that was allocated and not given back.
std::atomic<long> blocks = 0;

} // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    void* const p = std::malloc(size);
    if (!p) throw std::bad_alloc{};
    ++blocks;
    return p;
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
    if (p) --blocks;
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept {
    ::operator delete(p);
}

#define FAILING_CALL(type, name, declaration, arguments)                       \
    type __real_##name declaration;                                            \
    type __wrap_##name declaration {                                           \
        return fails(#name) ? static_cast<type>(-1) : __real_##name arguments; \
    }

namespace emilua::test {

/// An operation that is over when this goes, whatever happened.
template <class... R> class started {
public:
    explicit started(test_vm& v) : op_{v} {}
    ~started() {
        if (!begun_ || op_.done()) return;
        op_.cancel();
        op_.wait();
    }

    handler<R...> completion() {
        begun_ = true;
        return op_.completion();
    }
    void expect() {
        op_.wait();
        if (op_.error()) throw failure{op_.error(), op_.op().syscall};
    }
    /// What it gave.
    auto take() { return std::move(op_.value()); }

private:
    pending<R...> op_;
    bool begun_ = false;
};

inline std::size_t descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e :
         std::filesystem::directory_iterator{"/proc/self/fd"})
        ++n;
    return n;
}

/// In a context of its own, so that it leaves nothing.
inline failure attempt_of(void (*use)(test_vm&), int n) {
    thread_pool ctx{1};
    test_vm v{ctx};
    made = 0;
    failed = nullptr;
    failing = n;
    const auto f = failure_of([&] { use(v); });
    failing = 0;
    return f;
}

/// Threads of the pool give back what they hold when they are done with it.
inline bool settles(long allocated) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (blocks > allocated && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    return blocks <= allocated;
}

/// `is_a_detail` tells of which calls a failure changes how something is done,
/// and not whether.
inline void each_call_fails(const char* what, void (*use)(test_vm&),
                            bool (*is_a_detail)(std::string_view)) {
    CHECK(!attempt_of(use, 0).code);
    const auto open = descriptors();
    auto allocated = blocks.load();
    // The least of some: what a thread still holds is not counted.
    for (int i = 0; i < 20; ++i) {
        CHECK(!attempt_of(use, 0).code);
        allocated = std::min(allocated, blocks.load());
    }
    int n = 1;
    for (;; ++n) {
        auto f = attempt_of(use, n);
        f.path.reset(); // it is memory
        if (!failed) {
            CHECK(!f.code);
            break;
        }
        const bool right =
            f.code == error_code{EIO, boost::system::system_category()} ||
            (!f.code && is_a_detail(failed.load()));
        if (!right)
            std::fprintf(stderr, "%s, call %d: %s failed: %s (%s)\n", what, n,
                         failed.load(), f.code.message().c_str(),
                         f.syscall ? f.syscall : "");
        CHECK(right);
        const bool settled = settles(allocated);
        if (descriptors() != open || !settled)
            std::fprintf(stderr,
                         "%s, call %d: %s failed: %zd descriptors and %ld "
                         "blocks are lost\n",
                         what, n, failed.load(), descriptors() - open,
                         blocks.load() - allocated);
        CHECK(descriptors() == open);
        CHECK(settled);
    }
    std::printf("%s: %d calls failed\n", what, n - 1);
    CHECK(n > 5);
}

} // namespace emilua::test
