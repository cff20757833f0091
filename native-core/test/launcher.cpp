// SPDX-License-Identifier: MIT OR BSL-1.0
// A child has exactly what it was given, and a launch that fails leaves
// nothing behind. The child is this program itself, as a probe that says what
// it sees.
#include "core/launcher.hpp"
#include "core/child_process.hpp"
#include "test_vm.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace emilua;
using namespace emilua::test;

namespace {

constexpr const char self[] = "/proc/self/exe";

// --- the child ---------------------------------------------------------------

std::string status_field(const char* name) {
    std::ifstream status{"/proc/self/status"};
    std::string line;
    while (std::getline(status, line)) {
        if (!line.starts_with(name)) continue;
        std::replace(line.begin(), line.end(), '\t', ' ');
        const auto text = line.find_first_not_of(' ', std::strlen(name) + 1);
        return text == line.npos ? "" : line.substr(text);
    }
    return "?";
}

std::string open_descriptors() {
    std::string r;
    for (int fd = 0; fd < 1024; ++fd)
        if (::fcntl(fd, F_GETFD) != -1) r += std::to_string(fd) + ' ';
    return r;
}

std::string dispositions() {
    std::string r;
    for (int signo = 1; signo < NSIG; ++signo) {
        struct sigaction a {};
        if (::sigaction(signo, nullptr, &a) == 0 && a.sa_handler != SIG_DFL)
            r += std::to_string(signo) + ' ';
    }
    return r;
}

int probe() {
    std::ostringstream o;
    uid_t r, e, s;
    ::getresuid(&r, &e, &s);
    o << "fds=" << open_descriptors() << "\nuids=" << r << ' ' << e << ' ' << s;
    ::getresgid(&r, &e, &s);
    o << "\ngids=" << r << ' ' << e << ' ' << s
      << "\ngroups=" << status_field("Groups:")
      << "\nmask=" << status_field("SigBlk:") << "\nhandlers=" << dispositions()
      << "\nnnp=" << status_field("NoNewPrivs:")
      << "\nseccomp=" << status_field("Seccomp:");
    const mode_t mask = ::umask(0);
    int signo = -1;
    ::prctl(PR_GET_PDEATHSIG, &signo);
    o << "\numask=" << mask
      << "\ncwd=" << std::filesystem::current_path().native()
      << "\nleads=" << (::getsid(0) == ::getpid())
      << "\ngroup=" << (::getpgrp() == ::getpid())
      << "\npolicy=" << ::sched_getscheduler(0)
      << "\nnice=" << ::getpriority(PRIO_PROCESS, 0) << "\npdeathsig=" << signo
      << "\ndumpable=" << ::prctl(PR_GET_DUMPABLE);
    const int tty = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    o << "\ntty=" << (tty != -1)
      << "\nforeground=" << (tty != -1 && ::tcgetpgrp(tty) == ::getpgrp());
    for (const char* name : {"user", "mnt", "uts", "ipc", "net"}) {
        struct stat own {};
        ::stat((std::string{"/proc/self/ns/"} + name).c_str(), &own);
        o << '\n' << name << '=' << own.st_ino;
    }
    o << "\npid=" << ::getpid() << "\nenv=";
    for (char** v = environ; *v; ++v) o << *v << ';';
    o << '\n';
    const auto text = o.str();
    return ::write(1, text.data(), text.size()) ==
                   static_cast<ssize_t>(text.size())
               ? 0
               : 1;
}

// --- the parent --------------------------------------------------------------

launch_plan probing() {
    launch_plan p;
    p.programs = {self};
    p.arguments = {"probe"};
    return p;
}

using facts = std::map<std::string, std::string>;

facts ask(launch_plan plan) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    plan.descriptors[1] = ends[1];
    child_process child{launch(plan), SIGKILL};
    ::close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof(buffer))) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    while (!child.reap()) std::this_thread::yield();
    CHECK(child.exit_code() == 0 && child.exit_signal() == 0);
    facts r;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        r[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return r;
}

