// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/signal_hub.hpp"

#include "core/native_signal_source.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <csignal>

namespace emilua {

namespace {

error_code system_error(int code) noexcept {
    return {code, boost::system::system_category()};
}

struct sigaction disposition(int signo) {
    struct sigaction action {};
    if (::sigaction(signo, nullptr, &action) == -1)
        throw_errno("sigaction", "signal");
    return action;
}

void set_disposition(int signo, void (*to)(int)) {
    struct sigaction action {};
    action.sa_handler = to;
    if (::sigaction(signo, &action, nullptr) == -1)
        throw_errno("sigaction", "signal");
}

bool has_handler(const struct sigaction& a) noexcept {
    return (a.sa_flags & SA_SIGINFO) != 0 ||
           (a.sa_handler != SIG_DFL && a.sa_handler != SIG_IGN);
}

} // namespace

signal_hub& signal_hub::instance() {
    static signal_hub hub;
    return hub;
}

signal_hub::~signal_hub() {
    // Its thread delivers until it ends.
    native_.reset();
}

void signal_hub::use(signal_source& source) {
    const std::lock_guard lock{mutex_};
    host_ = &source;
}

signal_source& signal_hub::source() {
    if (host_) return *host_;
    if (!native_) {
        native_ = make_native_signal_source(
            [this](int signo) { this->delivered(signo); });
    }
    return *native_;
}

void signal_hub::check(int signo) {
    // glibc keeps the first two real-time signals to itself.
    if (signo < 1 || signo >= signals || signo == SIGKILL || signo == SIGSTOP ||
        (signo > 31 && signo < SIGRTMIN))
        throw_invalid_argument("signal", "a signal that can be caught");
}

void signal_hub::delivered(int signo) {
    const auto n = static_cast<std::size_t>(signo);
    // Locked to the end: a set cannot go, nor the context behind it, before
    // this thread has let go of both.
    const std::lock_guard lock{mutex_};
    for (auto* s : subscriptions_.at(n)) {
        if (s->waiters_.empty()) {
            ++s->notifications_[n];
        } else {
            s->waiters_.front().completion.complete_later(error_code{}, signo);
            s->waiters_.pop_front();
        }
    }
}

void signal_hub::refuse_if_held(int signo) const {
    if (!subscriptions_[static_cast<std::size_t>(signo)].empty())
        throw failure{system_error(EBUSY), nullptr, "signal"};
}

void signal_hub::ignore(int signo) {
    check(signo);
    const std::lock_guard lock{mutex_};
    refuse_if_held(signo);
    const auto n = static_cast<std::size_t>(signo);
    if (host_) {
        if (!swallowed_[n]) host_->watch(signo);
        swallowed_.set(n);
        return;
    }
    if (has_handler(disposition(signo)))
        throw failure{system_error(EBUSY), nullptr, "signal"};
    set_disposition(signo, SIG_IGN);
}

void signal_hub::restore_default(int signo) {
    check(signo);
    const std::lock_guard lock{mutex_};
    refuse_if_held(signo);
    const auto n = static_cast<std::size_t>(signo);
    if (swallowed_[n]) {
        host_->unwatch(signo);
        swallowed_.reset(n);
    }
    if (!has_handler(disposition(signo)))
        set_disposition(signo, SIG_DFL);
    else if (!host_)
        throw failure{system_error(EBUSY), nullptr, "signal"};
}

bool signal_hub::swallows(int signo) {
    const std::lock_guard lock{mutex_};
    return swallowed_[static_cast<std::size_t>(signo)];
}

// --- one set ----------------------------------------------------------------

signal_subscription::~signal_subscription() {
    clear();
    for (auto& w : waiters_) w.completion.get_cancellation_slot().clear();
}

void signal_subscription::add(int signo) {
    signal_hub::check(signo);
    auto& hub = signal_hub::instance();
    const auto n = static_cast<std::size_t>(signo);
    const std::lock_guard lock{hub.mutex_};
    if (held_[n]) return;
    auto& holders = hub.subscriptions_[n];
    holders.reserve(holders.size() + 1);
    if (holders.empty() && !hub.swallowed_[n]) hub.source().watch(signo);
    holders.push_back(this);
    held_.set(n);
}

void signal_subscription::remove(int signo) {
    signal_hub::check(signo);
    const std::lock_guard lock{signal_hub::instance().mutex_};
    remove_locked(signo);
}

void signal_subscription::clear() {
    const std::lock_guard lock{signal_hub::instance().mutex_};
    for (int signo = 1; signo < signal_hub::signals; ++signo)
        remove_locked(signo);
}

void signal_subscription::remove_locked(int signo) {
    auto& hub = signal_hub::instance();
    const auto n = static_cast<std::size_t>(signo);
    if (!held_[n]) return;
    held_.reset(n);
    notifications_[n] = 0;
    auto& holders = hub.subscriptions_[n];
    std::erase(holders, this);
    if (holders.empty() && !hub.swallowed_[n]) hub.source().unwatch(signo);
}

int signal_subscription::take_notification() {
    for (int signo = 1; signo < signal_hub::signals; ++signo) {
        auto& n = notifications_[static_cast<std::size_t>(signo)];
        if (n == 0) continue;
        --n;
        return signo;
    }
    return 0;
}

void signal_subscription::wait(handler<int> h) {
    auto& op = h.op();
    int signo;
    {
        const std::lock_guard lock{signal_hub::instance().mutex_};
        signo = take_notification();
        if (signo == 0) {
            waiters_.push_back(
                {boost::asio::make_work_guard(h.owner().io().get_executor()),
                 std::move(h)});
        }
    }
    if (signo != 0) {
        if (h.may_complete_inline()) return h(error_code{}, signo);
        return h.complete_later(error_code{}, signo);
    }
    // On the VM's turn, as the completion will be: it cannot come in between.
    op.cancellation_slot().assign(
        [this, &op](boost::asio::cancellation_type) { cancel(op); });
}

void signal_subscription::cancel() {
    std::list<waiter> canceled;
    {
        const std::lock_guard lock{signal_hub::instance().mutex_};
        canceled.swap(waiters_);
    }
    for (auto& w : canceled)
        w.completion.complete_later(boost::asio::error::operation_aborted, 0);
}

void signal_subscription::cancel(operation& op) {
    std::list<waiter> canceled;
    {
        const std::lock_guard lock{signal_hub::instance().mutex_};
        auto at = std::find_if(
            waiters_.begin(), waiters_.end(),
            [&](const waiter& w) { return &w.completion.op() == &op; });
        if (at == waiters_.end()) return;
        canceled.splice(canceled.end(), waiters_, at);
    }
    for (auto& w : canceled)
        w.completion.complete_later(boost::asio::error::operation_aborted, 0);
}

} // namespace emilua
