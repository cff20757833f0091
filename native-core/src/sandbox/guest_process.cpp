// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/guest_process.hpp"

#include "core/interpreter.hpp"
#include "sandbox/part.hpp"
#include "sandbox/program.hpp"
#include "sandbox/shared_child.hpp"
#include "sandbox/steps.hpp"

#include <csignal>
#include <fstream>
#include <sstream>

#include <linux/close_range.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> r;
    r.reserve(texts.size() + 1);
    for (const auto& t : texts) r.push_back(const_cast<char*>(t.c_str()));
    r.push_back(nullptr);
    return r;
}

void let_signals_through() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// A session without a terminal: there is none to type into.
void leave_session() {
    if (::setsid() == -1) refuse(layer::privileges, "setsid");
}

/// The program has these, and nothing else that is open here or in whoever
/// shares the descriptors of this process.
void keep_for_program(const handed& fds) {
    if (::close_range(static_cast<unsigned>(fds.size()), ~0U,
                      CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) == -1)
        refuse(layer::program, "close_range");
    int n = 0;
    for (const auto& fd : fds)
        if (::dup2(fd.get(), n++) == -1) refuse(layer::program, "dup2");
}

} // namespace

/// What the process does at last. Made by its init: behind the limits there may
/// be no memory to be had.
struct execution {
    execution(const program_setup& s, const handed& all)
        : setup{s}, fds{all}, arguments{pointers(s.arguments)},
          environment{pointers(s.environment)} {}

    /// Starts one of the programs, or says why none can be.
    [[noreturn]] void operator()() const;

    const program_setup& setup;
    const handed& fds;
    const std::vector<char*> arguments, environment;
};

void execution::operator()() const {
    const auto& s = setup;
    let_signals_through();
    int error = ENOENT;
    auto culprit = s.programs.empty() ? std::string{} : s.programs.back();
    for (const auto& p : s.programs) {
        ::execve(p.c_str(), arguments.data(), environment.data());
        const int why = errno;
        if (why == ENOTDIR) continue;
        if (why == ENOENT) {
            // A program that is there lacks what runs it.
            if (auto i = interpreter_of(p); !i.empty()) culprit = std::move(i);
            continue;
        }
        error = why;
        culprit = p;
    }
    errno = error;
    refuse(layer::program, "execve", culprit);
}

namespace {

/// What the guest's process needs of its init.
struct birth {
    const execution& execute;
    const answering& asked;
    const unique_descriptor& rules;
    /// Why there is no guest.
    child_outcome& outcome;
    pid_t init;
};

/// For `start_sharing`.
int become(void* of) noexcept {
    const auto& [execute, asked, rules, outcome, init] =
        *static_cast<const birth*>(of);
    outcome.of = layer::privileges;
    try {
        die_with_parent(init);
        leave_session();
        keep_for_program(execute.fds);
        if (auto calls = confine(execute.setup.within, outcome.of, rules)) {
            const int all[] = {calls.get(), asked.names};
            send_part(asked.supervisor, {}, {all, asked.names == -1 ? 1U : 2U});
            // Kept here, it would let this wait for answers when nobody is left
            // who could give any.
            calls.reset();
        }
        outcome.of = layer::program;
        execute();
    } catch (const refusal& r) {
        outcome.refuse(r);
    } catch (const failure& f) {
        outcome.refuse({layer::seccomp, f});
    }
    ::_exit(127);
}

/// Whether it has called nothing that made it another program.
bool is_forked_only(pid_t child) {
    std::ifstream f{"/proc/" + std::to_string(child) + "/stat"};
    std::string text;
    std::getline(f, text);
    // Behind the name, which may have anything in it: state, five numbers and
    // the flags of the kernel.
    const auto name_ends = text.rfind(')');
    if (name_ends == text.npos) return false;
    std::istringstream rest{text.substr(name_ends + 1)};
    std::string skipped;
    for (int i = 0; i < 6; ++i) rest >> skipped;
    unsigned long flags = 0;
    rest >> flags;
    return flags & 0x40;
}

/// Whether a filter of system calls that was there before, of whoever started
/// this, ended it before it was a program. Of one that came to execve(2), only
/// /proc can tell, which may hide it: then that is not claimed.
bool was_filtered_out(pid_t child, bool executes) {
    if (::prctl(PR_GET_SECCOMP) == 0) return false;
    while (!executes || is_forked_only(child)) {
        siginfo_t end{};
        if (::waitid(P_PID, static_cast<id_t>(child), &end,
                     WEXITED | WNOHANG | WNOWAIT) == -1)
            return false;
        if (end.si_pid == child) return end.si_status == SIGSYS;
        ::sched_yield();
    }
    return false;
}

// Not those for one process alone: the kernel wakes by these.
long futex(std::atomic<std::uint32_t>& word, int what,
           std::uint32_t value) noexcept {
    static_assert(sizeof(word) == sizeof(std::uint32_t));
    return ::syscall(SYS_futex, &word, what, value, nullptr, nullptr, 0);
}

} // namespace

