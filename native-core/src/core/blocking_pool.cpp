// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/blocking_pool.hpp"

#include "core/thread_pool.hpp"

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>

namespace emilua {
namespace {

/// Threads are started on demand, end when they were idle for a while, and are
/// never waited for, not even by the end of the process.
class threads_on_demand final : public blocking_pool {
public:
    threads_on_demand(const char* name, std::size_t limit) noexcept
        : name_{name}, limit_{limit} {}

    void submit(blocking_job& job) override {
        const std::lock_guard lock{mutex_};
        push_back(job);
        if (idle_ >= queued_) return wake_.notify_one();
        if (threads_ == limit_) return;
        try {
            add_thread();
        } catch (const std::system_error& e) {
            if (threads_ > 0) return;
            unlink(job);
            throw failure{
                error_code{e.code().value(), boost::system::system_category()},
                "pthread_create"};
        }
    }

    bool take_back(blocking_job& job) noexcept override {
        const std::lock_guard lock{mutex_};
        if (!job.queued) return false;
        unlink(job);
        return true;
    }

    void disown(blocking_job& job) noexcept override {
        const std::lock_guard lock{mutex_};
        if (!job.disowned || *job.disowned || lost_ == most_lost) return;
        *job.disowned = true;
        ++lost_;
        --threads_;
        if (!first_) return;
        try {
            add_thread();
        } catch (const std::system_error&) {
            // The first that is done goes on with the queue.
        }
    }

private:
    static constexpr std::chrono::seconds idle_time{5};
    /// A bound on the threads whose job nobody waits for any more.
    static constexpr std::size_t most_lost = 256;

    void add_thread() {
        std::thread{[this] { run(); }}.detach();
        ++threads_;
    }

    void run() {
        block_signals_on_this_thread();
        ::pthread_setname_np(::pthread_self(), name_);
        std::unique_lock lock{mutex_};
        for (;;) {
            if (!first_) {
                ++idle_;
                const bool woken =
                    wake_.wait_for(lock, idle_time, [this] { return first_; });
                --idle_;
                if (!woken) break;
            }
            auto job = first_->shared_from_this();
            unlink(*job);
            bool disowned = false;
            job->disowned = &disowned;
            lock.unlock();
            job->execute();
            lock.lock();
            job->disowned = nullptr;
            if (disowned) {
                --lost_;
                ++threads_;
            }
            if (threads_ > limit_) break;
            // What it holds is not destroyed under the lock.
            lock.unlock();
            job.reset();
            lock.lock();
        }
        --threads_;
    }

    void push_back(blocking_job& job) noexcept {
        job.queued = true;
        job.before = last_;
        job.behind = nullptr;
        (last_ ? last_->behind : first_) = &job;
        last_ = &job;
        ++queued_;
    }

    void unlink(blocking_job& job) noexcept {
        job.queued = false;
        (job.before ? job.before->behind : first_) = job.behind;
        (job.behind ? job.behind->before : last_) = job.before;
        --queued_;
    }

    const char* const name_;
    const std::size_t limit_;
    std::mutex mutex_;
    std::condition_variable wake_;
    blocking_job *first_ = nullptr, *last_ = nullptr;
    std::size_t queued_ = 0, threads_ = 0, idle_ = 0, lost_ = 0;
};

std::size_t general_limit() {
    constexpr std::size_t usual = 16, most = 1024;
    const char* text = std::getenv("EMILUA_POOL_THREADS");
    if (!text) return usual;
    std::size_t n = 0;
    const auto* end = text + std::strlen(text);
    const auto r = std::from_chars(text, end, n);
    return r.ec == std::errc{} && r.ptr == end && n >= 1 && n <= most ? n
                                                                      : usual;
}

/// Lives until the process is gone: threads may still use it then.
template <class Make> blocking_pool& immortal(Make make) {
    alignas(
        threads_on_demand) static std::byte storage[sizeof(threads_on_demand)];
    static auto* const pool = make(storage);
    return *pool;
}

} // namespace

blocking_pool& general_pool() {
    return immortal([](void* where) {
        return ::new (where) threads_on_demand{"emilua-pool", general_limit()};
    });
}

blocking_pool& resolver_pool() {
    return immortal([](void* where) {
        return ::new (where) threads_on_demand{"emilua-lookup", 16};
    });
}

} // namespace emilua
