// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/fork_server.hpp"

#include "sandbox/control_group.hpp"
#include "sandbox/fork_protocol.hpp"
#include "sandbox/init_process.hpp"
#include "sandbox/part.hpp"
#include "sandbox/program.hpp"
#include "sandbox/rehearsal.hpp"

#include <emilua/error.hpp>

#include <csignal>
#include <cstring>
#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace emilua::sandbox {
namespace {

/// Descriptors that guests, and nobody else, need to know of each other.
struct child {
    pid_t pid;
    int pidfd;
    int status;
    bool detached;
    bool is_init_among_others;
};

class server {
public:
    server(guest_body run, int client);
    int serve();

private:
    bool answer_client();
    fork_answer fork(const fork_request& request, part& p, int& pidfd);
    void prepare_for(guest_kind k) noexcept;
    std::vector<memory_piece> rehearse();
    pid_t make_process(std::uint64_t namespaces, int& pidfd) noexcept;
    int be_guest(guest_birth b) noexcept;
    void reap(int pidfd, int options) noexcept;
    void kill_guests() noexcept;
    void remove_groups() const noexcept;

    const guest_body run_;
    int client_;
    /// The client; 0 where that is not known.
    pid_t made_by_ = 0;
    int epoll_ = -1;
    /// The server has the writing end, and guests see when it is gone.
    int lifeline_[2];
    std::vector<child> children_;
    /// What actors use of the memory here, from the first one on that is made
    /// ahead.
    std::optional<std::vector<memory_piece>> rehearsed_;
    /// Where glibc keeps the number of its thread; null if nobody says.
    pid_t* tid_ = nullptr;
    void* robust_list_ = nullptr;
    std::size_t robust_list_size_ = 0;
};

void watch(int epoll, int fd) {
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.fd = fd;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) == -1)
        throw_errno("epoll_ctl");
}

server::server(guest_body run, int client) : run_{run}, client_{client} {
    // The terminal's signals go to guests as well, which do with them as they
    // like; who asks is the one to end this process.
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    ::prctl(PR_SET_NAME, "emilua-forks");
    ::fcntl(client_, F_SETFD, FD_CLOEXEC);
    ucred peer{};
    socklen_t size = sizeof(peer);
    // An init serves through a socket of its own.
    if (::getsockopt(client_, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
        peer.pid != ::getpid())
        made_by_ = peer.pid;
    if (::pipe2(lifeline_, O_CLOEXEC) == -1) throw_errno("pipe2");
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ == -1) throw_errno("epoll_create1");
    watch(epoll_, client_);
    if (::prctl(PR_GET_TID_ADDRESS, &tid_) == -1) tid_ = nullptr;
    ::syscall(SYS_get_robust_list, 0, &robust_list_, &robust_list_size_);
}

int server::serve() {
    for (;;) {
        epoll_event events[16];
        const int n = ::epoll_wait(epoll_, events, 16, -1);
        for (int i = 0; i < n; ++i) {
            if (events[i].data.fd != client_) {
                reap(events[i].data.fd, WNOHANG);
            } else if (!answer_client()) {
                ::close(std::exchange(client_, -1));
                kill_guests();
            }
        }
        if (client_ != -1) continue;
        remove_groups();
        if (children_.empty()) return 0;
    }
}

// False when the client is gone.
bool server::answer_client() {
    part p;
    fork_request request;
    try {
        p = receive_part(client_);
        request = unpacker{p.bytes}.number<fork_request>();
    } catch (const failure&) {
        return false;
    }
    if (request.what == fork_request::kind::detach) {
        for (auto& c : children_)
            if (c.pid == request.pid) c.detached = true;
        return true;
    }
    int pidfd = -1;
    const auto answer = fork(request, p, pidfd);
    try {
        const std::string_view bytes{reinterpret_cast<const char*>(&answer),
                                     sizeof(answer)};
        send_part(client_, bytes,
                  {&pidfd, static_cast<std::size_t>(pidfd != -1)});
    } catch (const failure&) {
        return false;
    }
    return true;
}