void an_ordinary_child_has_what_it_was_given() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGUSR1, [](int) {});
    const int leaking = ::open("/dev/null", O_RDONLY);
    auto f = ask(probing());
    CHECK(f["fds"] == "1 ");
    CHECK(f["mask"] == "0000000000000000");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // Sanitizers have some of their own in every program.
    CHECK(f["handlers"].empty());
#endif
    CHECK(f["env"].empty());
    CHECK(f["nnp"] == "0" && f["seccomp"] == "0" && f["pdeathsig"] == "0");
    CHECK(f["leads"] == "0" && f["group"] == "0" && f["dumpable"] == "1");
    CHECK(f["cwd"] == std::filesystem::current_path().native());
    ::close(leaking);
}

void options_arrive() {
    auto p = probing();
    p.umask = 027;
    p.directory = "/";
    p.process_group = 0;
    p.scheduler = launch_plan::scheduling{SCHED_BATCH | SCHED_RESET_ON_FORK, 0};
    p.parent_death_signal = SIGUSR2;
    p.no_new_privs = true;
    p.environment = {"A=1", "B="};
    p.pid_variable = "PID";
    auto f = ask(p);
    CHECK(f["umask"] == std::to_string(027));
    CHECK(f["cwd"] == "/");
    CHECK(f["group"] == "1" && f["leads"] == "0");
    CHECK(f["policy"] == std::to_string(SCHED_BATCH | SCHED_RESET_ON_FORK));
    CHECK(f["pdeathsig"] == std::to_string(SIGUSR2));
    CHECK(f["nnp"] == "1");
    CHECK(f["env"] == "A=1;B=;PID=" + f["pid"] + ";");
}

void a_directory_may_be_a_descriptor() {
    auto p = probing();
    unique_descriptor root{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    p.directory_fd = root.get();
    CHECK(ask(p)["cwd"] == "/");
}

void a_program_may_be_a_descriptor() {
    auto p = probing();
    unique_descriptor program{::open(self, O_PATH | O_CLOEXEC)};
    p.programs.clear();
    p.program_fd = program.get();
    CHECK(ask(p)["fds"] == "1 ");
}

sock_filter instruction(unsigned code, unsigned k, unsigned char yes,
                        unsigned char no) {
    return {static_cast<unsigned short>(code), yes, no, k};
}

void a_filter_confines_the_child_alone() {
    const sock_filter program[] = {
        instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0, 0),
        instruction(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdirat, 0, 1),
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0),
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0)};
    auto p = probing();
    p.no_new_privs = true;
    p.seccomp_filter.assign(reinterpret_cast<const char*>(program),
                            sizeof(program));
    CHECK(ask(p)["seccomp"] == "2");
    CHECK(::prctl(PR_GET_SECCOMP) == 0);
    CHECK(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
}

void ids_arrive_and_the_parent_stays_as_it_is() {
    if (::geteuid() != 0) return;
    auto p = probing();
    // The program is found before the child may no longer look.
    p.ruid = p.euid = 12345;
    p.rgid = p.egid = 23456;
    p.groups = std::vector<gid_t>{34567, 45678};
    p.parent_death_signal = SIGUSR2;
    p.programs.clear();
    unique_descriptor program{::open(self, O_RDONLY | O_CLOEXEC)};
    p.program_fd = program.get();
    p.directory = "/";
    auto f = ask(p);
    CHECK(f["uids"] == "12345 12345 12345");
    CHECK(f["gids"] == "23456 23456 23456");
    CHECK(f["groups"] == "34567 45678 " || f["groups"] == "34567 45678");
    CHECK(f["pdeathsig"] == std::to_string(SIGUSR2));
    CHECK(::prctl(PR_GET_DUMPABLE) == 1);
    CHECK(::geteuid() == 0);
}

