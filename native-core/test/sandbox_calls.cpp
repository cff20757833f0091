// SPDX-License-Identifier: MIT OR BSL-1.0
// Every system call, made in every profile as guests of it are confined, beside
// what the committed table says of it.
#include "sandbox/init_process.hpp"
#include "sandbox/notifications.hpp"
#include "sandbox/probe.hpp"
#include "sandbox_profiles.hpp"

#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace emilua::sandbox;
using namespace emilua::test;
using emilua::unique_descriptor;

#if defined(__x86_64__)
/// Of the x32 ABI, and of the 32-bit one.
constexpr int x32_getpid = 0x40000000 | 39, i386_getpid = 20;
#endif

/// What became of a call.
struct outcome {
    bool returned;
    long value;
    int status;
    bool was_asked;
};

/// All of a profile, in memory that its processes share.
struct outcomes {
    bool is_confined;
    outcome confined[numbers];
    /// The same without filters, where the kernel itself may have said so.
    outcome free[numbers];
    outcome unknown, x32, foreign;
};

/// By an instruction of its own: after vfork(2), nothing may return.
[[gnu::always_inline]] inline long make(long number, long first) noexcept {
#if defined(__x86_64__)
    long r = number;
    register long fourth __asm__("r10") = 0;
    register long fifth __asm__("r8") = 0;
    register long sixth __asm__("r9") = 0;
    __asm__ volatile("syscall"
                     : "+a"(r)
                     : "D"(first), "S"(0L), "d"(0L), "r"(fourth), "r"(fifth),
                       "r"(sixth)
                     : "rcx", "r11", "memory");
    return r;
#else
    register long r8 __asm__("x8") = number;
    register long r0 __asm__("x0") = first;
    register long r1 __asm__("x1") = 0;
    register long r2 __asm__("x2") = 0;
    register long r3 __asm__("x3") = 0;
    register long r4 __asm__("x4") = 0;
    register long r5 __asm__("x5") = 0;
    __asm__ volatile("svc 0"
                     : "+r"(r0)
                     : "r"(r8), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
                     : "memory");
    return r0;
#endif
}

/// The first argument; all others are zero.
long argument_of(int number) noexcept {
    // A queue of the host's, where there is no namespace for it.
    return number == SYS_msgget ? 0x7fffffff : 0;
}

/// With no stack: what rt_sigreturn takes for the frame of a signal must be
/// nothing, or registers and the mask of signals come from what lies there.
[[noreturn]] void return_from_no_signal() noexcept {
#if defined(__x86_64__)
    __asm__ volatile("xor %%esp, %%esp\n\tsyscall" ::"a"(SYS_rt_sigreturn));
#else
    register long r8 __asm__("x8") = SYS_rt_sigreturn;
    __asm__ volatile("mov sp, xzr\n\tsvc 0" ::"r"(r8));
#endif
    __builtin_unreachable();
}

[[noreturn]] void call(int number, outcome& to, long microseconds) noexcept {
    // What waits for something is ended, and was let through.
    const itimerval soon{{0, 0},
                         {microseconds / 1'000'000, microseconds % 1'000'000}};
    ::setitimer(ITIMER_REAL, &soon, nullptr);
    if (number == SYS_rt_sigreturn) return_from_no_signal();
    const long r = make(number, argument_of(number));
    to.value = r;
    to.returned = true;
    // The only one that strict mode leaves, which seccomp(0) begins.
    for (;;) make(SYS_exit, 0);
}

#if defined(__x86_64__)
[[noreturn]] void call_as_i386(outcome& to) noexcept {
    long r = i386_getpid;
    __asm__ volatile("int $0x80" : "+a"(r) : : "memory");
    to.value = r;
    to.returned = true;
    for (;;) make(SYS_exit, 0);
}
#endif

