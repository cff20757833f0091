// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/child_actor.hpp"

#include "core/io_descriptor.hpp"
#include "core/report.hpp"
#include "core/thread_pool.hpp"
#include "sandbox/failure_report.hpp"
#include "sandbox/init_process.hpp"

#include <emilua/error.hpp>

#include <csignal>
#include <system_error>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

namespace emilua::sandbox {
namespace {

/// How many reports of one actor are shown.
constexpr int most_shown = 16;

} // namespace

void child_actor::kill(int signo, bool for_good) {
    const std::lock_guard lock{mutex_};
    if (process_.send(signo) == -1 && (errno != ESRCH || signo != SIGKILL))
        throw_errno("pidfd_send_signal", errno == EINVAL ? "signo" : nullptr);
    if (signo != 0) signaled_ = true;
    if (for_good) killed_ = true;
}

bool child_actor::kill_guest(int signo) {
    look();
    {
        const std::lock_guard lock{mutex_};
        if (status_) return false;
    }
    kill(signo, signo == SIGKILL);
    return true;
}

bool child_actor::look_at(std::optional<std::uint64_t>& memory) const {
    const std::lock_guard lock{mutex_};
    if (status_) return false;
    memory = group_.memory();
    pollfd p{process_.pidfd.get(), POLLIN, 0};
    return ::poll(&p, 1, 0) == 0;
}

void child_actor::detach() {
    fork_server::instance().detach(pid());
    detached_ = true;
}

std::string child_actor::who() const {
    const auto process = "process " + std::to_string(pid());
    return program_.empty() ? "the actor of " + process
                            : "the actor " + program_ + " (" + process + ')';
}

// The lock is held.
void child_actor::hear() {
    failure_report r;
    while (tells_) {
        const auto what = hear_report(told_.get(), r);
        if (what == hearing::nothing_yet) return;
        if (what == hearing::ended || heard_ > most_shown) {
            tells_ = false;
        } else if (r.what == failure_report::kind::end) {
            told_reason_ = r.headline;
            if (!r.details.empty()) told_reason_ += '\n' + r.details;
        } else {
            auto name = who();
            name.replace(0, 5, "A");
            if (++heard_ > most_shown)
                report(name + ": what else it tells is not shown");
            else if (is_mute_)
                report(name + ": " + r.headline, r.details);
        }
    }
}

// The lock is held.
std::optional<exit_status> child_actor::read_status() const {
    exit_status s;
    ssize_t n;
    while ((n = ::read(process_.status.get(), &s, sizeof(s))) == -1)
        if (errno != EINTR) return {};
    // The server has ended, and took it along.
    if (n != sizeof(s)) s = {CLD_KILLED, SIGKILL};
    // An init that was not ready for a signal of its own.
    if (process_.is_init_among_others && s.code == CLD_KILLED &&
        (s.status == end_of_all() || s.status == forwarded_signal()))
        s.status = SIGKILL;
    return s;
}

bool child_actor::look() {
    std::unique_lock lock{mutex_};
    is_clear_.wait(lock, [this] { return !clears_; });
    if (status_) return true;
    const auto status = read_status();
    // What it told came before it ended.
    hear();
    if (!status) return false;
    // Which takes a while: nobody waits for it who asks for something else.
    clears_ = true;
    auto group = std::move(group_);
    lock.unlock();
    const auto refused = group.clear(process_.pidfd.get());
    lock.lock();
    clears_ = false;
    refused_ = refused;
    status_ = status;
    conclude();
    lock.unlock();
    is_clear_.notify_all();
    return true;
}

// The lock is held, and it has ended: as its init tells it, if it has one.
exit_status child_actor::known_status() const {
    const auto r = reports_ ? reports_->end() : std::nullopt;
    if (!r) return *status_;
    return WIFEXITED(r->status)
               ? exit_status{CLD_EXITED, WEXITSTATUS(r->status)}
               : exit_status{CLD_KILLED, WTERMSIG(r->status)};
}

std::string child_actor::known_limit() const {
    const auto r = reports_ ? reports_->end() : std::nullopt;
    return r ? std::string{limit_of(*r, refused_, processor_)} : std::string{};
}

// The lock is held.
std::string child_actor::known_reason() const {
    if (!status_) return told_reason_;
    const auto [code, status] = known_status();
    const bool exited = code == CLD_EXITED;
    if (killed_ && (exited ? status == 0 : status == SIGKILL)) return "killed";
    if (const auto limit = known_limit(); !limit.empty())
        return "stopped by its limit of " + limit;
    if (!exited) return "killed by signal " + std::to_string(status);
    if (status == 0) return "ended";
    return told_reason_.empty() ? "exited with status " + std::to_string(status)
                                : told_reason_;
}

// The lock is held.
void child_actor::conclude() {
    tells_ = false;
    const auto how = known_reason();
    const bool stopped = !signaled_ && (known_status().code != CLD_EXITED ||
                                        !known_limit().empty());
    if (stopped) {
        auto name = who();
        report(name.replace(0, 5, "A") + " was " + how);
    }
    const bool told = heard_ > 0 || !told_reason_.empty();
    if (stopped || (how != "ended" && how != "killed" && told)) count_failure();
}

// The lock is held.
void child_actor::count_failure() {
    if (seen_ || counted_ || !unseen_) return;
    counted_ = true;
    ++*unseen_;
}

void child_actor::leave() {
    const std::lock_guard lock{mutex_};
    if (!status_ && !killed_ && (heard_ > 0 || !told_reason_.empty()))
        count_failure();
}

std::string child_actor::reason() {
    look();
    const std::lock_guard lock{mutex_};
    return known_reason();
}

void child_actor::see() {
    const std::lock_guard lock{mutex_};
    seen_ = true;
    if (std::exchange(counted_, false)) --*unseen_;
}

void child_actor::close_watch() noexcept {
    if (const auto io = watch()) io->close();
}

void child_actor::stop_listening() {
    const std::lock_guard lock{mutex_};
    tells_ = false;
    told_.reset();
}

void child_actor::count_in(std::shared_ptr<std::atomic<int>> unseen) {
    const std::lock_guard lock{mutex_};
    unseen_ = std::move(unseen);
}

// --- all of them ------------------------------------------------------------

std::mutex child_actors::mutex_;
std::unique_ptr<child_actors> child_actors::all_programs_;

child_actors::child_actors() {
    epoll_ = unique_descriptor{::epoll_create1(EPOLL_CLOEXEC)};
    if (!epoll_) throw_errno("epoll_create1");
    stop_ = unique_descriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!stop_) throw_errno("eventfd");
    watch(0, stop_.get());
}

