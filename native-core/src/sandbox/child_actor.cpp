// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/child_actor.hpp"

#include <emilua/error.hpp>

#include <atomic>
#include <csignal>

#include <sys/epoll.h>
#include <sys/wait.h>

namespace emilua::sandbox {
namespace {

/// Programs that never start one do not ask for it at their end.
std::atomic<bool> any_started = false;

} // namespace

void child_actor::kill(int signo) {
    if (process_.send(signo) == 0) return;
    if (errno == ESRCH && signo == SIGKILL) return;
    throw_errno("pidfd_send_signal", errno == EINVAL ? "signo" : nullptr);
}

void child_actor::detach() {
    fork_server::instance().detach(pid());
    detached_ = true;
}

bool child_actor::ended() {
    const std::lock_guard lock{mutex_};
    if (status_) return true;
    exit_status s;
    ssize_t n;
    while ((n = ::read(process_.status.get(), &s, sizeof(s))) == -1)
        if (errno != EINTR) return false;
    // The server has ended, and took it along.
    if (n != sizeof(s)) s = {CLD_KILLED, SIGKILL};
    status_ = s;
    refused_ = group_.clear(process_.pidfd.get());
    return true;
}

std::string child_actor::reason() {
    if (!ended()) return {};
    auto how = *status_;
    if (const auto r = reports_ ? reports_->end() : std::nullopt) {
        if (const auto limit = limit_of(*r, refused_); !limit.empty())
            return "stopped by its limit of " + std::string{limit};
        how = WIFEXITED(r->status)
                  ? exit_status{CLD_EXITED, WEXITSTATUS(r->status)}
                  : exit_status{CLD_KILLED, WTERMSIG(r->status)};
    }
    if (how.code != CLD_EXITED)
        return "killed by signal " + std::to_string(how.status);
    return how.status == 0 ? "ended"
                           : "exited with status " + std::to_string(how.status);
}

child_actors& child_actors::instance() {
    static auto& one = *new child_actors;
    return one;
}

void child_actors::add(vm& starter, std::shared_ptr<child_actor> child) {
    const std::lock_guard lock{mutex_};
    any_started = true;
    if (!ended_) {
        ended_ = unique_descriptor{::epoll_create1(EPOLL_CLOEXEC)};
        if (!ended_) throw_errno("epoll_create1");
    }
    forget_ended();
    const int fd = child->status_fd();
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.fd = fd;
    if (::epoll_ctl(ended_.get(), EPOLL_CTL_ADD, fd, &e) == -1)
        throw_errno("epoll_ctl");
    all_[fd] = {&starter, std::move(child)};
}

// The lock is held.
void child_actors::forget_ended() noexcept {
    epoll_event events[16];
    int n;
    do {
        n = ::epoll_wait(ended_.get(), events, 16, 0);
        for (int i = 0; i < n; ++i) {
            const int fd = events[i].data.fd;
            ::epoll_ctl(ended_.get(), EPOLL_CTL_DEL, fd, nullptr);
            all_.erase(fd);
        }
    } while (n == 16);
}

void child_actors::end_of(vm& starter) noexcept {
    if (!any_started) return;
    auto& self = instance();
    const std::lock_guard lock{self.mutex_};
    std::erase_if(self.all_, [&](auto& pair) {
        auto& [fd, e] = pair;
        if (e.starter != &starter) return false;
        ::epoll_ctl(self.ended_.get(), EPOLL_CTL_DEL, fd, nullptr);
        if (!e.child->detached()) {
            try {
                e.child->kill(SIGKILL);
            } catch (const failure&) {
                // It has other credentials by now; it ends with the server.
            }
        }
        return true;
    });
}

} // namespace emilua::sandbox
