// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/fork_protocol.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"

#include "core/launcher.hpp"
#include "core/own_library.hpp"
#include "core/printer.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

template <class T> std::string_view bytes_of(const T& t) noexcept {
    return {reinterpret_cast<const char*>(&t), sizeof(t)};
}

/// Of so many shapes some are made ahead.
constexpr std::size_t most_shapes = 4;
/// So many of each at most: more would only share the processors.
constexpr std::size_t most_of_a_shape = 2;

bool is_gone(const failure& f) noexcept {
    return f.code == boost::system::errc::broken_pipe ||
           f.code == boost::system::errc::connection_reset;
}

/// The executable that lies beside the addon.
std::string default_program() { return (own_folder() / "emilua").native(); }

} // namespace

fork_server& fork_server::instance() {
    // Never destroyed: other threads may still ask while the process ends.
    static fork_server& s = []() -> fork_server& {
        auto* made = new fork_server;
        std::atexit([] { instance().finish(); });
        return *made;
    }();
    return s;
}

void fork_server::set_program(std::string path) {
    const std::lock_guard lock{mutex_};
    program_ = std::move(path);
}

void fork_server::use(const pace& p) {
    const std::lock_guard lock{mutex_};
    pace_ = p;
}

void fork_server::use(unique_descriptor socket) {
    const std::lock_guard lock{mutex_};
    stop();
    socket_ = std::move(socket);
    owner_ = ::getpid();
}

// The lock is held.
void fork_server::start() {
    socket_pair ends;
    const unique_descriptor nothing{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    if (!nothing) throw_errno("open");
    launch_plan plan;
    plan.programs = {program_.empty() ? default_program() : program_};
    plan.arguments = {fork_server_name};
    // What is looked up in libraries is looked up once, not in every guest.
    plan.environment.assign(fork_server_environment,
                            sizeof(fork_server_environment));
    plan.descriptors[0] = plan.descriptors[1] = plan.descriptors[2] =
        nothing.get();
    plan.descriptors[fork_server_socket] = ends.theirs.get();
    try {
        pidfd_ = launch(plan).pidfd;
    } catch (failure& f) {
        f.argument = nullptr;
        f.path = plan.programs.front();
        throw;
    }
    socket_ = std::move(ends.ours);
    owner_ = ::getpid();
}

// The lock is held.
void fork_server::stop() noexcept {
    socket_.reset();
    ahead_.clear();
}

// The lock is held. The answer is read when it is needed.
void fork_server::ask(const guest_shape& s, bool ahead,
                      std::chrono::milliseconds patience) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1) throw_errno("pipe2");
    asked a{s};
    a.process.status = unique_descriptor{ends[0]};
    const unique_descriptor writer{ends[1]};
    socket_pair setup;
    a.process.setup = std::move(setup.ours);
    a.process.is_init_among_others = is_init_among_others(s);
    a.process.is_init = is_init(s);
    const int fds[] = {setup.theirs.get(), writer.get()};
    const fork_request request{.what = fork_request::kind::fork,
                               .shape = s,
                               .ahead = ahead,
                               .patience =
                                   static_cast<std::int32_t>(patience.count()),
                               .pid = -1};
    send_part(socket_.get(), bytes_of(request), fds);
    ahead_.push_back(std::move(a));
}

// The lock is held.
void fork_server::read_answer(asked& a) {
    try {
        auto p = receive_part(socket_.get());
        const auto answer = unpacker{p.bytes}.number<fork_answer>();
        a.error = answer.error;
        if (answer.error != 0) return;
        a.process.pid = answer.pid;
        a.process.pidfd = std::move(p.fds.at(0));
    } catch (const failure& f) {
        if (is_gone(f)) throw;
        // There may be no descriptor left for what came along.
        a.error = f.code.value();
    }
}

// The lock is held.
void fork_server::read_answers(const asked& until) {
    for (auto& a : ahead_) {
        if (!a.error) read_answer(a);
        if (&a == &until) return;
    }
}

// The lock is held. All is there when the process looks for it.
fork_server::asked fork_server::send(std::deque<asked>::iterator to,
                                     std::span<const setup_part> parts) {
    std::optional<failure> unsent;
    try {
        for (const auto& p : parts) {
            send_part(to->process.setup.get(), p.bytes, p.fds);
            ++to->taken;
        }
    } catch (failure& f) {
        unsent = std::move(f);
    }
    read_answers(*to);
    auto a = std::move(*to);
    ahead_.erase(to);
    if (unsent && !is_gone(*unsent)) throw std::move(*unsent);
    return a;
}

// The lock is held. Nobody waits for its end, which may never come.
void fork_server::drop(std::deque<asked>::iterator at) {
    read_answers(*at);
    at->process.send(SIGKILL);
    ahead_.erase(at);
}

