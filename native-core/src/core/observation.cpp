// SPDX-License-Identifier: MIT OR BSL-1.0
// Without sanitizers: the handler interrupts any thread anywhere, and what runs
// after it is a copy of the process with one thread.
#include "core/observation.hpp"

#include <emilua/unique_descriptor.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <cstdio>

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
// The way back from a handler; glibc has one as well, but shows it to nobody.
__asm__(".text\n"
        ".type emilua_return_from_signal, @function\n"
        "emilua_return_from_signal:\n"
        "  mov $15, %rax\n"
        "  syscall\n"
        ".size emilua_return_from_signal, . - emilua_return_from_signal\n");
extern "C" void emilua_return_from_signal();
#endif

namespace emilua {

socklen_t observation_socket(std::uint64_t token,
                             sockaddr_un& address) noexcept {
    address = {};
    address.sun_family = AF_UNIX;
    // The first byte stays 0.
    const int size = std::snprintf(
        address.sun_path + 1, sizeof(address.sun_path) - 1,
        "emilua-observer-%016llx", static_cast<unsigned long long>(token));
    return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1) +
           static_cast<socklen_t>(size);
}

namespace {

std::array<observable*, 2> known{};
std::atomic<unsigned> known_count = 0;

unique_descriptor connect_to(std::uint64_t token) {
    unique_descriptor s{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const timeval second{1, 0};
    ::setsockopt(s.get(), SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
    sockaddr_un to;
    const auto size = observation_socket(token, to);
    if (::connect(s.get(), reinterpret_cast<sockaddr*>(&to), size) == -1)
        return {};
    // Anybody could have bound the name, once who asked was gone.
    ucred peer{};
    socklen_t length = sizeof(peer);
    if (::getsockopt(s.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) == -1 ||
        (peer.uid != 0 && peer.uid != ::geteuid()))
        return {};
    return s;
}

bool send_all(int socket, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto n = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

// --- in the copy ------------------------------------------------------------

// Not _exit(2), before which a sanitizer does what it does at the end.
[[noreturn]] void end_copy(int status) noexcept {
    for (;;) ::syscall(SYS_exit_group, status);
}

sigjmp_buf back;

void leave_dare(int) { siglongjmp(back, 1); }

constexpr unsigned longest_life = 5;

constexpr std::array crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};

class copy_sink final : public observation_sink {
public:
    explicit copy_sink(int socket) noexcept : socket_{socket} {}

    void tell(const observed_vm& v) override {
        if (!send_all(socket_, encode(v))) end_copy(1);
    }
    void dare(void (*f)(void*), void* data) override {
        for (const int signo : crashes) {
            struct sigaction action {};
            action.sa_handler = &leave_dare;
            action.sa_flags = SA_NODEFER;
            ::sigaction(signo, &action, nullptr);
        }
        const itimerval a_while{{0, 0}, {0, 200'000}};
        ::setitimer(ITIMER_REAL, &a_while, nullptr);
        if (sigsetjmp(back, 1) == 0) f(data);
        ::alarm(longest_life);
        for (const int signo : crashes) std::signal(signo, SIG_DFL);
    }

private:
    int socket_;
};

// What it has of the original's goes at once, so that nothing stays open for
// its sake; and it goes itself, whatever happens to it.
void be_a_copy() noexcept {
    ::syscall(SYS_close_range, 0U, ~0U, 0U);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    sigset_t some;
    sigemptyset(&some);
    for (const int signo : crashes) {
        std::signal(signo, SIG_DFL);
        sigaddset(&some, signo);
    }
    ::sigprocmask(SIG_UNBLOCK, &some, nullptr);
    ::alarm(longest_life);
}

[[noreturn]] void answer_as_copy(std::uint64_t token) {
    be_a_copy();
    const auto socket = connect_to(token);
    if (!socket || !send_all(socket.get(), "snapshot\n")) end_copy(1);
    copy_sink sink{socket.get()};
    for (unsigned i = 0; i < known_count; ++i) known[i]->describe(sink);
    send_all(socket.get(), end_of_observation);
    end_copy(0);
}

// --- in the handler ---------------------------------------------------------

/// Copies that have not been waited for. They end without a signal, so nobody
/// else does it: of a child like that, wait(2) does not tell.
std::array<std::atomic<pid_t>, 8> copies{};

void collect_copies() noexcept {
    for (auto& c : copies) {
        const pid_t pid = c.load(std::memory_order_relaxed);
        if (pid > 0 && ::waitpid(pid, nullptr, WNOHANG | __WALL) != 0) c = 0;
    }
}

void make_copy(std::uint64_t token) {
    for (auto& c : copies) {
        pid_t none = 0;
        // Another thread's handler may be at it.
        if (!c.compare_exchange_strong(none, -1)) continue;
        // Not fork(2), whose own handlers may wait for what this thread has.
        const auto pid =
            static_cast<pid_t>(::syscall(SYS_clone, 0, 0, 0, 0, 0));
        if (pid == 0) answer_as_copy(token);
        c = pid == -1 ? 0 : pid;
        return;
    }
}

void on_request(int, siginfo_t* info, void*) {
    if (info->si_code != SI_QUEUE) return;
    const int kept = errno;
    collect_copies();
    const auto token =
        reinterpret_cast<std::uintptr_t>(info->si_value.sival_ptr);
    unsigned held = 0;
    const unsigned count = known_count;
    if (token != 0) {
        while (held < count && known[held]->try_hold()) ++held;
        // Else who observes asks again.
        if (held == count) {
            for (unsigned i = 0; i < count; ++i) known[i]->ask(token);
            make_copy(token);
        }
        while (held > 0) known[--held]->let_go();
    }
    errno = kept;
}

// The kernel's own: glibc does not let anybody handle its signals.
struct kernel_action {
    void (*handler)(int, siginfo_t*, void*);
    unsigned long flags;
#if defined(__x86_64__)
    void (*restorer)();
#endif
    std::uint64_t mask;
};

void handle_requests() noexcept {
    kernel_action action{};
    action.handler = &on_request;
    action.flags = SA_SIGINFO | SA_RESTART;
    action.mask = ~std::uint64_t{};
#if defined(__x86_64__)
    constexpr unsigned long has_restorer = 0x04000000; // SA_RESTORER
    action.flags |= has_restorer;
    action.restorer = &emilua_return_from_signal;
#endif
    ::syscall(SYS_rt_sigaction, observation_signal, &action, nullptr, 8);
}

} // namespace

void let_observe(observable& vms) noexcept {
    known.at(known_count) = &vms;
    if (++known_count == 1) handle_requests();
}

void answer_observer(std::uint64_t token, std::string text) noexcept {
    const auto socket = connect_to(token);
    if (!socket) return;
    text.insert(0, "answer\n").append(end_of_observation);
    send_all(socket.get(), text);
}

} // namespace emilua