// Anybody may have a user namespace, and only in there the others.
void namespaces_are_entered() {
    const auto owner = static_cast<pid_t>(
        ::syscall(SYS_clone,
                  SIGCHLD | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS |
                      CLONE_NEWIPC | CLONE_NEWNET,
                  0, 0, 0, 0));
    if (owner == 0)
        for (;;) ::pause();
    CHECK(owner > 0);
    if (owner <= 0) return;
    std::ofstream{"/proc/" + std::to_string(owner) + "/uid_map"}
        << "0 " << ::geteuid() << " 1";
    const auto number_of = [](const std::string& path) {
        struct stat s {};
        ::stat(path.c_str(), &s);
        return std::to_string(s.st_ino);
    };
    constexpr const char* names[] = {"user", "mnt", "uts", "ipc", "net"};
    const auto theirs = "/proc/" + std::to_string(owner) + "/ns/";
    std::vector<unique_descriptor> spaces;
    auto p = probing();
    for (std::size_t i = 0; i < 5; ++i) {
        spaces.emplace_back(
            ::open((theirs + names[i]).c_str(), O_RDONLY | O_CLOEXEC));
        p.namespaces[i] = spaces.back().get();
    }
    auto f = ask(p);
    for (const char* name : names) {
        CHECK(f[name] == number_of(theirs + name));
        CHECK(f[name] != number_of(std::string{"/proc/self/ns/"} + name));
    }
    CHECK(f["uids"] == "0 0 0");
    ::kill(owner, SIGKILL);
    ::waitpid(owner, nullptr, 0);
}