/// Runs `f` in a child, answers its call if it is one that is asked about.
template <class F> void observe(outcome& to, notifications* calls, F&& f) {
    to = {};
    const pid_t child = ::fork();
    if (child == 0) f();
    const unique_descriptor process{
        static_cast<int>(::syscall(SYS_pidfd_open, child, 0))};
    pollfd both[] = {{process.get(), POLLIN, 0},
                     {calls ? calls->get() : -1, POLLIN, 0}};
    while (::poll(both, 2, -1) > 0 && !(both[0].revents & POLLIN)) {
        seccomp_notif n{};
        if (!calls || calls->receive(n) != notifications::state::one) break;
        to.was_asked = true;
        calls->answer(n, EXFULL);
    }
    ::waitpid(child, &to.status, __WALL);
}

/// In the place of a guest.
void try_all(const confinement& c, outcomes& all,
             const std::vector<std::string>& expected) {
    // What calls find as descriptor 0 is theirs.
    const unique_descriptor file{::memfd_create("calls", 0)};
    for (int n = 0; n < 3; ++n) ::dup2(file.get(), n);
    layer at{};
    auto listener = confine(c, at);
    std::optional<notifications> calls;
    if (listener) calls.emplace(std::move(listener));
    auto* const asked = calls ? &*calls : nullptr;
    constexpr long short_time = 20'000, long_time = 2'000'000;
    for (int n = 0; n < numbers; ++n) {
        auto& to = all.confined[n];
        observe(to, asked, [&] { call(n, to, short_time); });
        // On a busy machine another one may have been late.
        if (WIFSIGNALED(to.status) && WTERMSIG(to.status) == SIGALRM &&
            expected[static_cast<std::size_t>(n)] != "allowed")
            observe(to, asked, [&] { call(n, to, long_time); });
    }
    observe(all.unknown, asked, [&] { call(9999, all.unknown, long_time); });
#if defined(__x86_64__)
    observe(all.x32, asked, [&] { call(x32_getpid, all.x32, long_time); });
    observe(all.foreign, asked, [&] { call_as_i386(all.foreign); });
#endif
    all.is_confined = true;
}

/// The same without filters, for what is allowed and yet fails as what is not.
void try_free(confinement c, outcomes& all,
              const std::vector<std::string>& expected) {
    c.seccomp_filter.clear();
    c.asked_calls.clear();
    const unique_descriptor file{::memfd_create("calls", 0)};
    for (int n = 0; n < 3; ++n) ::dup2(file.get(), n);
    layer at{};
    confine(c, at);
    for (int n = 0; n < numbers; ++n) {
        const auto& was = all.confined[n];
        if (expected[static_cast<std::size_t>(n)] != "allowed" ||
            !was.returned || (was.value != -EPERM && was.value != -ENOSYS))
            continue;
        auto& to = all.free[n];
        observe(to, nullptr, [&] { call(n, to, 20'000); });
    }
}

template <class F> void in_child(F&& f) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            f();
        } catch (const refusal& r) {
            std::fprintf(stderr, "%s: %s: %s\n", name_of(r.of),
                         r.error.syscall ? r.error.syscall : "",
                         r.error.code.message().c_str());
            ::_exit(1);
        }
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
}

/// As the init of a guest does it.
void live(const confinement& c, unsigned uid, unsigned gid, outcomes& all,
          const std::vector<std::string>& expected) {
    const auto mounts = prepare_to_enter(clone_flags(c), uid, gid);
    const auto left = enter(c, mounts);
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    // A sanitizer's report of a fault would open files.
    ::signal(SIGSEGV, SIG_DFL);
    in_child([&] { try_all(c, all, expected); });
    in_child([&] { try_free(c, all, expected); });
}

std::string told(const outcome& o) {
    if (WIFSIGNALED(o.status) && WTERMSIG(o.status) == SIGSYS) return "killed";
    if (o.was_asked) return o.value == -EXFULL ? "asked" : "asked in vain";
    if (!o.returned || o.value >= 0) return "allowed";
    switch (o.value) {
    case -EPERM:
        return "EPERM";
    case -ENOSYS:
        return "ENOSYS";
    default:
        return "allowed";
    }
}

/// Whether the kernel makes the call whatever a filter says: two that it puts
/// into programs in which root has probes. Others are ended by the first and
/// get ENXIO from the second.
bool is_for_probes_alone([[maybe_unused]] int number,
                         [[maybe_unused]] const outcome& o) {
#if defined(__x86_64__)
    constexpr int uretprobe = 335, uprobe = 336;
    if (number == uretprobe)
        return WIFSIGNALED(o.status) && WTERMSIG(o.status) == SIGILL;
    return number == uprobe && o.returned && o.value == -ENXIO;
#else
    return false;
#endif
}

/// What the table says of each number, by profile.
std::vector<std::vector<std::string>> read_table() {
    std::vector<std::vector<std::string>> r;
    std::ifstream file{path_of_table(here)};
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## "))
            r.emplace_back();
        else
            r.back().push_back(line.substr(line.find(' ') + 1));
    }
    return r;
}

