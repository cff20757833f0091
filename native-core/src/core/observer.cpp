// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/observer.hpp"

#include "core/observation.hpp"

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <list>

#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace emilua {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How long the process as a whole has, how long before it is asked again, and
/// how long its VMs of JavaScript have once it told.
constexpr std::chrono::milliseconds patience = 10s, until_again = 500ms,
                                    for_javascript = 1s;
/// More is no answer.
constexpr std::size_t longest_answer = 256 << 20;

[[noreturn]] void fail(int code, const char* syscall,
                       const char* expected = "") {
    failure f{error_code{code, boost::system::system_category()}, syscall};
    f.expected = expected;
    throw f;
}

int checked(int result, const char* syscall) {
    if (result == -1) throw_errno(syscall);
    return result;
}

/// What /proc tells everybody.
struct process_status {
    uid_t uid = 0;
    bool has_ended = false;
    bool is_stopped = false;
    bool answers = false;
};

process_status status_of(pid_t pid) {
    const auto path = "/proc/" + std::to_string(pid) + "/status";
    const unique_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    std::string text(8192, '\0');
    const auto n = file ? ::read(file.get(), text.data(), text.size()) : -1;
    if (n <= 0) fail(ESRCH, nullptr);
    text.resize(static_cast<std::size_t>(n));
    const auto after = [&](const char* name) -> const char* {
        const auto at = text.find(name);
        return at == text.npos ? "" : text.c_str() + at + std::strlen(name);
    };
    process_status r;
    const char* state = after("\nState:\t");
    r.has_ended = *state == 'Z' || *state == 'X';
    r.is_stopped = *state == 'T' || *state == 't';
    unsigned real = 0, effective = 0;
    std::sscanf(after("\nUid:\t"), "%u %u", &real, &effective);
    r.uid = effective;
    const auto caught = std::strtoull(after("\nSigCgt:\t"), nullptr, 16);
    r.answers = (caught >> (observation_signal - 1)) & 1;
    return r;
}

/// One that the process, or a copy of it, tells on.
struct teller {
    unique_descriptor socket;
    pid_t pid;
    std::string text{};
    bool at_end = false;
};

class observation {
public:
    explicit observation(pid_t pid) : pid_{pid}, process_{open(pid)} {
        status_ = status_of(pid);
        // Else the number may be another one's already.
        if (status_.has_ended || has_ended()) fail(ESRCH, nullptr);
        if (::geteuid() != 0 && ::geteuid() != status_.uid)
            fail(EPERM, nullptr);
        if (!status_.answers)
            fail(ENOTSUP, nullptr, "a process with VMs of Emilua");
        listen();
    }

    std::vector<observed_vm> run() {
        const auto end = clock::now() + patience;
        while (!snapshot_) {
            if (clock::now() >= end) fail(ETIMEDOUT, nullptr);
            if (status_of(pid_).is_stopped)
                fail(EAGAIN, nullptr, "a process that is not stopped");
            forget_copies();
            ask(token_);
            const auto again = std::min(end, clock::now() + until_again);
            while (!snapshot_ && !crashed_ && wait(again)) {
            }
            if (crashed_) ::poll(nullptr, 0, 5);
        }
        const auto busy = clock::now() + for_javascript;
        while (!is_complete() && wait(busy)) {
        }
        end_copies();
        return merged();
    }

private:
    static unique_descriptor open(pid_t pid) {
        const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
        // A thread has a number as well.
        if (fd == -1 && (errno == EINVAL || errno == ENOENT))
            fail(ESRCH, nullptr);
        return unique_descriptor{checked(fd, "pidfd_open")};
    }

    bool has_ended() const noexcept {
        pollfd ended{process_.get(), POLLIN, 0};
        return ::poll(&ended, 1, 0) == 1;
    }