// The lock is held. Nothing where there is none that lives.
std::optional<forked> fork_server::try_ahead(const guest_shape& s,
                                             std::span<const setup_part> parts,
                                             const std::string& policy) {
    for (;;) {
        const auto at = std::ranges::find(ahead_, s, &asked::shape);
        if (at == ahead_.end()) return {};
        // It may be waiting for a file system that nobody else has asked for.
        if (!at->policy.empty() && at->policy != policy) {
            drop(at);
            continue;
        }
        auto a = send(at, parts);
        if (a.error != 0) continue;
        // A script that came there may have run: its status tells.
        if (a.taken == parts.size() || (s.has_script && a.taken > 0))
            return std::move(a.process);
    }
}

// The lock is held.
forked fork_server::make(const guest_shape& s,
                         std::span<const setup_part> parts) {
    ask(s, false, {});
    auto a = send(std::prev(ahead_.end()), parts);
    if (a.error != 0)
        throw failure{error_code{*a.error, boost::system::system_category()},
                      "clone3"};
    // Of one that is gone its status tells.
    return std::move(a.process);
}

// The lock is held. Notes that one with `s` was wanted; how likely others are.
fork_server::wish fork_server::note(const guest_shape& s, std::string policy) {
    wish latest{.shape = s,
                .policy = std::move(policy),
                .when = std::chrono::steady_clock::now()};
    if (const auto before = std::ranges::find(latest_, s, &wish::shape);
        before != latest_.end()) {
        // An actor is made faster than one runs; two would be in its way.
        const bool in_a_row = s.runs == guest_kind::program &&
                              latest.when - before->when < pace_.in_a_row;
        latest.likely = in_a_row ? most_of_a_shape : 1;
        latest.same_policy = before->policy == latest.policy;
        latest_.erase(before);
    }
    latest_.push_back(latest);
    if (latest_.size() > most_shapes) {
        const auto old = latest_.front().shape;
        latest_.pop_front();
        for (auto at = ahead_.begin();
             (at = std::ranges::find(ahead_, old, &asked::shape)) !=
             ahead_.end();)
            drop(at);
    }
    return latest;
}

// The lock is held. Where it fails, there are fewer ahead.
void fork_server::ask_ahead(const guest_shape& s, std::string policy) noexcept {
    try {
        const auto w = note(s, std::move(policy));
        const auto stays = [&](const asked& a) {
            return a.shape == s && !a.is_brief;
        };
        while (static_cast<std::size_t>(
                   std::ranges::count(ahead_, s, &asked::shape)) < w.likely) {
            const bool is_brief = std::ranges::any_of(ahead_, stays);
            ask(s, true, is_brief ? pace_.brief : pace_.patience);
            ahead_.back().is_brief = is_brief;
            if (!w.same_policy || w.policy.empty()) continue;
            ahead_.back().policy = w.policy;
            send_part(ahead_.back().process.setup.get(), w.policy, {});
        }
    } catch (const std::exception&) {
        return;
    }
}

forked fork_server::fork(const guest_shape& s,
                         std::span<const setup_part> parts,
                         std::string policy) {
    // What was printed comes before what the guest prints.
    printer::instance().flush();
    const std::lock_guard lock{mutex_};
    // A copy of this process shares nothing with it.
    if (owner_ != ::getpid()) stop();
    if (!socket_) start();
    const auto get = [&] {
        auto f = try_ahead(s, parts, policy);
        auto r = f ? std::move(*f) : make(s, parts);
        ask_ahead(s, std::move(policy));
        return r;
    };
    try {
        return get();
    } catch (const failure& f) {
        if (!is_gone(f)) throw;
    }
    // Somebody ended it.
    if (pidfd_)
        ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), nullptr, WEXITED);
    stop();
    start();
    return get();
}

void fork_server::detach(pid_t pid) {
    const std::lock_guard lock{mutex_};
    if (!socket_ || owner_ != ::getpid()) return;
    detached_any_ = true;
    const fork_request request{.what = fork_request::kind::detach,
                               .shape = {},
                               .ahead = false,
                               .patience = 0,
                               .pid = pid};
    send_part(socket_.get(), bytes_of(request), {});
}

// The server ends when it has reaped its guests, and is reaped here. One of
// them may wait for a file system that answers nobody.
void fork_server::finish() noexcept {
    if (owner_ != ::getpid()) return;
    const std::lock_guard lock{mutex_};
    if (!socket_) return;
    stop();
    if (detached_any_ || !pidfd_) return;
    constexpr int patience = 1000;
    pollfd end{pidfd_.get(), POLLIN, 0};
    while (::poll(&end, 1, patience) == -1 && errno == EINTR)
        ;
    ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), nullptr,
             WEXITED | WNOHANG);
}

} // namespace emilua::sandbox