child_actors::~child_actors() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
}

void child_actors::add(vm& starter, std::shared_ptr<child_actor> child) {
    std::unique_lock lock{mutex_};
    if (!all_programs_) all_programs_ = std::make_unique<child_actors>();
    auto& self = *all_programs_;
    self.start_thread();
    const auto key = ++self.last_key_;
    auto& unseen = self.unseen_[&starter];
    if (!unseen) unseen = std::make_shared<std::atomic<int>>(0);
    child->count_in(unseen);
    const auto at =
        self.all_.emplace(key, entry{&starter, std::move(child)}).first;
    try {
        self.watch(key, at->second.child->status_fd());
        if (at->second.child->told_fd() != -1)
            self.watch(key, at->second.child->told_fd());
    } catch (const failure&) {
        self.all_.erase(at);
        throw;
    }
    if (self.thread_.joinable()) return;
    // `self` stays as long as `starter`.
    lock.unlock();
    while (self.hear(0) > 0) {
    }
}

// The lock is held. Where no thread can be had they are heard when another one
// is added or somebody asks, and at the end.
void child_actors::start_thread() {
    if (thread_.joinable()) return;
    try {
        thread_ = std::thread{[this] {
            block_signals_on_this_thread();
            while (!stopping_) hear(-1);
        }};
    } catch (const std::system_error&) {
        return;
    }
}

// The lock is held.
void child_actors::watch(std::uint64_t key, int fd) {
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.u64 = key;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &e) == -1)
        throw_errno("epoll_ctl");
}

// The lock is held: what tells nothing any more, or has ended.
void child_actors::unwatch(child_actor& child, bool ended) noexcept {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, child.told_fd(), nullptr);
    child.stop_listening();
    if (ended)
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, child.status_fd(), nullptr);
}

int child_actors::hear(int timeout) {
    epoll_event events[16];
    const int n = ::epoll_wait(epoll_.get(), events, 16, timeout);
    for (int i = 0; i < n; ++i) hear_one(events[i].data.u64);
    return n;
}

void child_actors::hear_one(std::uint64_t key) {
    std::shared_ptr<child_actor> child;
    {
        const std::lock_guard lock{mutex_};
        const auto found = all_.find(key);
        if (found == all_.end()) return;
        child = found->second.child;
    }
    const bool ended = child->look();
    if (!ended && child->tells()) return;
    const std::lock_guard lock{mutex_};
    const auto found = all_.find(key);
    if (found == all_.end()) return;
    unwatch(*child, ended);
    if (ended) all_.erase(found);
}

std::vector<std::shared_ptr<child_actor>> child_actors::of(const vm& starter) {
    std::vector<std::shared_ptr<child_actor>> r;
    const std::lock_guard lock{mutex_};
    if (!all_programs_) return r;
    for (const auto& [key, e] : all_programs_->all_)
        if (e.starter == &starter) r.push_back(e.child);
    return r;
}

// The lock is held.
void child_actors::forget(const vm& starter) noexcept {
    std::erase_if(all_, [&](auto& pair) {
        auto& e = pair.second;
        if (e.starter != &starter) return false;
        unwatch(*e.child, true);
        return true;
    });
    unseen_.erase(&starter);
}

int child_actors::unseen_failures(const vm& starter) noexcept {
    for (const auto& child : of(starter)) child->look();
    const std::lock_guard lock{mutex_};
    if (!all_programs_) return 0;
    const auto found = all_programs_->unseen_.find(&starter);
    return found == all_programs_->unseen_.end() ? 0 : found->second->load();
}

int child_actors::end_of(vm& starter) noexcept {
    for (const auto& child : of(starter)) {
        if (!child->look() && !child->detached()) {
            try {
                child->kill(SIGKILL);
            } catch (const failure&) {
                // It has other credentials by now; it ends with the server.
            }
        }
        child->leave();
        child->close_watch();
    }
    const int n = unseen_failures(starter);
    // Ends, and its thread with it, after the lock, which that may want.
    std::unique_ptr<child_actors> last;
    const std::lock_guard lock{mutex_};
    if (!all_programs_) return n;
    all_programs_->forget(starter);
    if (all_programs_->unseen_.empty()) last = std::move(all_programs_);
    return n;
}

} // namespace emilua::sandbox
