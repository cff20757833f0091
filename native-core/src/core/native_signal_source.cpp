// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/native_signal_source.hpp"

#include <atomic>
#include <csignal>
#include <map>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace emilua {

namespace {

/// The pipe's end that handlers write to; they can reach nothing but globals.
std::atomic<int> handlers_end{-1};
static_assert(std::atomic<int>::is_always_lock_free);

bool is_fault(int signo) noexcept {
    return signo == SIGSEGV || signo == SIGBUS || signo == SIGFPE ||
           signo == SIGILL || signo == SIGTRAP;
}

extern "C" void emilua_on_signal(int signo, siginfo_t* info, void*) {
    const int saved = errno;
    if (is_fault(signo) && info->si_code > 0) {
        // A fault of the program itself happens again as soon as this
        // returns, and shall end the process as if nobody listened.
        std::signal(signo, SIG_DFL);
    } else {
        const auto byte = static_cast<unsigned char>(signo);
        [[maybe_unused]] const auto n =
            ::write(handlers_end.load(std::memory_order_relaxed), &byte, 1);
    }
    errno = saved;
}

class native_signal_source final : public signal_source {
public:
    explicit native_signal_source(std::function<void(int)> delivered)
        : delivered_{std::move(delivered)} {
        if (::pipe2(pipe_, O_CLOEXEC) == -1) throw_errno("pipe2");
        // A handler must not wait for the thread below.
        ::fcntl(pipe_[1], F_SETFL, O_NONBLOCK);
        handlers_end = pipe_[1];
        try {
            thread_ = std::thread{[this] { listen(); }};
        } catch (const std::system_error& e) {
            close();
            throw failure{
                error_code{e.code().value(), boost::system::system_category()},
                "pthread_create"};
        }
    }

    ~native_signal_source() override {
        for (const auto& [signo, before] : found_)
            ::sigaction(signo, &before, nullptr);
        const unsigned char stop = 0;
        while (::write(pipe_[1], &stop, 1) == -1) std::this_thread::yield();
        thread_.join();
        close();
    }

    void watch(int signo) override {
        struct sigaction action {
        }, before{};
        action.sa_sigaction = &emilua_on_signal;
        action.sa_flags = SA_RESTART | SA_SIGINFO;
        sigfillset(&action.sa_mask);
        if (::sigaction(signo, &action, &before) == -1)
            throw_errno("sigaction", "signal");
        found_.emplace(signo, before);
    }

    void unwatch(int signo) override {
        const auto before = found_.extract(signo);
        if (before) ::sigaction(signo, &before.mapped(), nullptr);
    }

private:
    void close() noexcept {
        handlers_end = -1;
        ::close(pipe_[0]);
        ::close(pipe_[1]);
    }

    void listen() {
        // Pool threads block every signal, and an embedder's main thread may:
        // this one takes what nobody else does.
        sigset_t none;
        sigemptyset(&none);
        pthread_sigmask(SIG_SETMASK, &none, nullptr);
        for (;;) {
            // Unlike read(), poll() ends when a handler ran: where handlers are
            // put off until a call returns (ThreadSanitizer), they still run.
            pollfd readable{pipe_[0], POLLIN, 0};
            if (::poll(&readable, 1, -1) == -1) continue;
            unsigned char signo;
            const auto n = ::read(pipe_[0], &signo, 1);
            if (n == -1 && errno == EINTR) continue;
            if (n != 1 || signo == 0) return;
            delivered_(signo);
        }
    }

    std::function<void(int)> delivered_;
    int pipe_[2] = {-1, -1};
    std::map<int, struct sigaction> found_;
    std::thread thread_;
};

} // namespace

std::unique_ptr<signal_source>
make_native_signal_source(std::function<void(int)> delivered) {
    return std::make_unique<native_signal_source>(std::move(delivered));
}

} // namespace emilua
