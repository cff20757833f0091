// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/thread_pool.hpp"

#include <boost/asio/post.hpp>

#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>

namespace emilua {

void block_signals_on_this_thread() noexcept {
    sigset_t all;
    sigfillset(&all);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT})
        sigdelset(&all, fault);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

namespace {

void report(const std::exception& e) {
    const auto* f = dynamic_cast<const failure*>(&e);
    std::fprintf(stderr, "A completion failed: %s\n",
                 f ? f->code.message().c_str() : e.what());
}

} // namespace

thread_pool::thread_pool(int concurrency_hint)
    : for_one_thread_{concurrency_hint == 1} {
    io_ = std::make_unique<boost::asio::io_context>(concurrency_hint);
}

thread_pool::~thread_pool() {
    for (auto& t : threads_)
        if (t.joinable()) t.join();
}

thread_local constinit thread_pool* thread_pool::here_ = nullptr;

/// While it lives, programs that are woken on this thread run on it next. Those
/// that are left in the end go through Asio's queue after all.
class thread_pool::waking {
public:
    explicit waking(thread_pool& pool) noexcept : pool_{pool} { here_ = &pool; }
    waking(const waking&) = delete;
    waking& operator=(const waking&) = delete;
    ~waking() {
        here_ = nullptr;
        for (auto& f : pool_.woken_) pool_.post(std::move(f));
        pool_.woken_.clear();
    }

private:
    thread_pool& pool_;
};

void thread_pool::post(std::function<void()> f) {
    boost::asio::post(
        *io_, [this, f = std::move(f)]() mutable { run_posted(std::move(f)); });
}

void thread_pool::wake(std::function<void()> f) {
    if (here_ == this && !multi_threaded_)
        woken_.push_back(std::move(f));
    else
        post(std::move(f));
}

void thread_pool::run_posted(std::function<void()> f) {
    // Then those have their turn who wait in Asio's queue, or for descriptors.
    constexpr int most = 16;
    if (multi_threaded_) return f();
    {
        const waking those_woken{*this};
        f();
        for (int n = 0; n < most && !woken_.empty(); ++n) {
            f = std::move(woken_.front());
            woken_.pop_front();
            f();
        }
        f = nullptr;
    }
    look_out();
}

void thread_pool::message_comes() noexcept {
    if (here_ != this && !io_->get_executor().running_in_this_thread())
        lookout_.message_comes();
}

// Where several threads run the context, one of them sleeps and is woken for
// what comes.
void thread_pool::look_out() {
    if (multi_threaded_ || looking_out_ || !lookout_.is_promising()) return;
    looking_out_ = true;
    const auto has_polled = [this] { return poll() > 0; };
    while (!multi_threaded_ && lookout_.look(has_polled)) continue;
    looking_out_ = false;
}

void thread_pool::add_threads(std::size_t count) {
    if (for_one_thread_)
        throw failure{error_code{ENOTSUP, boost::system::system_category()}};
    // Threads start at once only if one was there to say so, so nothing else
    // runs in this context while the flag changes.
    multi_threaded_ = true;
    for (auto& f : woken_) post(std::move(f));
    woken_.clear();
    const std::lock_guard lock{mutex_};
    try {
        for (; count > 0; --count) {
            threads_.emplace_back([this] {
                block_signals_on_this_thread();
                run_completions();
            });
        }
    } catch (const std::system_error& e) {
        throw failure{
            error_code{e.code().value(), boost::system::system_category()},
            "pthread_create", "count"};
    }
}

// What leaves a completion has ended the operation whose handler was in it
// (see vm::lost).
void thread_pool::run_completions() {
    for (;;) {
        try {
            io_->run();
            return;
        } catch (const std::exception& e) {
            report(e);
        }
    }
}

std::size_t thread_pool::poll() {
    try {
        return io_->poll();
    } catch (const std::exception& e) {
        report(e);
        return 1;
    }
}

void thread_pool::run() {
    run_completions();
    for (;;) {
        std::vector<std::thread> done;
        {
            const std::lock_guard lock{mutex_};
            done.swap(threads_);
        }
        if (done.empty()) return;
        for (auto& t : done) t.join();
    }
}

} // namespace emilua