void compare(const profile& p, const outcomes& all,
             const std::vector<std::string>& expected) {
    CHECK(all.is_confined);
    if (!all.is_confined) return;
    for (int n = 0; n < numbers; ++n) {
        const auto& says = expected[static_cast<std::size_t>(n)];
        auto does = told(all.confined[n]);
        if (says == "allowed" && does != says && does == told(all.free[n]))
            does = "allowed";
        if (says != does && is_for_probes_alone(n, all.confined[n]))
            does = says;
        const auto& was = all.confined[n];
        if (was.returned &&
            says == std::string{"errno "}.append(std::to_string(-was.value)))
            does = says;
        if (does != says)
            std::fprintf(stderr, "%s: %s is %s and should be %s\n", p.name,
                         name_of_call(n, here.token).c_str(), does.c_str(),
                         says.c_str());
        CHECK(does == says);
    }
    CHECK(told(all.unknown) == "ENOSYS");
#if defined(__x86_64__)
    CHECK(told(all.x32) == "killed");
    CHECK(told(all.foreign) == "killed");
#endif
}

void test(profile p, const std::vector<std::string>& expected) {
    CHECK(expected.size() == static_cast<std::size_t>(numbers) + 1);
    auto& c = p.with;
    c.seccomp_filter = system_call_filter(c);
    c.asked_calls = asked_calls_filter(c);
    c.landlock_abi = std::min(c.landlock_abi, usable_landlock_abi());
    auto* const all = static_cast<outcomes*>(
        ::mmap(nullptr, sizeof(outcomes), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const unsigned uid = ::geteuid(), gid = ::getegid();
    const auto init =
        static_cast<pid_t>(::syscall(SYS_clone, clone_flags(c) | SIGCHLD,
                                     nullptr, nullptr, nullptr, nullptr));
    CHECK(init != -1);
    if (init == 0) {
        try {
            live(c, uid, gid, *all, expected);
        } catch (const refusal& r) {
            std::fprintf(stderr, "%s: %s: %s\n", name_of(r.of),
                         r.error.syscall ? r.error.syscall : "",
                         r.error.code.message().c_str());
        }
        ::_exit(0);
    }
    ::waitpid(init, nullptr, 0);
    compare(p, *all, expected);
    ::munmap(all, sizeof(outcomes));
}

} // namespace

int main() {
#if defined(__SANITIZE_THREAD__)
    // Its own thread goes on after exit(2), by which each call's process ends.
    return 0;
#endif
    const auto table = read_table();
    const auto all = profiles();
    CHECK(table.size() == all.size());
    if (table.size() != all.size()) return 1;
    for (std::size_t i = 0; i < all.size(); ++i) {
        // A machine that refuses namespaces has been told so by other tests.
        if (all[i].with.on == foundation::namespaces &&
            !probe().has_namespaces())
            continue;
        test(all[i], table[i]);
    }
    return emilua::test::failures != 0;
}
