// SPDX-License-Identifier: MIT OR BSL-1.0
// A child has exactly what it was given, and many of them leave nothing behind.
#include "launcher_probe.hpp"

#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

using namespace emilua;
using namespace emilua::test;

namespace {

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
    p.environment = std::string{"A=1\0B=\0", 7};
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
    CHECK(terminal.get() >= 0 && ::unlockpt(terminal.get()) == 0);
    if (!terminal) return;
    unique_descriptor slave{
        ::open(::ptsname(terminal.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    auto p = probing();
    p.new_session = true;
    CHECK(ask(p)["leads"] == "1");
    p.controlling_terminal = slave.get();
    auto f = ask(p);
    CHECK(f["leads"] == "1" && f["tty"] == "1" && f["foreground"] == "1");
}

/// A child that says which file it has by which number, and the end of the
/// pipe where it does.
struct marked_child {
    explicit marked_child(std::span<const int> order) {
        launch_plan p;
        p.programs = {self};
        p.arguments = {"probe", "marks"};
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
        const unique_descriptor writer{ends[1]};
        marks = unique_descriptor{ends[0]};
        p.descriptors[1] = writer.get();
        std::copy(order.begin(), order.end(), p.descriptors.begin() + 3);
        child = std::make_unique<child_process>(launch(p), SIGKILL);
    }
    std::string read() {
        char got[16] = {};
        CHECK(::read(marks.get(), got, sizeof(got)) == 7);
        while (!child->reap()) std::this_thread::yield();
        return got;
    }
    unique_descriptor marks;
    std::unique_ptr<child_process> child;
};

// Seven files by seven numbers, in all 5040 orders; where they lie in the
// parent collides with where they go.
void descriptors_arrive_in_every_order() {
    std::vector<int> files;
    for (int fd = 3; fd <= 9; ++fd) {
        const int made = ::memfd_create("file", MFD_CLOEXEC);
        // Those that are open already have other numbers.
        if (made != fd && ::dup3(made, fd, O_CLOEXEC) != fd) std::abort();
        if (made != fd) ::close(made);
        const auto mark = static_cast<char>('0' + fd);
        if (::write(fd, &mark, 1) != 1) std::abort();
        files.push_back(fd);
    }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // Every program takes its time to begin.
    constexpr unsigned every = 42;
#else
    constexpr unsigned every = 1;
#endif
    auto order = files;
    unsigned n = 0;
    do {
        if (n++ % every != 0) continue;
        std::string wanted;
        for (int fd : order) wanted += static_cast<char>('0' + fd);
        CHECK(marked_child{order}.read() == wanted);
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(n == 5040);
    for (int fd : files) ::close(fd);
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

// Parents that end in an orderly way, or are killed while they launch: children
// get the signal that they are to get, and nobody is left behind.
void parents_may_end() {
    CHECK(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    constexpr int parents = 40;
    std::vector<pid_t> all;
    for (int i = 0; i < parents; ++i) {
        const pid_t parent = ::fork();
        if (parent == 0) {
            std::vector<std::unique_ptr<child_process>> children;
            for (int n = 0; i % 2 == 0 ? n < 10 : true; ++n) {
                launch_plan p;
                p.programs = {"/bin/sleep"};
                p.arguments = {"sleep", "1000"};
                p.parent_death_signal = SIGTERM;
                children.push_back(
                    std::make_unique<child_process>(launch(p), SIGKILL));
                if (n % 3 == 0) children.back().reset();
                if (n % 10 == 9) children.clear();
            }
            std::exit(0);
        }
        all.push_back(parent);
    }
    for (int i = 1; i < parents; i += 2)
        ::kill(all[static_cast<std::size_t>(i)], SIGKILL);
    // This process is handed those that lost their parent.
    int ended = 0;
    for (pid_t pid; (pid = ::waitpid(-1, nullptr, __WALL)) > 0;) ++ended;
    CHECK(errno == ECHILD && ended >= parents);
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
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

// One thread sends signals for as long as it can, another one reaps.
void signals_beside_a_reaping() {
    for (int i = 0; i < 50; ++i) {
        launch_plan p;
        p.programs = {"/bin/true"};
        child_process child{launch(p), SIGKILL};
        int error = 0;
        std::thread sender{[&] {
            try {
                for (;;) child.kill(0);
            } catch (const failure& f) {
                error = f.code.value();
            }
        }};
        while (!child.reap()) std::this_thread::yield();
        sender.join();
        CHECK(error == ESRCH && child.exit_code() == 0);
    }
}

} // namespace

int main(int argc, char** argv) {
    int status;
    if (be_the_probe(argc, argv, status)) return status;
    // What only root can try is not left out where nobody looks.
    CHECK(::geteuid() == 0 || !std::getenv("CI"));
    an_ordinary_child_has_what_it_was_given();
    options_arrive();
    a_directory_may_be_a_descriptor();
    a_program_may_be_a_descriptor();
    a_filter_confines_the_child_alone();
    ids_arrive_and_the_parent_stays_as_it_is();
    namespaces_are_entered();
    a_new_session_has_its_terminal();
    descriptors_arrive_in_every_order();
    threads_launch_beside_each_other();
    children_that_nobody_wants_are_reaped();
    a_storm_leaves_nothing();
    parents_may_end();
    a_child_can_end_with_its_parent();
    a_copy_of_the_process_leaves_its_children_alone();
    one_that_was_reaped_holds_no_descriptor();
    a_signal_never_reaches_another_process();
    signals_beside_a_reaping();
    return failures != 0;
}
