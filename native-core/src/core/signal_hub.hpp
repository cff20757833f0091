// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <array>
#include <bitset>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace emilua {

class signal_subscription;

/// What catches signals. Under a host that has its own way (libuv), that is
/// the only one: two that set handlers for themselves undo each other.
///
/// Both functions are called with the hub locked, on any thread, once for each
/// change; they do not call the hub back.
class signal_source {
public:
    virtual ~signal_source() = default;
    /// From now on each `signo` ends in `signal_hub::delivered`. Throws
    /// `failure`.
    virtual void watch(int signo) = 0;
    /// Leaves `signo` to whoever had it before.
    virtual void unwatch(int signo) = 0;
};

/// The one place of the process where signals arrive; every set that holds a
/// signal gets its own notification.
class signal_hub {
public:
    static constexpr int signals = 65;

    static signal_hub& instance();

    signal_hub(const signal_hub&) = delete;
    signal_hub& operator=(const signal_hub&) = delete;

    /// Takes signals from the host's `source` instead of catching them here.
    /// Said before any signal is watched; the source outlives every set.
    void use(signal_source& source);

    /// A signal arrived. Any thread, but never from a signal handler, nor from
    /// inside `signal_source`.
    void delivered(int signo);

    /// Changes the disposition. EBUSY while a set, or a handler that is not
    /// ours, holds the signal.
    void ignore(int signo);
    void restore_default(int signo);
    /// Whether a host catches `signo` so that it has no effect. To the system
    /// that is not the same as ignoring it.
    bool swallows(int signo);

    /// EINVAL "signal" unless a program may catch `signo`.
    static void check(int signo);

private:
    friend class signal_subscription;

    signal_hub() = default;
    ~signal_hub();

    signal_source& source();
    void refuse_if_held(int signo) const;

    std::mutex mutex_;
    signal_source* host_ = nullptr;
    std::unique_ptr<signal_source> native_;
    /// Watched for nobody, so that the signal has no effect: how a host's
    /// signal is ignored without touching its handlers.
    std::bitset<signals> swallowed_;
    std::array<std::vector<signal_subscription*>, signals> subscriptions_;
};

/// The signals of one set, and who waits for them. All but the completions on
/// the VM's turn.
class signal_subscription {
public:
    signal_subscription() = default;
    ~signal_subscription();
    signal_subscription(const signal_subscription&) = delete;
    signal_subscription& operator=(const signal_subscription&) = delete;

    void add(int signo);
    /// Forgets the notifications of `signo` too.
    void remove(int signo);
    void clear();
    /// Every pending wait fails with operation_aborted.
    void cancel();
    void wait(handler<int> h);

private:
    friend class signal_hub;

    struct waiter {
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
            work;
        handler<int> completion;
    };

    void remove_locked(int signo);
    void cancel(operation& op);
    /// The lowest signal that has a notification; 0 for none.
    int take_notification();

    std::bitset<signal_hub::signals> held_;
    std::array<unsigned, signal_hub::signals> notifications_{};
    std::list<waiter> waiters_;
};

} // namespace emilua
