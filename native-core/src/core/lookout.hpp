// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace emilua {

/// The calling thread has work, for as long as this lives. One that looks out
/// has.
class busy_thread {
public:
    busy_thread() noexcept {
        if (depth_++ == 0) count_.fetch_add(1, std::memory_order_relaxed);
    }
    busy_thread(const busy_thread&) = delete;
    busy_thread& operator=(const busy_thread&) = delete;
    ~busy_thread() {
        if (--depth_ == 0) count_.fetch_sub(1, std::memory_order_relaxed);
    }

    /// Whether each of them may have a processor to itself.
    static bool all_have_processors() noexcept;

private:
    static std::atomic<int> count_;
    static thread_local constinit int depth_;
};

/// Of a thread that runs out of work: looks for some microseconds whether a
/// message comes from another one, because to sleep and be woken takes longer.
///
/// Only while that pays. It is tried now and then if a message has come since
/// it was thought of last, and always as long as it mostly succeeds. The longer
/// it does not, or where others wait for the processor, the more messages come
/// before it is tried again. See docs-site/decisions/looking-out.md.
class lookout {
public:
    /// A message is about to be handed in. Any other thread.
    void message_comes() noexcept {
        messages_.fetch_add(1, std::memory_order_release);
    }

    /// A message has come from another process: nobody will tell of the next
    /// one beforehand. A thread of the context.
    void message_came() noexcept;

    /// Whether to look now. Once before each sleep.
    bool is_promising() noexcept;

    /// Whether there is work: `has_work` is asked at once, when a message comes
    /// and every ten microseconds or so; all the time while messages come from
    /// other processes.
    template <class F> bool look(F has_work) {
        if (found_.exchange(false, std::memory_order_relaxed))
            in_vain(clock::duration::zero());
        const auto before = messages_.load(std::memory_order_acquire);
        if (has_work()) return true;
        const busy_thread looks;
        const bool untold = untold_.load(std::memory_order_relaxed);
        watch time;
        do {
            if (untold) {
                if (has_work()) {
                    time.goes_on();
                    found(before, time.pause());
                    return true;
                }
                continue;
            }
            for (int i = 0; i < looks_between_times; ++i) {
                if (messages_.load(std::memory_order_acquire) != before &&
                    has_work()) {
                    succeeded();
                    return true;
                }
                pause();
            }
            if (time.asks() && has_work()) return true;
        } while (time.goes_on());
        in_vain(time.pause());
        return false;
    }

private:
    using clock = std::chrono::steady_clock;

    class watch {
    public:
        bool goes_on() noexcept;
        bool asks() noexcept;
        /// For how long the processor was somebody else's, if it was.
        clock::duration pause() const noexcept { return pause_; }

    private:
        const clock::time_point begin_ = clock::now();
        clock::time_point last_ = begin_;
        clock::time_point asked_ = begin_;
        clock::duration pause_{};
    };

    static constexpr int looks_between_times = 32;

    static void pause() noexcept {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("isb" ::: "memory");
#endif
    }

    void found(unsigned before, clock::duration pause) noexcept;
    void succeeded() noexcept;
    void in_vain(clock::duration pause) noexcept;

    static constexpr unsigned first_interval = 8, longest_interval = 8192;

    std::atomic<unsigned> messages_ = 0;
    // What was learned. Several threads of one context may mix that up, which
    // does no harm.
    std::atomic<unsigned> seen_ = 0;
    /// How often it may be in vain from now on.
    std::atomic<unsigned> trust_ = 0;
    /// How many sleeps after a message it is left alone.
    std::atomic<unsigned> interval_ = first_interval;
    std::atomic<unsigned> left_alone_ = 0;
    /// Other processes send, too.
    std::atomic<bool> untold_ = false;
    /// A look found something, which may be such a message.
    std::atomic<bool> found_ = false;
};

/// A context that looks out for messages of other processes.
class listening_context {
public:
    /// As `lookout::message_came`.
    virtual void message_came() noexcept = 0;

protected:
    ~listening_context() = default;
};

} // namespace emilua
