// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/program.hpp"

#include "sandbox/part.hpp"
#include "sandbox/steps.hpp"

#include <array>
#include <csignal>
#include <cstring>

#include <climits>
#include <elf.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
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

/// What the kernel starts instead of a program: behind its "#!", or its
/// dynamic loader; "" for nothing.
std::string interpreter_of(const std::string& program) {
    const unique_descriptor file{::open(program.c_str(), O_RDONLY | O_CLOEXEC)};
    char text[PATH_MAX]{};
    if (!file || ::pread(file.get(), text, sizeof(text) - 1, 0) <= 0) return {};
    if (text[0] == '#' && text[1] == '!') {
        const char* const from = text + 2 + std::strspn(text + 2, " \t");
        return {from, std::strcspn(from, " \t\n")};
    }
    Elf64_Ehdr head;
    std::memcpy(&head, text, sizeof(head));
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return {};
    for (int i = 0; i < head.e_phnum; ++i) {
        Elf64_Phdr part;
        const auto at =
            head.e_phoff + static_cast<std::size_t>(i) * sizeof(part);
        if (::pread(file.get(), &part, sizeof(part), static_cast<off_t>(at)) !=
            sizeof(part))
            return {};
        if (part.p_type != PT_INTERP || part.p_filesz >= sizeof(text)) continue;
        std::memset(text, 0, sizeof(text));
        if (::pread(file.get(), text, part.p_filesz,
                    static_cast<off_t>(part.p_offset)) > 0)
            return text;
    }
    return {};
}

/// Starts one of the programs, or says why none can be.
[[noreturn]] void execute(const program_setup& s) {
    const auto arguments = pointers(s.arguments);
    const auto environment = pointers(s.environment);
    confine(s.within);
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

[[noreturn]] void become(const program_setup& s,
                         const std::array<unique_descriptor, 3>& streams,
                         const unique_descriptor& failures) noexcept {
    try {
        // A session without a terminal: there is none to type into.
        if (::setsid() == -1) refuse(layer::privileges, "setsid");
        // They lie above the three, as does the pipe for failures.
        for (int n = 0; n < 3; ++n)
            if (::dup2(streams[static_cast<std::size_t>(n)].get(), n) == -1)
                refuse(layer::program, "dup2");
        if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == -1)
            refuse(layer::program, "close_range");
        execute(s);
    } catch (const refusal& r) {
        const auto p = report_of(r);
        [[maybe_unused]] const auto n = ::write(failures.get(), &p, sizeof(p));
    }
    ::_exit(127);
}

pid_t guest = -1;

/// What an init waits for: children that end, time that is up, and what it
/// passes on to a guest that cannot be asked for by its number from outside.
/// Blocked, so that the kernel keeps it.
sigset_t watched_signals() {
    sigset_t s;
    ::sigemptyset(&s);
    for (const int n : {SIGCHLD, SIGALRM, SIGTERM, SIGINT, SIGHUP, SIGQUIT,
                        SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH})
        ::sigaddset(&s, n);
    return s;
}

void end_after(std::uint64_t microseconds) {
    if (microseconds == 0) return;
    const itimerval once{{0, 0},
                         {static_cast<time_t>(microseconds / 1'000'000),
                          static_cast<suseconds_t>(microseconds % 1'000'000)}};
    if (::setitimer(ITIMER_REAL, &once, nullptr) == -1)
        refuse(layer::limits, "setitimer");
}

/// Waits for the guest; whoever else ends here is nobody's.
int reap_until_it_ends(bool& out_of_time) noexcept {
    const auto watched = watched_signals();
    for (;;) {
        const int signo = ::sigwaitinfo(&watched, nullptr);
        if (signo == -1) continue;
        if (signo == SIGALRM) out_of_time = true;
        if (signo != SIGCHLD) {
            ::kill(guest, signo == SIGALRM ? SIGKILL : signo);
            continue;
        }
        // One signal stands for all that ended meanwhile.
        int status = 0;
        for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == guest) return status;
    }
}

/// What a guest left behind, where no namespace ends with its init.
void end_the_others() noexcept {
    for (;;) {
        // Each that ends leaves its own children to this process.
        const unique_descriptor children{
            ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC)};
        char text[4096];
        const auto n =
            children ? ::read(children.get(), text, sizeof(text) - 1) : 0;
        if (n <= 0) return;
        text[n] = '\0';
        for (char* at = text; *at != '\0';) {
            char* end = at;
            const long pid = std::strtol(at, &end, 10);
            if (end == at) break;
            ::kill(static_cast<pid_t>(pid), SIGKILL);
            at = end;
        }
        while (::waitpid(-1, nullptr, 0) == -1 && errno == EINTR)
            ;
    }
}

std::uint64_t processor_time() noexcept {
    rusage r{};
    ::getrusage(RUSAGE_CHILDREN, &r);
    const auto us = [](const timeval& t) {
        return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 +
               static_cast<std::uint64_t>(t.tv_usec);
    };
    return us(r.ru_utime) + us(r.ru_stime);
}

void start_guest(const program_setup& s,
                 std::array<unique_descriptor, 3>& streams) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == -1) refuse(layer::program, "pipe2");
    const unique_descriptor reader{ends[0]};
    unique_descriptor writer{ends[1]};
    guest = ::fork();
    if (guest == -1) refuse(layer::program, "fork");
    if (guest == 0) become(s, streams, writer);
    writer.reset();
    for (auto& d : streams) d.reset();
    program_report p{};
    if (::read(reader.get(), &p, sizeof(p)) != sizeof(p)) return;
    ::waitpid(guest, nullptr, 0);
    throw p;
}

/// What an init has no use for, nobody can take from it.
void keep_only(unique_descriptor& reports) {
    if (::dup2(reports.get(), 0) == -1 || ::close_range(1, ~0U, 0) == -1)
        refuse(layer::privileges, "close_range");
    static_cast<void>(reports.release());
    reports = unique_descriptor{0};
}

/// Everything, until the guest has ended.
program_report run(const program_setup& s, std::vector<unique_descriptor>& fds,
                   unique_descriptor& to) {
    if (fds.size() > entrance && ::write(fds[entrance].get(), "0", 1) != 1)
        refuse(layer::limits, "write");
    // A process that is not dumpable may not say who it is in its own
    // namespace.
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1)
        refuse(layer::privileges, "prctl");
    enter(s.within, s.uid, s.gid);
    // From here on no guest looks into its init.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
        refuse(layer::privileges, "prctl");
    std::array<unique_descriptor, 3> streams{std::move(fds[program_input]),
                                             std::move(fds[program_output]),
                                             std::move(fds[program_error])};
    const auto watched = watched_signals();
    ::sigprocmask(SIG_BLOCK, &watched, nullptr);
    start_guest(s, streams);
    keep_only(to);
    end_after(s.within.most.microseconds);
    program_report p{};
    p.what = program_report::kind::started;
    send_report(to.get(), p);
    p.what = program_report::kind::ended;
    p.status = reap_until_it_ends(p.out_of_time);
    p.processor_time = processor_time();
    if (s.within.on == foundation::process) end_the_others();
    return p;
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

void send_report(int socket, const program_report& r) noexcept {
    [[maybe_unused]] const auto n = ::send(socket, &r, sizeof(r), MSG_NOSIGNAL);
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
    if (p.what != program_report::kind::ended) return 127;
    return WIFEXITED(p.status) ? WEXITSTATUS(p.status)
                               : 128 + WTERMSIG(p.status);
}

} // namespace emilua::sandbox