void a_new_session_has_its_terminal() {
    unique_descriptor terminal{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    if (!terminal || ::unlockpt(terminal.get()) != 0) return;
    unique_descriptor slave{
        ::open(::ptsname(terminal.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    auto p = probing();
    p.new_session = true;
    CHECK(ask(p)["leads"] == "1");
    p.controlling_terminal = slave.get();
    auto f = ask(p);
    CHECK(f["leads"] == "1" && f["tty"] == "1" && f["foreground"] == "1");
}

// Every way in which three open files can be given by seven numbers where one
// of each is already there.
void descriptors_arrive_in_every_order() {
    std::vector<int> files;
    for (int fd = 3; fd <= 9; ++fd) {
        const int made = ::memfd_create("file", MFD_CLOEXEC);
        const auto mark = static_cast<char>('0' + fd);
        if (::write(made, &mark, 1) != 1) std::abort();
        files.push_back(made);
    }
    // The first seven numbers that are free, so they collide with the targets.
    std::vector<int> order = files;
    std::sort(order.begin(), order.end());
    unsigned n = 0;
    do {
        // A forty-second of the 5040 is enough for each pass.
        if (n++ % 42 != 0) continue;
        launch_plan p;
        p.programs = {self};
        p.arguments = {"probe", "marks"};
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
        p.descriptors[1] = ends[1];
        std::string wanted;
        for (std::size_t i = 0; i < 7; ++i) {
            p.descriptors[i + 3] = order[i];
            const auto at = std::find(files.begin(), files.end(), order[i]);
            wanted += static_cast<char>('3' + (at - files.begin()));
        }
        child_process child{launch(p), SIGKILL};
        ::close(ends[1]);
        char got[16] = {};
        CHECK(::read(ends[0], got, sizeof(got)) == 7 && wanted == got);
        ::close(ends[0]);
        while (!child.reap()) std::this_thread::yield();
    } while (std::next_permutation(order.begin(), order.end()));
    for (int fd : files) ::close(fd);
}

int marks() {
    std::string r;
    for (int fd = 3; fd <= 9; ++fd) {
        char mark = '?';
        if (::pread(fd, &mark, 1, 0) == 1) r += mark;
    }
    return ::write(1, r.data(), r.size()) == 7 ? 0 : 1;
}

// --- failures ----------------------------------------------------------------

std::size_t descriptors_here() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator{"/proc/self/fd"})
        ++n;
    return n;
}

bool has_children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

void fails(const launch_plan& plan, int error, const char* syscall,
           const char* argument) {
    const auto before = descriptors_here();
    try {
        launch(plan);
        std::fprintf(stderr, "%s did not fail\n",
                     argument ? argument : syscall);
        CHECK(false);
    } catch (const failure& f) {
        const std::string_view named = argument ? argument : "";
        if (f.code.value() != error || std::string_view{f.syscall} != syscall ||
            named != (f.argument ? f.argument : ""))
            std::fprintf(stderr, "%s: %d %s %s\n", syscall, f.code.value(),
                         f.syscall, f.argument ? f.argument : "");
        CHECK(f.code.value() == error);
        CHECK(std::string_view{f.syscall} == syscall);
        CHECK(named == (f.argument ? f.argument : ""));
    }
    CHECK(descriptors_here() == before);
    CHECK(!has_children());
}

template <class Change>
void fails_with(Change change, int error, const char* syscall,
                const char* argument) {
    auto p = probing();
    change(p);
    fails(p, error, syscall, argument);
}

void every_step_can_fail() {
    unique_descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    const int none = 1000, wrong = null.get();
    using plan = launch_plan;
    constexpr const char* spaces[] = {"opts.setns_user", "opts.setns_mount",
                                      "opts.setns_uts", "opts.setns_ipc",
                                      "opts.setns_net"};
    for (std::size_t i = 0; i < 5; ++i)
        fails_with([&](plan& p) { p.namespaces[i] = wrong; }, EINVAL, "setns",
                   spaces[i]);
    // A process that leads a group cannot start a session; nobody does both.
    fails_with([&](plan& p) { p.controlling_terminal = wrong; }, ENOTTY,
               "ioctl", "opts.set_ctty");
    fails_with([&](plan& p) { p.process_group = 999999; }, EPERM, "setpgid",
               "opts.process_group");
    fails_with([&](plan& p) { p.foreground = wrong; }, ENOTTY, "tcsetpgrp",
               "opts.foreground");
    fails_with(
        [&](plan& p) {
            p.scheduler = plan::scheduling{SCHED_BATCH, 7};
        },
        EINVAL, "sched_setscheduler", "opts.scheduler");
    fails_with([&](plan& p) { p.groups = std::vector<gid_t>(70000, 1); },
               ::geteuid() == 0 ? EINVAL : EPERM, "setgroups",
               "opts.extra_groups");
    fails_with([&](plan& p) { p.directory = "/nowhere"; }, ENOENT, "chdir",
               "opts.working_directory");
    fails_with([&](plan& p) { p.directory_fd = wrong; }, ENOTDIR, "chdir",
               "opts.working_directory");
    fails_with([&](plan& p) { p.parent_death_signal = 65; }, EINVAL, "prctl",
               "opts.pdeathsig");
    fails_with([&](plan& p) { p.descriptors[5] = none; }, EBADF, "dup2",
               nullptr);
    fails_with([&](plan& p) { p.landlock_ruleset = wrong; }, EBADFD,
               "landlock_restrict_self", "opts.landlock_restrict_self");
    fails_with(
        [&](plan& p) {
            p.no_new_privs = true;
            p.seccomp_filter.assign(8, '\xff');
        },
        EINVAL, "seccomp", "opts.seccomp_set_mode_filter");
    fails_with([&](plan& p) { p.programs = {"/nowhere"}; }, ENOENT, "execve",
               "opts.program");
    fails_with(
        [&](plan& p) {
            p.programs = {"/nowhere", "/etc/passwd", "/no"};
        },
        EACCES, "execve", "opts.program");
    fails_with(
        [&](plan& p) {
            p.programs.clear();
            p.program_fd = wrong;
        },
        EACCES, "execve", "opts.program");
}

// Of users the kernel refuses only those that have no rights.
void ids_can_fail() {
    if (::geteuid() != 0) return;
    const pid_t child = ::fork();
    if (child == 0) {
        if (::setresgid(1, 1, 1) != 0 || ::setresuid(1, 1, 1) != 0) ::_exit(2);
        failures = 0;
        fails_with([](launch_plan& p) { p.euid = 0; }, EPERM, "setresuid",
                   nullptr);
        fails_with([](launch_plan& p) { p.egid = 0; }, EPERM, "setresgid",
                   nullptr);
        fails_with([](launch_plan& p) { p.groups.emplace(); }, EPERM,
                   "setgroups", "opts.extra_groups");
        ::_exit(failures != 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
}

#ifdef SYS_dup2
constexpr long dup2_call = SYS_dup2;
#else
constexpr long dup2_call = SYS_dup3;
#endif

/// Lets a system call fail with ELOOP in this process and its children; that of
/// fcntl(2) only where a descriptor is moved, for folders are read with others.
bool forbid(long number) {
    constexpr auto second = static_cast<unsigned>(
        offsetof(seccomp_data, args) + sizeof(seccomp_data::args[0]));
    const bool any = number != SYS_fcntl;
    const sock_filter program[] = {
        instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0, 0),
        instruction(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number),
                    any ? 2 : 0, 3),
        instruction(BPF_LD | BPF_W | BPF_ABS, second, 0, 0),
        instruction(BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD_CLOEXEC, 0, 1),
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ELOOP, 0, 0),
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0)};
    const sock_fprog filter{std::size(program),
                            const_cast<sock_filter*>(program)};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// Those that the kernel never refuses too, and each of the calls that a step
// makes.
void every_call_of_the_child_can_fail() {
    using plan = launch_plan;
    unique_descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    struct refused_call {
        long number;
        const char* syscall;
        const char* argument;
        void (*ask)(plan&, int);
    };
    const auto nothing = [](plan&, int) {};
    const refused_call calls[] = {
        {SYS_rt_sigaction, "rt_sigaction", nullptr, nothing},
        {SYS_setns, "setns", "opts.setns_uts",
         [](plan& p, int fd) { p.namespaces[plan::uts] = fd; }},
        {SYS_setsid, "setsid", "opts.start_new_session",
         [](plan& p, int) { p.new_session = true; }},
        {SYS_ioctl, "ioctl", "opts.set_ctty",
         [](plan& p, int fd) { p.controlling_terminal = fd; }},
        {SYS_ioctl, "tcsetpgrp", "opts.foreground",
         [](plan& p, int fd) { p.foreground = fd; }},
        {SYS_setpgid, "setpgid", "opts.process_group",
         [](plan& p, int) { p.process_group = 0; }},
        {SYS_sched_setscheduler, "sched_setscheduler", "opts.scheduler",
         [](plan& p, int) {
             p.scheduler = plan::scheduling{SCHED_BATCH, 0};
         }},
        {SYS_setgroups, "setgroups", "opts.extra_groups",
         [](plan& p, int) { p.groups.emplace(); }},
        {SYS_setresgid, "setresgid", nullptr,
         [](plan& p, int) { p.egid = ::getegid(); }},
        {SYS_setresuid, "setresuid", nullptr,
         [](plan& p, int) { p.euid = ::geteuid(); }},
        {SYS_umask, "umask", "opts.umask", [](plan& p, int) { p.umask = 0; }},
        {SYS_chdir, "chdir", "opts.working_directory",
         [](plan& p, int) { p.directory = "/"; }},
        {SYS_fchdir, "chdir", "opts.working_directory",
         [](plan& p, int fd) { p.directory_fd = fd; }},
        {SYS_prctl, "prctl", "opts.pdeathsig",
         [](plan& p, int) { p.parent_death_signal = SIGTERM; }},
        {SYS_prctl, "prctl", "opts.set_no_new_privs",
         [](plan& p, int) { p.no_new_privs = true; }},
        {SYS_fcntl, "dup2", nullptr,
         [](plan& p, int fd) { p.descriptors[0] = fd; }},
        {SYS_close_range, "dup2", nullptr, nothing},
        {dup2_call, "dup2", nullptr,
         [](plan& p, int fd) { p.descriptors[0] = fd; }},
        {SYS_landlock_restrict_self, "landlock_restrict_self",
         "opts.landlock_restrict_self",
         [](plan& p, int fd) { p.landlock_ruleset = fd; }},
        {SYS_rt_sigprocmask, "rt_sigprocmask", nullptr, nothing},
        {SYS_seccomp, "seccomp", "opts.seccomp_set_mode_filter",
         [](plan& p, int) { p.seccomp_filter.assign(8, '\0'); }},
        {SYS_execve, "execve", "opts.program", nothing},
        {SYS_execveat, "execve", "opts.program", [](plan& p, int fd) {
             p.programs.clear();
             p.program_fd = fd;
         }}};
    for (const auto& call : calls) {
        const pid_t child = ::fork();
        if (child == 0) {
            failures = 0;
            CHECK(forbid(call.number));
            auto p = probing();
            call.ask(p, null.get());
            fails(p, ELOOP, call.syscall, call.argument);
            ::_exit(failures != 0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        if (status != 0)
            std::fprintf(stderr, "of %s, for %s\n", call.syscall,
                         call.argument ? call.argument : "nothing");
        CHECK(status == 0);
    }
}

void no_descriptor_for_the_launch_itself() {
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    auto few = before;
    few.rlim_cur = 3;
    ::setrlimit(RLIMIT_NOFILE, &few);
    try {
        launch(probing());
        CHECK(false);
    } catch (const failure& f) {
        CHECK(f.code.value() == EMFILE);
        CHECK(std::string_view{f.syscall} == "pipe2");
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
}

// --- many --------------------------------------------------------------------

void threads_launch_beside_each_other() {
    const auto before = descriptors_here();
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&wrong, t] {
            for (int i = 0; i < 40; ++i) {
                launch_plan p;
                const bool there = i % 4 != 0;
                p.programs = {there ? "/bin/sh" : "/nowhere"};
                p.arguments = {"sh", "-c", "exit " + std::to_string(t)};
                if (i % 3 == 0 && ::geteuid() == 0) p.euid = 0;
                try {
                    child_process child{launch(p), SIGKILL};
                    while (!child.reap()) std::this_thread::yield();
                    if (!there || child.exit_code() != t) ++wrong;
                } catch (const failure& f) {
                    if (there || f.code.value() != ENOENT) ++wrong;
                }
            }
        });
    }
    for (auto& t : threads) t.join();
    CHECK(wrong == 0);
    CHECK(descriptors_here() == before);
    CHECK(!has_children());
}

void children_that_nobody_wants_are_reaped() {
    const auto before = descriptors_here();
    for (int i = 0; i < 200; ++i) {
        launch_plan p;
        p.programs = {"/bin/sleep"};
        p.arguments = {"sleep", "1000"};
        child_process dropped{launch(p), i % 2 ? SIGTERM : SIGKILL};
        if (i % 3 == 0) dropped.kill(SIGKILL);
    }
    // The thread that reaps them ends with the last one.
    while (has_children() || descriptors_here() != before)
        std::this_thread::yield();
}

std::size_t threads_here() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator{"/proc/self/task"})
        ++n;
    return n;
}

