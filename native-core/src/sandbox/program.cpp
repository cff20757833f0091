// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/program.hpp"

#include "core/interpreter.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"
#include "sandbox/steps.hpp"

#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> r;
    for (const auto& t : texts) r.push_back(const_cast<char*>(t.c_str()));
    r.push_back(nullptr);
    return r;
}

void reset_signals() {
    for (int n = 1; n < NSIG; ++n) ::signal(n, SIG_DFL);
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
[[noreturn]] void execute(const program_setup& s, const answering& asked) {
    const auto arguments = pointers(s.arguments);
    const auto environment = pointers(s.environment);
    const int calls = confine(s.within);
    if (calls != -1) {
        const int all[] = {calls, asked.names};
        send_part(asked.supervisor, {}, {all, asked.names == -1 ? 1U : 2U});
    }
    reset_signals();
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
/// by. All lie above these, as does the pipe for failures: the set-up's socket
/// has the last of them.
using handed = std::vector<unique_descriptor>;

void tell(const unique_descriptor& failures, const refusal& r) noexcept {
    const auto p = report_of(r);
    [[maybe_unused]] const auto n = ::write(failures.get(), &p, sizeof(p));
}

[[noreturn]] void become(const program_setup& s, const handed& fds,
                         const answering& asked,
                         const unique_descriptor& failures) noexcept {
    try {
        die_with_parent();
        // A session without a terminal: there is none to type into.
        if (::setsid() == -1) refuse(layer::privileges, "setsid");
        int n = 0;
        for (const auto& fd : fds)
            if (::dup2(fd.get(), n++) == -1) refuse(layer::program, "dup2");
        if (::close_range(static_cast<unsigned>(n), ~0U, CLOSE_RANGE_CLOEXEC) ==
            -1)
            refuse(layer::program, "close_range");
        execute(s, asked);
    } catch (const refusal& r) {
        tell(failures, r);
    } catch (const failure& f) {
        tell(failures, {layer::seccomp, f});
    }
    ::_exit(127);
}

/// Returns when the program runs; throws its report when it does not.
pid_t start_guest(const program_setup& s, handed fds, const answering& asked) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == -1) refuse(layer::program, "pipe2");
    const unique_descriptor reader{ends[0]};
    unique_descriptor writer{ends[1]};
    block_init_signals();
    const pid_t guest = ::fork();
    if (guest == -1) refuse(layer::program, "fork");
    if (guest == 0) become(s, fds, asked, writer);
    writer.reset();
    fds.clear();
    program_report p{};
    if (::read(reader.get(), &p, sizeof(p)) != sizeof(p)) return guest;
    ::waitpid(guest, nullptr, 0);
    throw p;
}

/// Everything, until the guest has ended.
program_report run(const program_setup& s, std::vector<unique_descriptor>& fds,
                   unique_descriptor& to) {
    const std::size_t inbox =
        s.has_entrance ? first_optional + 1 : std::size_t{first_optional};
    const std::size_t supervisor = inbox + (s.has_inbox ? 1 : 0);
    const bool asks = !s.within.asked_calls.empty();
    if (fds.size() != supervisor + (asks ? 1 : 0))
        throw failure{error_code{EBADMSG, boost::system::system_category()}};
    if (s.has_entrance && ::write(fds[first_optional].get(), "0", 1) != 1)
        refuse(layer::limits, "write");
    // A process that is not dumpable may not say who it is in its own
    // namespace.
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1)
        refuse(layer::privileges, "prctl");
    const auto names = enter(s.within, s.uid, s.gid);
    // From here on no guest looks into its init.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
        refuse(layer::privileges, "prctl");
    handed streams;
    for (auto n : {program_input, program_output, program_error})
        streams.push_back(std::move(fds[n]));
    if (s.has_inbox) streams.push_back(std::move(fds[inbox]));
    answering asked;
    if (asks) asked = {fds[supervisor].get(), names.get()};
    const pid_t guest = start_guest(s, std::move(streams), asked);
    int kept[] = {to.get()};
    if (!keep_only(kept)) refuse(layer::privileges, "close_range");
    static_cast<void>(to.release());
    to = unique_descriptor{kept[0]};
    program_report p{};
    p.what = program_report::kind::started;
    send_report(to.get(), p);
    return report_of(
        be_init({.child = guest,
                 .microseconds = s.within.most.microseconds,
                 .ends_the_others = s.within.on == foundation::process}));
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
                          const group_refusals& refused) noexcept {
    if (r.out_of_time) return "seconds";
    const int signal = WIFSIGNALED(r.status) ? WTERMSIG(r.status) : 0;
    if (signal == SIGXCPU) return "processor";
    if (signal == SIGXFSZ) return "file_size";
    // Who ended well has helped himself.
    if (r.status == 0) return {};
    if (refused.memory) return "memory";
    return refused.processes ? "processes" : "";
}

int run_program_guest(int setup) {
    auto got = receive_part(setup);
    if (got.fds.size() <= reports) return 127;
    auto to = std::move(got.fds[reports]);
    program_report p{};
    try {
        p = run(decode(got.bytes), got.fds, to);
    } catch (const program_report& of_guest) {
        p = of_guest;
    } catch (const refusal& r) {
        p = report_of(r);
    } catch (const failure& f) {
        p = report_of({layer::program, f});
    }
    send_report(to.get(), p);
    return p.what == program_report::kind::ended ? exit_code_of(p.status) : 127;
}

} // namespace emilua::sandbox