fork_answer server::fork(const fork_request& request, part& p, int& pidfd) {
    if (p.fds.size() != 2) return {-1, EBADMSG};
    children_.reserve(children_.size() + 1);
    const auto& shape = request.shape;
    if (request.ahead) prepare_for(shape.runs);
    guest_birth b{p.fds[0].get(), shape,         ::geteuid(),
                  ::getegid(),    request.ahead, request.patience};
    if (rehearsed_ && !rehearsed_->empty()) b.rehearsed = &*rehearsed_;
    const pid_t pid = make_process(
        request.ahead ? shape.namespaces & ~std::uint64_t{CLONE_NEWNS}
                      : shape.namespaces,
        pidfd);
    if (pid == -1) return {-1, errno};
    if (pid == 0) std::exit(be_guest(b));
    children_.push_back(
        {pid, pidfd, p.fds[1].release(), false, is_init_among_others(shape)});
    p.fds.clear();
    try {
        watch(epoll_, pidfd);
    } catch (const failure& f) {
        ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0);
        reap(std::exchange(pidfd, -1), 0);
        return {-1, f.code.value()};
    }
    return {pid, 0};
}

// Once for all that are made ahead.
void server::prepare_for(guest_kind k) noexcept {
    try {
        memory_of_server();
        if (k != guest_kind::actor || rehearsed_) return;
        rehearsed_.emplace();
        rehearsed_ = rehearse();
    } catch (const std::exception&) {
        // Those that wait then ask for more than they need.
        return;
    }
}

/// What an actor uses of the memory here.
std::vector<memory_piece> server::rehearse() {
    rehearsal r;
    guest_birth b{r.setup(), {}, ::geteuid(), ::getegid(), false, -1};
    b.notes = &r.notes();
    int pidfd = -1;
    const pid_t pid = make_process(0, pidfd);
    if (pid == -1) throw_errno("clone3");
    if (pid == 0) std::exit(be_guest(b));
    const unique_descriptor owned{pidfd};
    // It waits for nothing; but somebody waits for the one after it.
    constexpr int patience = 1000;
    pollfd end{pidfd, POLLIN, 0};
    while (::poll(&end, 1, patience) == -1 && errno == EINTR)
        ;
    ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0);
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), nullptr, WEXITED) ==
               -1 &&
           errno == EINTR)
        ;
    return r.notes().read();
}

pid_t server::make_process(std::uint64_t namespaces, int& pidfd) noexcept {
    clone_args a{};
    a.flags = namespaces | CLONE_PIDFD;
    a.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
    a.exit_signal = SIGCHLD;
    if (tid_) {
        a.flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
        a.child_tid = reinterpret_cast<std::uint64_t>(tid_);
    }
    const auto pid = static_cast<pid_t>(::syscall(SYS_clone3, &a, sizeof(a)));
    if (pid != -1 || errno != ENOSYS) return pid;
    // Filters that cannot look into the struct say that there is no such call.
    const auto flags = static_cast<unsigned long>(a.flags | SIGCHLD);
#if defined(__x86_64__)
    return static_cast<pid_t>(
        ::syscall(SYS_clone, flags, nullptr, &pidfd, tid_, nullptr));
#else
    return static_cast<pid_t>(
        ::syscall(SYS_clone, flags, nullptr, &pidfd, nullptr, tid_));
#endif
}