pid_t start_guest(const program_setup& s, const handed& fds,
                  const answering& asked, const unique_descriptor& rules) {
    const execution execute{s, fds};
    birth b{execute, asked, rules, shared_outcome(), ::getpid()};
    block_init_signals();
    const pid_t guest = start_sharing(&become, &b, 0);
    if (guest == -1) refuse(layer::program, "clone");
    if (b.outcome.refused) ::waitpid(guest, nullptr, 0);
    b.outcome.check();
    const bool executes = b.outcome.of == layer::program;
    if (was_filtered_out(guest, executes)) {
        ::waitpid(guest, nullptr, 0);
        errno = EPERM;
        refuse(b.outcome.of, executes ? "execve" : "seccomp",
               executes && !s.programs.empty() ? s.programs.back()
                                               : std::string{});
    }
    return guest;
}

bool ready_process::is_possible_for(const confinement& c) noexcept {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    // They know nothing of a thread of another process in this memory.
    static_cast<void>(c);
    return false;
#else
    // Who answers is known by the start alone.
    return c.asked_calls.empty();
#endif
}

/// What it needs until it waits.
struct ready_process::making {
    ready_process& self;
    const confinement& within;
    const unique_descriptor& mounts;
    const unique_descriptor& rules;
    pid_t init;
};

ready_process::ready_process(const confinement& c,
                             const unique_descriptor& mounts,
                             const unique_descriptor& rules) {
    making m{*this, c, mounts, rules, ::getpid()};
    // A terminal's go to it as well, until it has left the session.
    sigset_t all, before;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before);
    pid_ = ::clone(&live, stack_ + sizeof(stack_),
                   CLONE_VM | CLONE_FILES | CLONE_CHILD_CLEARTID, &m, nullptr,
                   nullptr, &state_);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (pid_ == -1) return;
    wait_while(confining);
    if (state_ == waiting) return;
    // A filter ends it in a call, anybody else where it may have left this
    // memory half changed.
    if (const int end_status = end();
        WIFSIGNALED(end_status) && WTERMSIG(end_status) != SIGSYS) {
        errno = EINTR;
        refuse(layer::privileges, "clone");
    }
}

ready_process::~ready_process() {
    if (pid_ != -1) end();
}

std::optional<pid_t> ready_process::begin(const program_setup& s,
                                          const handed& fds) {
    if (pid_ == -1) return {};
    const execution what{s, fds};
    what_ = &what;
    block_init_signals();
    // The kernel may have written meanwhile that it is gone.
    std::uint32_t is = waiting;
    if (state_.compare_exchange_strong(is, beginning)) {
        futex(state_, FUTEX_WAKE, 1);
        wait_while(beginning);
        // Who may not wait does not know: it would become the program yet.
        if (state_ == beginning) kill_and_wait();
        if (is_program()) return std::exchange(pid_, -1);
    }
    end();
    return {};
}

// From here on it is this process, or its init while it waits.
int ready_process::live(void* of) noexcept {
    const auto& [self, within, mounts, rules, init] = *static_cast<making*>(of);
    auto& p = self;
    try {
        die_with_parent(init);
        leave_session();
        enter_ready(within, mounts);
        layer at;
        confine(within, at, rules);
    } catch (const refusal&) {
        ::_exit(127);
    }
    // What came along is gone from here on.
    p.go_on_to(waiting);
    p.wait_while(waiting);
    if (p.state_ == beginning) p.become_the_program();
    ::_exit(127);
}

void ready_process::become_the_program() noexcept {
    try {
        keep_for_program(what_->fds);
        begin_in_folder(what_->setup.within);
        (*what_)();
    } catch (const refusal&) {
        return;
    }
}

void ready_process::go_on_to(state s) noexcept {
    state_ = s;
    futex(state_, FUTEX_WAKE, 1);
}

void ready_process::wait_while(state s) noexcept {
    while (state_ == s)
        // A filter that was there before may forbid it.
        if (futex(state_, FUTEX_WAIT, s) == -1 && errno != EAGAIN &&
            errno != EINTR)
            return;
}

/// Its end brings SIGCHLD only then: execve(2) sees to that before it leaves
/// this memory.
bool ready_process::is_program() const noexcept {
    siginfo_t ignored;
    return ::waitid(P_PID, static_cast<id_t>(pid_), &ignored,
                    WEXITED | WNOHANG | WNOWAIT | __WCLONE) == -1 &&
           errno == ECHILD;
}

void ready_process::kill_and_wait() noexcept {
    siginfo_t ignored;
    ::kill(pid_, SIGKILL);
    while (::waitid(P_PID, static_cast<id_t>(pid_), &ignored,
                    WEXITED | WNOWAIT | __WALL) == -1 &&
           errno == EINTR)
        ;
}

int ready_process::end() noexcept {
    int status = 0;
    kill_and_wait();
    ::waitpid(pid_, &status, __WALL);
    pid_ = -1;
    return status;
}

} // namespace emilua::sandbox
