// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/program.hpp"

#include "core/interpreter.hpp"
#include "sandbox/part.hpp"
#include "sandbox/shared_child.hpp"
#include "sandbox/steps.hpp"

#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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

/// As its child will have them.
void reset_signals() {
    for (int n = 1; n < NSIG; ++n) ::signal(n, SIG_DFL);
}

void let_signals_through() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Who answers the guest's calls, and its name server, if it has any.
struct answering {
    int supervisor = -1;
    int names = -1;
};

/// Starts one of the programs, or says why none can be.
[[noreturn]] void execute(const program_setup& s, const answering& asked,
                          const unique_descriptor& rules, layer& at) {
    const auto arguments = pointers(s.arguments);
    const auto environment = pointers(s.environment);
    if (auto calls = confine(s.within, at, rules)) {
        const int all[] = {calls.get(), asked.names};
        send_part(asked.supervisor, {}, {all, asked.names == -1 ? 1U : 2U});
        // Kept here, it would let this wait for answers when nobody is left
        // who could give any.
        calls.reset();
    }
    let_signals_through();
    at = layer::program;
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

/// What the guest is handed, in the order of the numbers that it will have them
/// by. All lie above these: the set-up's socket has the last of them.
using handed = std::vector<unique_descriptor>;

/// What the guest's process needs of its init.
struct birth {
    const program_setup& setup;
    const handed& fds;
    const answering& asked;
    const unique_descriptor& rules;
    /// Why there is no guest.
    child_outcome& outcome;
    pid_t init;
};

/// For `start_sharing`.
int become(void* of) noexcept {
    const auto& [s, fds, asked, rules, outcome, init] =
        *static_cast<const birth*>(of);
    outcome.of = layer::privileges;
    try {
        die_with_parent(init);
        // A session without a terminal: there is none to type into.
        if (::setsid() == -1) refuse(layer::privileges, "setsid");
        int n = 0;
        for (const auto& fd : fds)
            if (::dup2(fd.get(), n++) == -1) refuse(layer::program, "dup2");
        if (::close_range(static_cast<unsigned>(n), ~0U, CLOSE_RANGE_CLOEXEC) ==
            -1)
            refuse(layer::program, "close_range");
        execute(s, asked, rules, outcome.of);
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
/// this, ended it before it was a program.
bool was_filtered_out(pid_t child) {
    if (::prctl(PR_GET_SECCOMP) == 0) return false;
    while (is_forked_only(child)) {
        siginfo_t end{};
        if (::waitid(P_PID, static_cast<id_t>(child), &end,
                     WEXITED | WNOHANG | WNOWAIT) == -1)
            return false;
        if (end.si_pid == child) return end.si_status == SIGSYS;
        ::sched_yield();
    }
    return false;
}

/// Returns when the program runs.
pid_t start_guest(const program_setup& s, handed fds, const answering& asked,
                  const unique_descriptor& rules) {
    birth b{s, fds, asked, rules, shared_outcome(), ::getpid()};
    block_init_signals();
    const pid_t guest = start_sharing(&become, &b, 0);
    if (guest == -1) refuse(layer::program, "clone");
    if (b.outcome.refused) ::waitpid(guest, nullptr, 0);
    b.outcome.check();
    if (was_filtered_out(guest)) {
        ::waitpid(guest, nullptr, 0);
        errno = EPERM;
        const bool executes = b.outcome.of == layer::program;
        refuse(b.outcome.of, executes ? "execve" : "seccomp",
               executes && !s.programs.empty() ? s.programs.back()
                                               : std::string{});
    }
    return guest;
}

/// Everything, until the guest has ended.
program_report run(const program_setup& s, prepared ahead,
                   std::vector<unique_descriptor>& fds, unique_descriptor& to) {
    const std::size_t inbox = first_optional + s.entrances;
    const std::size_t supervisor = inbox + (s.has_inbox ? 2 : 0);
    const bool asks = !s.within.asked_calls.empty();
    if (s.entrances > fds.size() || fds.size() != supervisor + (asks ? 1 : 0))
        throw failure{error_code{EBADMSG, boost::system::system_category()}};
    join_groups({fds.data() + first_optional, s.entrances});
    auto [names, left_mounts, rules] = enter_as(std::move(ahead), s);
    handed streams;
    for (auto n : {program_input, program_output, program_error})
        streams.push_back(std::move(fds[n]));
    for (auto n = inbox; n < supervisor; ++n)
        streams.push_back(std::move(fds[n]));
    answering asked;
    if (asks) asked = {fds[supervisor].get(), names.get()};
    const pid_t guest = start_guest(s, std::move(streams), asked, rules);
    int all[] = {to.get(), left_mounts.get()};
    const std::span kept{all, left_mounts ? 2U : 1U};
    if (!keep_only(kept)) refuse(layer::privileges, "close_range");
    static_cast<void>(left_mounts.release());
    static_cast<void>(rules.release());
    static_cast<void>(to.release());
    to = unique_descriptor{kept[0]};
    program_report p{};
    p.what = program_report::kind::started;
    send_report(to.get(), p);
    return report_of(be_init({.child = guest,
                              .microseconds = s.within.most.microseconds,
                              .left_mounts = kept.size() > 1 ? kept[1] : -1,
                              .ends_the_others = true}));
}

} // namespace

program_report report_of(const refusal& r) noexcept {
    program_report p{};
    p.what = program_report::kind::refused;
    p.of = r.of;
    p.error = r.error.code.value();
    std::strncpy(p.syscall, r.error.syscall ? r.error.syscall : "",
                 sizeof(p.syscall) - 1);
    if (r.error.path)
        std::strncpy(p.path, r.error.path->c_str(), sizeof(p.path) - 1);
    return p;
}

program_report report_of(const init_end& e) noexcept {
    program_report p{};
    p.what = program_report::kind::ended;
    p.status = e.status;
    p.processor_time = e.processor_time;
    p.out_of_time = e.out_of_time;
    return p;
}

void send_report(int socket, const program_report& r) noexcept {
    [[maybe_unused]] const auto n = ::send(socket, &r, sizeof(r), MSG_NOSIGNAL);
}

std::string_view limit_of(const program_report& r,
                          const group_refusals& refused,
                          std::uint64_t processor) noexcept {
    if (r.out_of_time) return "seconds";
    const int signal = WIFSIGNALED(r.status) ? WTERMSIG(r.status) : 0;
    if (signal == SIGXCPU) return "processor";
    if (signal == SIGXFSZ) return "file_size";
    // Who ended well has helped himself.
    if (r.status == 0) return {};
    if (refused.memory) return "memory";
    // Who ignores the signal of that limit is killed a second later. The kernel
    // counts ticks, of which not all was run.
    if (signal == SIGKILL && processor != 0 &&
        static_cast<double>(r.processor_time) / 1e6 >=
            0.8 * static_cast<double>(processor))
        return "processor";
    return refused.processes ? "processes" : "";
}

prepared::prepared(const guest_birth& b) : birth{b} {
    try {
        mounts = prepare_to_enter(b.shape.namespaces, b.uid, b.gid);
    } catch (refusal& r) {
        give_up(std::move(r));
    }
}

void prepared::give_up(refusal r) noexcept {
    refused = std::move(r);
    birth.patience = 0;
}

void prepared::get_ready_for(std::string_view policy) noexcept {
    if (refused) return;
    try {
        ready.emplace(decode(policy).within, mounts);
    } catch (refusal& r) {
        // Who was killed has left descriptors.
        if (r.error.code == boost::system::errc::interrupted)
            return give_up(std::move(r));
        // Who wants it is told, by the start.
        forget_policy();
    } catch (const failure&) {
        forget_policy();
    }
}

void prepared::forget_policy() noexcept {
    ready.reset();
    mounts.reset();
    try {
        mounts = make_basic_mounts();
    } catch (refusal& r) {
        give_up(std::move(r));
    }
}

entered enter_as(prepared p, const program_setup& s) {
    const auto& b = p.birth;
    if (p.ready && !p.ready->serves(s.within)) p.forget_policy();
    if (p.refused) throw std::move(*p.refused);
    if (b.shape.namespaces != 0 && (b.uid != s.uid || b.gid != s.gid)) {
        errno = EPERM;
        refuse(layer::namespaces, "write", "/proc/self/uid_map");
    }
    return p.ready ? enter(s.within, p.mounts, std::move(*p.ready))
                   : enter(s.within, p.mounts);
}

namespace {

/// The set-up of a guest that may be ready for its policy: until a mount of the
/// host changes, which would keep one busy that is taken away.
part receive_ready(prepared& p) {
    if (p.ready) {
        if (auto got = receive_setup(p.birth, p.ready->host_mounts(),
                                     &p.ready->left_mounts()))
            return std::move(*got);
        p.forget_policy();
    }
    return *receive_setup(p.birth);
}

} // namespace

int run_program_guest(const guest_birth& b) {
    reset_signals();
    prepared ahead{b};
    auto got = *receive_setup(ahead.birth);
    // A policy that is likely to come, unless it is there.
    if (got.fds.empty()) {
        if (!is_set_up(b)) ahead.get_ready_for(got.bytes);
        got = receive_ready(ahead);
    }
    if (got.fds.size() <= reports) return 127;
    auto to = std::move(got.fds[reports]);
    program_report p{};
    try {
        p = run(decode(got.bytes), std::move(ahead), got.fds, to);
    } catch (const refusal& r) {
        p = report_of(r);
    } catch (const failure& f) {
        p = report_of({layer::program, f});
    }
    send_report(to.get(), p);
    // Who waits for it comes first: to end this takes longer.
    ::sched_yield();
    return p.what == program_report::kind::ended ? exit_code_of(p.status) : 127;
}

} // namespace emilua::sandbox
