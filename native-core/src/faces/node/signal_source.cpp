// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/signal_source.hpp"

#include "core/thread_pool.hpp"

#include <uv.h>

#include <poll.h>

#include <system_error>
#include <thread>

namespace emilua::node {
namespace {

void check(int status, const char* syscall) {
    if (status < 0)
        throw failure{error_code{-status, boost::system::system_category()},
                      syscall, "signal"};
}

/// A loop that nobody runs for longer than it takes to see what is there: so
/// any thread can start and stop its handles, under the mutex, and what it
/// asked for holds when it returns.
class uv_source final : public signal_source {
public:
    uv_source() {
        check(uv_loop_init(&loop_), "uv_loop_init");
        check(uv_async_init(&loop_, &wake_, nullptr), "eventfd");
        uv_run(&loop_, UV_RUN_NOWAIT);
        try {
            std::thread{[this] { listen(); }}.detach();
        } catch (const std::system_error& e) {
            check(-e.code().value(), "pthread_create");
        }
    }

    void watch(int signo) override {
        const std::lock_guard lock{mutex_};
        auto& h = handles_.at(static_cast<std::size_t>(signo));
        if (!h.data) {
            check(uv_signal_init(&loop_, &h), "uv_signal_init");
            h.data = this;
        }
        check(uv_signal_start(&h, &on_signal, signo), "sigaction");
        // libuv puts what is new into its epoll set when it runs.
        uv_run(&loop_, UV_RUN_NOWAIT);
        if (!arrived_.empty()) uv_async_send(&wake_);
    }

    void unwatch(int signo) override {
        const std::lock_guard lock{mutex_};
        auto& h = handles_.at(static_cast<std::size_t>(signo));
        if (h.data) uv_signal_stop(&h);
    }

private:
    static void on_signal(uv_signal_t* handle, int signo) {
        static_cast<uv_source*>(handle->data)->arrived_.push_back(signo);
    }

    void listen() {
        block_signals_on_this_thread();
        pollfd readable{uv_backend_fd(&loop_), POLLIN, 0};
        std::vector<int> arrived;
        for (;;) {
            ::poll(&readable, 1, -1);
            {
                const std::lock_guard lock{mutex_};
                uv_run(&loop_, UV_RUN_NOWAIT);
                arrived.swap(arrived_);
            }
            // Not under our mutex: the hub holds its own while it calls us.
            for (const int signo : arrived)
                signal_hub::instance().delivered(signo);
            arrived.clear();
        }
    }

    std::mutex mutex_;
    uv_loop_t loop_;
    uv_async_t wake_;
    std::array<uv_signal_t, signal_hub::signals> handles_{};
    std::vector<int> arrived_;
};

/// Costs no thread while nobody watches a signal.
class lazy_source final : public signal_source {
public:
    void watch(int signo) override {
        if (!source_) source_ = std::make_unique<uv_source>();
        source_->watch(signo);
    }
    void unwatch(int signo) override { source_->unwatch(signo); }

private:
    std::unique_ptr<uv_source> source_;
};

} // namespace

signal_source& uv_signals() {
    // Never destroyed: its thread runs to the last.
    static auto& source = *std::make_unique<lazy_source>().release();
    return source;
}

} // namespace emilua::node