// Dropped while they start, killed, waited for in part: a thousand at once.
void a_storm_leaves_nothing() {
    const auto descriptors = descriptors_here();
    const auto tasks = threads_here();
    {
        std::mutex mutex;
        std::vector<std::unique_ptr<child_process>> all;
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 125; ++i) {
                    launch_plan p;
                    p.programs = {"/bin/sleep"};
                    p.arguments = {"sleep", "1000"};
                    auto child =
                        std::make_unique<child_process>(launch(p), SIGKILL);
                    if ((i + t) % 3 == 0) child->kill(SIGTERM);
                    if ((i + t) % 5 == 0) child.reset();
                    const std::lock_guard lock{mutex};
                    if (child) all.push_back(std::move(child));
                }
            });
        }
        for (auto& t : threads) t.join();
        CHECK(all.size() == 800);
        for (std::size_t i = 0; i < all.size(); i += 2) {
            all[i]->kill(SIGKILL);
            while (!all[i]->reap()) std::this_thread::yield();
        }
    }
    while (has_children() || descriptors_here() != descriptors ||
           threads_here() != tasks)
        std::this_thread::yield();
}

// The thread that launched it counts as the parent.
void a_child_can_end_with_its_parent() {
    launch_plan p;
    p.programs = {"/bin/sleep"};
    p.arguments = {"sleep", "1000"};
    p.parent_death_signal = SIGUSR1;
    std::unique_ptr<child_process> child;
    std::thread{[&] {
        child = std::make_unique<child_process>(launch(p), SIGKILL);
    }}.join();
    while (!child->reap()) std::this_thread::yield();
    CHECK(child->exit_signal() == SIGUSR1);
}