int server::be_guest(guest_birth b) noexcept {
    die_with_parent();
    give_way(b);
    ::close(lifeline_[1]);
    pollfd end{lifeline_[0], 0, 0};
    if (::poll(&end, 1, 0) != 0) return 0;
    if (robust_list_)
        ::syscall(SYS_set_robust_list, robust_list_, robust_list_size_);
    // Who else there is, is nobody's business.
    ::explicit_bzero(children_.data(), children_.capacity() * sizeof(child));
    children_.clear();
    constexpr int place = 3;
    if (b.setup != place && ::dup3(b.setup, place, O_CLOEXEC) == -1) return 1;
    b.setup = place;
    b.born = std::chrono::steady_clock::now();
    // Not without it: what others have is not this one's.
    if (::syscall(SYS_close_range, place + 1, ~0U, 0) == -1) return 1;
    ::umask(022);
    const bool is_init = b.shape.runs == guest_kind::program;
    ::prctl(PR_SET_NAME, is_init ? "emilua-init" : "emilua-actor");
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    return is_init ? run_program_guest(b) : run_(b);
}

void server::reap(int pidfd, int options) noexcept {
    const auto at = std::ranges::find(children_, pidfd, &child::pidfd);
    if (at == children_.end()) return;
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info,
                    WEXITED | options) == -1 &&
           errno == EINTR)
        ;
    if (info.si_pid == 0) return;
    const exit_status s{info.si_code, info.si_status};
    // There is always room for it.
    [[maybe_unused]] const auto n = ::write(at->status, &s, sizeof(s));
    ::close(at->status);
    // Before it is closed: a guest that begins may have a copy yet.
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, pidfd, nullptr);
    ::close(pidfd);
    children_.erase(at);
}

void server::kill_guests() noexcept {
    const auto all = children_;
    for (const auto& c : all) {
        if (c.detached) continue;
        ::syscall(SYS_pidfd_send_signal, c.pidfd,
                  c.is_init_among_others ? end_of_all() : SIGKILL, nullptr, 0);
    }
    for (const auto& c : all)
        if (!c.detached) reap(c.pidfd, 0);
}

// A client that was killed could not.
void server::remove_groups() const noexcept {
    try {
        if (made_by_ > 0) remove_groups_of(made_by_, group_places());
    } catch (const std::exception&) {
        // Whoever is the next one to make groups does it, after a while.
        return;
    }
}

} // namespace

bool is_init_among_others(const guest_shape& s) noexcept {
    return s.runs != guest_kind::actor && !(s.namespaces & CLONE_NEWPID);
}

bool is_init(const guest_shape& s) noexcept {
    return s.runs != guest_kind::actor || s.namespaces & CLONE_NEWPID;
}

int forked::send(int signo) const noexcept {
    siginfo_t info{};
    const siginfo_t* with = nullptr;
    if (signo == SIGKILL && is_init_among_others) {
        signo = end_of_all();
    } else if (is_init && signo > 0 && signo < NSIG && signo != SIGKILL &&
               !is_forwarded(signo)) {
        info.si_code = SI_QUEUE;
        info.si_pid = ::getpid();
        info.si_uid = ::getuid();
        info.si_int = signo;
        info.si_signo = signo = forwarded_signal();
        with = &info;
    }
    return static_cast<int>(
        ::syscall(SYS_pidfd_send_signal, pidfd.get(), signo, with, 0));
}

bool is_fork_server(int argc, char** argv) noexcept {
    if (argc != 1 || std::strcmp(argv[0], fork_server_name) != 0) return false;
    int type = 0;
    socklen_t size = sizeof(type);
    return ::getsockopt(fork_server_socket, SOL_SOCKET, SO_TYPE, &type,
                        &size) == 0 &&
           type == SOCK_SEQPACKET;
}

int run_fork_server(guest_body run, int socket) {
    for (char** e = environ; e && *e; ++e)
        ::explicit_bzero(*e, std::strlen(*e));
    ::clearenv();
    try {
        return server{run, socket}.serve();
    } catch (const std::exception&) {
        return 1;
    }
}

void die_with_parent() noexcept { ::prctl(PR_SET_PDEATHSIG, SIGKILL); }

void die_with_parent(pid_t parent) noexcept {
    die_with_parent();
    if (::getppid() != parent) ::_exit(127);
}

} // namespace emilua::sandbox
