// SPDX-License-Identifier: MIT OR BSL-1.0
#include "test_vm.hpp"

#include "core/signal_hub.hpp"

#include <boost/asio/error.hpp>

#include <csignal>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace emilua;
using namespace emilua::test;
using boost::asio::error::operation_aborted;

namespace {

void send(int signo) { ::kill(::getpid(), signo); }

int next(test_vm& vm, signal_subscription& set) {
    pending<int> op{vm};
    set.wait(op.completion());
    op.wait();
    return op.value();
}

/// Signals are handed on in the order they came, so when this one has been,
/// all before it have.
void settle(test_vm& vm) {
    signal_subscription fence;
    fence.add(SIGURG);
    send(SIGURG);
    next(vm, fence);
}

auto disposition(int signo) {
    struct sigaction a {};
    ::sigaction(signo, nullptr, &a);
    return a.sa_handler;
}

void queueing(test_vm& vm) {
    signal_subscription set, other;
    set.add(SIGUSR1);
    set.add(SIGUSR2);
    set.add(SIGUSR2);
    other.add(SIGUSR2);

    pending<int> waiting{vm};
    set.wait(waiting.completion());
    CHECK(!waiting.done());
    send(SIGUSR1);
    waiting.wait();
    CHECK(waiting.value() == SIGUSR1);

    send(SIGUSR2);
    send(SIGUSR1);
    settle(vm);
    send(SIGUSR2);
    settle(vm);
    CHECK(next(vm, set) == SIGUSR1);
    CHECK(next(vm, set) == SIGUSR2);
    CHECK(next(vm, set) == SIGUSR2);
    CHECK(next(vm, other) == SIGUSR2);

    vm.inline_budget = 0;
    pending<int> kept{vm};
    other.wait(kept.completion());
    CHECK(!kept.done());
    kept.wait();
    CHECK(kept.value() == SIGUSR2);
    vm.inline_budget = vm::default_inline_budget;

    send(SIGUSR1);
    settle(vm);
    set.remove(SIGUSR1);
    set.remove(SIGUSR1);
    set.add(SIGUSR1);
    send(SIGUSR2);
    CHECK(next(vm, set) == SIGUSR2);
}

void cancelling(test_vm& vm) {
    signal_subscription set;
    set.add(SIGUSR1);
    pending<int> first{vm}, second{vm}, third{vm};
    set.wait(first.completion());
    set.wait(second.completion());
    set.wait(third.completion());
    second.cancel();
    second.wait();
    CHECK(second.error() == operation_aborted);
    CHECK(!first.done() && !third.done());
    send(SIGUSR1);
    first.wait();
    CHECK(first.value() == SIGUSR1 && !third.done());
    set.cancel();
    third.wait();
    CHECK(third.error() == operation_aborted);
}

void dispositions() {
    auto& hub = signal_hub::instance();
    std::signal(SIGPIPE, SIG_IGN);
    {
        signal_subscription set;
        set.add(SIGPIPE);
        const auto busy = [](const failure& f) {
            return f.code.value() == EBUSY && f.argument;
        };
        CHECK(busy(failure_of([&] { hub.ignore(SIGPIPE); })));
        CHECK(busy(failure_of([&] { hub.restore_default(SIGPIPE); })));
    }
    CHECK(disposition(SIGPIPE) == SIG_IGN);
    hub.restore_default(SIGPIPE);
    CHECK(disposition(SIGPIPE) == SIG_DFL);
    hub.ignore(SIGPIPE);
    CHECK(disposition(SIGPIPE) == SIG_IGN);

    std::signal(SIGUSR1, [](int) {});
    CHECK(failure_of([&] { hub.ignore(SIGUSR1); }).code.value() == EBUSY);
    CHECK(disposition(SIGUSR1) != SIG_IGN);
    std::signal(SIGUSR1, SIG_DFL);

    signal_subscription set;
    for (int bad : {-1, 0, SIGKILL, SIGSTOP, 32, 65, 1 << 20}) {
        CHECK(is_invalid(failure_of([&] { set.add(bad); }), "signal"));
        CHECK(is_invalid(failure_of([&] { hub.ignore(bad); }), "signal"));
    }
    set.add(SIGRTMIN);
}

/// A fault of the program's own ends it, watched or not.
void faults() {
    signal_subscription set;
    set.add(SIGSEGV);
    void* forbidden =
        ::mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const pid_t child = ::fork();
    if (child == 0) {
        *static_cast<volatile char*>(forbidden) = 1;
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

/// The hub hears of signals that every other thread blocks.
void blocked_elsewhere(test_vm& vm) {
    signal_subscription set;
    set.add(SIGUSR1);
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
    block_signals_on_this_thread();
    send(SIGUSR1);
    CHECK(next(vm, set) == SIGUSR1);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

} // namespace

int main() {
    thread_pool pool{1};
    test_vm vm{pool};
    queueing(vm);
    cancelling(vm);
    dispositions();
    faults();
    blocked_elsewhere(vm);
    CHECK(vm.outstanding == 0);
    return failures != 0;
}
