// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/lookout.hpp"

#include <emilua/vm.hpp>

#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace emilua {

/// A context that can be run by more threads than now.
class growing_context {
public:
    /// Adds threads; call it on the only thread there is so far, or on any
    /// once there are several. Throws `failure`: EAGAIN, and ENOTSUP if it was
    /// made for one.
    virtual void add_threads(std::size_t count) = 0;

protected:
    ~growing_context() = default;
};

/// A context run by native threads. One thread pays for no lock that can be
/// left out; `add_threads` makes it a pool.
class thread_pool final : public context,
                          public growing_context,
                          public listening_context {
public:
    /// `concurrency_hint` as in Asio: a suggestion of how many threads will
    /// run it at once. After 1 Asio never wakes a second thread, so only who
    /// adds none says so.
    explicit thread_pool(int concurrency_hint = 0);
    ~thread_pool() override;

    void post(std::function<void()> f) override;
    void wake(std::function<void()> f) override;
    void message_comes() noexcept override;
    void message_came() noexcept override { lookout_.message_came(); }

    void add_threads(std::size_t count) override;

    /// Runs on the calling thread until nothing is left to do, and then waits
    /// for the added threads.
    void run();

private:
    class waking;
    /// Runs `f`, and programs that it wakes.
    void run_posted(std::function<void()> f);
    /// Runs what is ready until there is nothing left to wait for.
    void run_completions();
    /// Runs what is ready now; how much that was.
    std::size_t poll();
    /// Looks for a while whether another thread hands something in, as long as
    /// that pays.
    void look_out();

    /// The pool of which the calling thread, and no other, runs programs.
    static thread_local constinit thread_pool* here_;

    bool for_one_thread_;
    /// Only where `here_` is this pool.
    std::deque<std::function<void()>> woken_;
    lookout lookout_;
    bool looking_out_ = false;
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

/// Blocks every signal on the calling thread: signals belong to the thread
/// that runs the signal hub. Faults stay where they happen.
void block_signals_on_this_thread() noexcept;

} // namespace emilua
