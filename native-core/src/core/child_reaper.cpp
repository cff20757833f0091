// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/child_reaper.hpp"

#include "core/thread_pool.hpp"

#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace emilua {

namespace {

/// Whether the child behind `pidfd` is gone now; waits for it, if told to.
bool reap(int pidfd, bool wait) noexcept {
    siginfo_t info{};
    const int options = WEXITED | __WALL | (wait ? 0 : WNOHANG);
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, options) == -1)
        if (errno != EINTR) return true;
    return info.si_pid != 0;
}

/// Nobody reads any more what handlers note, and who asks a process to end that
/// waits for others is not to ask in vain.
void let_signals_end_the_process() noexcept {
    sigset_t signals;
    sigemptyset(&signals);
    for (int signo : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) {
        sigaddset(&signals, signo);
        struct sigaction action {};
        if (::sigaction(signo, nullptr, &action) == 0 &&
            action.sa_handler != SIG_IGN)
            std::signal(signo, SIG_DFL);
    }
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

} // namespace

child_reaper& child_reaper::instance() {
    // Lives until the process is gone: threads may still lose children then.
    static child_reaper& r = []() -> child_reaper& {
        auto* made = new child_reaper;
        std::atexit([] { instance().finish(); });
        return *made;
    }();
    return r;
}

void child_reaper::add(child_process& child) {
    const std::lock_guard lock{mutex_};
    children_.insert(&child);
}

void child_reaper::remove(child_process& child) noexcept {
    const std::lock_guard lock{mutex_};
    children_.erase(&child);
}

void child_reaper::adopt(unique_descriptor pidfd) noexcept {
    const int fd = pidfd.get();
    if (reap(fd, false)) return;
    const std::lock_guard lock{mutex_};
    orphans_.emplace(fd, std::move(pidfd));
    // Where there can be no thread, the next orphan tries again, or the end.
    if (!ended_ && !start_thread()) return;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(ended_.get(), EPOLL_CTL_ADD, fd, &event);
}

bool child_reaper::start_thread() noexcept {
    unique_descriptor ended{::epoll_create1(EPOLL_CLOEXEC)};
    if (!ended) return false;
    for (const auto& [fd, orphan] : orphans_) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        ::epoll_ctl(ended.get(), EPOLL_CTL_ADD, fd, &event);
    }
    ended_ = std::move(ended);
    try {
        std::thread{[this] { run(); }}.detach();
        return true;
    } catch (const std::system_error&) {
        ended_.reset();
        return false;
    }
}

void child_reaper::run() {
    block_signals_on_this_thread();
    ::pthread_setname_np(::pthread_self(), "emilua-reaper");
    for (;;) {
        epoll_event events[32];
        const int n = ::epoll_wait(ended_.get(), events, 32, -1);
        const std::lock_guard lock{mutex_};
        for (int i = 0; i < n; ++i) {
            const auto at = orphans_.find(events[i].data.fd);
            if (at != orphans_.end() && reap(at->first, false))
                orphans_.erase(at);
        }
        if (!orphans_.empty()) continue;
        ended_.reset();
        return;
    }
}

void child_reaper::finish() noexcept {
    // Not at the end of a copy of the process.
    if (::getpid() != process_ || left_) return;
    const std::lock_guard lock{mutex_};
    // Before they hear of it, who may tell others.
    if (!children_.empty() || !orphans_.empty()) let_signals_end_the_process();
    for (auto* child : children_) {
        if (child->reaped() || child->farewell_signal_ == 0) continue;
        ::syscall(SYS_pidfd_send_signal, child->pidfd(),
                  child->farewell_signal_, nullptr, 0);
    }
    for (auto* child : children_)
        if (!child->reaped()) reap(child->pidfd(), true);
    for (const auto& [fd, orphan] : orphans_) reap(fd, true);
}

} // namespace emilua