    void listen() {
        listener_ = unique_descriptor{checked(
            ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
            "socket")};
        if (::getrandom(&token_, sizeof(token_), 0) != sizeof(token_))
            throw_errno("getrandom");
        // 0 asks nothing, and a pointer holds it.
        token_ = static_cast<std::uintptr_t>(token_ | 1);
        sockaddr_un address;
        const auto size = observation_socket(token_, address);
        checked(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address),
                       size),
                "bind");
        checked(::listen(listener_.get(), SOMAXCONN), "listen");
    }

    void ask(std::uint64_t token) {
        siginfo_t info{};
        info.si_signo = observation_signal;
        info.si_code = SI_QUEUE;
        info.si_pid = ::getpid();
        info.si_uid = ::getuid();
        info.si_value.sival_ptr =
            reinterpret_cast<void*>(static_cast<std::uintptr_t>(token));
        if (::syscall(SYS_pidfd_send_signal, process_.get(), observation_signal,
                      &info, 0) == -1)
            throw_errno("pidfd_send_signal");
    }

    // False when nothing has happened until `end`.
    bool wait(clock::time_point end) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
        if (left.count() <= 0) return false;
        std::vector<pollfd> fds{{process_.get(), POLLIN, 0},
                                {listener_.get(), POLLIN, 0}};
        std::vector<teller*> open;
        for (auto& t : tellers_) {
            if (t.at_end) continue;
            fds.push_back({t.socket.get(), POLLIN, 0});
            open.push_back(&t);
        }
        const int n =
            ::poll(fds.data(), fds.size(), static_cast<int>(left.count()));
        if (n == -1 && errno != EINTR) throw_errno("poll");
        if (n <= 0) return n == -1;
        for (std::size_t i = 0; i < open.size(); ++i)
            if (fds[i + 2].revents != 0) read(*open[i]);
        if (fds[1].revents != 0) accept();
        if (fds[0].revents == 0) return true;
        if (!snapshot_) fail(ESRCH, nullptr);
        return false;
    }

    void accept() {
        unique_descriptor s{::accept4(listener_.get(), nullptr, nullptr,
                                      SOCK_CLOEXEC | SOCK_NONBLOCK)};
        ucred peer{};
        socklen_t size = sizeof(peer);
        // Whoever sees the name may connect.
        if (s &&
            ::getsockopt(s.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
            peer.uid == status_.uid)
            tellers_.push_back({std::move(s), peer.pid});
    }

    void read(teller& t) {
        char buffer[65536];
        const auto n = ::recv(t.socket.get(), buffer, sizeof(buffer), 0);
        if (n > 0) {
            t.text.append(buffer, static_cast<std::size_t>(n));
            if (t.text.size() <= longest_answer) return;
        } else if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        t.at_end = true;
        constexpr std::string_view snapshot = "snapshot\n", answer = "answer\n";
        const std::string_view text{t.text};
        if (text.starts_with(answer)) {
            if (auto vms = decode(text.substr(answer.size())))
                for (auto& v : *vms) answers_.push_back(std::move(v));
        } else {
            if (text.starts_with(snapshot) && !snapshot_)
                snapshot_ = decode(text.substr(snapshot.size()));
            crashed_ = !snapshot_;
        }
        t.text.clear();
    }

    const observed_vm* answer_of(const observed_vm& v) const {
        const auto at = std::ranges::find(answers_, v.id, &observed_vm::id);
        return at == answers_.end() ? nullptr : &*at;
    }

    bool is_complete() const {
        return std::ranges::all_of(*snapshot_, [this](auto& v) {
            return v.language != "javascript" || answer_of(v);
        });
    }

    std::vector<observed_vm> merged() {
        for (auto& v : *snapshot_) {
            const auto* said = answer_of(v);
            if (!said) continue;
            const auto messages = v.messages;
            v = *said;
            v.messages = messages;
        }
        return std::move(*snapshot_);
    }

    // One that was made amidst a change may not come to its end.
    void forget_copies() noexcept {
        for (const auto& t : tellers_)
            if (t.pid > 0 && t.pid != pid_ && !t.at_end) ::kill(t.pid, SIGKILL);
        tellers_.clear();
        crashed_ = false;
    }

    // The process waits for its copies when it is asked the next time, or for
    // nothing.
    void end_copies() noexcept {
        for (const auto& t : tellers_) {
            if (t.pid <= 0 || t.pid == pid_) continue;
            const unique_descriptor copy{
                static_cast<int>(::syscall(SYS_pidfd_open, t.pid, 0))};
            pollfd ended{copy.get(), POLLIN, 0};
            if (copy) ::poll(&ended, 1, 100);
        }
        try {
            ask(0);
        } catch (const failure&) {
        }
    }

    pid_t pid_;
    unique_descriptor process_;
    process_status status_{};
    unique_descriptor listener_;
    std::uint64_t token_ = 0;
    std::list<teller> tellers_;
    std::optional<std::vector<observed_vm>> snapshot_;
    std::vector<observed_vm> answers_;
    bool crashed_ = false;
};

} // namespace

std::vector<observed_vm> observe(pid_t pid) {
    return observation{pid == 0 ? ::getpid() : pid}.run();
}

} // namespace emilua