void a_copy_of_the_process_leaves_its_children_alone() {
    launch_plan p;
    p.programs = {"/bin/sleep"};
    p.arguments = {"sleep", "1000"};
    auto child = std::make_unique<child_process>(launch(p), SIGKILL);
    const pid_t copy = ::fork();
    if (copy == 0) {
        child.reset();
        std::exit(0);
    }
    CHECK(::waitpid(copy, nullptr, 0) == copy);
    child->kill(SIGTERM);
    while (!child->reap()) std::this_thread::yield();
    CHECK(child->exit_signal() == SIGTERM);
}

void one_that_was_reaped_holds_no_descriptor() {
    const auto before = descriptors_here();
    launch_plan p;
    p.programs = {"/bin/true"};
    child_process child{launch(p), SIGKILL};
    CHECK(descriptors_here() == before + 1);
    while (!child.reap()) std::this_thread::yield();
    CHECK(descriptors_here() == before);
}

void a_signal_never_reaches_another_process() {
    launch_plan p;
    p.programs = {"/bin/sleep"};
    p.arguments = {"sleep", "1000"};
    child_process child{launch(p), SIGKILL};
    child.kill(0);
    child.kill(SIGTERM);
    while (!child.reap()) std::this_thread::yield();
    CHECK(child.exit_code() == 128 + SIGTERM && child.exit_signal() == SIGTERM);
    try {
        child.kill(0);
        CHECK(false);
    } catch (const failure& f) {
        CHECK(f.code.value() == ESRCH);
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 0 && std::string_view{argv[0]} == "probe")
        return argc > 1 ? marks() : probe();
    // What only root can try is not left out where nobody looks.
    CHECK(::geteuid() == 0 || !std::getenv("CI"));
    every_step_can_fail();
    an_ordinary_child_has_what_it_was_given();
    options_arrive();
    a_directory_may_be_a_descriptor();
    a_program_may_be_a_descriptor();
    a_filter_confines_the_child_alone();
    ids_arrive_and_the_parent_stays_as_it_is();
    namespaces_are_entered();
    a_new_session_has_its_terminal();
    descriptors_arrive_in_every_order();
    ids_can_fail();
    every_call_of_the_child_can_fail();
    no_descriptor_for_the_launch_itself();
    threads_launch_beside_each_other();
    children_that_nobody_wants_are_reaped();
    a_storm_leaves_nothing();
    a_child_can_end_with_its_parent();
    a_copy_of_the_process_leaves_its_children_alone();
    one_that_was_reaped_holds_no_descriptor();
    a_signal_never_reaches_another_process();
    return failures != 0;
}
