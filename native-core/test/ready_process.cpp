// SPDX-License-Identifier: MIT OR BSL-1.0
// The process of a guest that is made before it is known what it will run: what
// it may do meanwhile, that it is the guest then or nobody, and that whatever
// becomes of it the guest is the same.
#include "guest_client.hpp"

#include <csignal>
#include <cstdlib>

#include <sys/stat.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;
using namespace emilua::test;
namespace fs = std::filesystem;

bool has_line(const std::string& text, const std::string& line) {
    return text.find(line + '\n') != std::string::npos;
}

/// The process that waits in the next guest, once it is confined.
pid_t waiting_in(const client& c) {
    for (;;) {
        const auto inits = children_of(c.server_pid);
        if (inits.size() == 1)
            for (const pid_t pid : children_of(*inits.begin()))
                if (has_line(read(of(pid, "status")), "Seccomp:\t2"))
                    return pid;
        ::sched_yield();
    }
}

void test_what_it_may_do() {
    const playground p;
    client c{p.naming("folder")};
    const auto pid = waiting_in(c);
    const auto status = read(of(pid, "status"));
    for (const char* line :
         {"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000",
          "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000",
          "CapAmb:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"})
        CHECK(has_line(status, line));
    // Of one that is not dumpable everything is root's.
    struct stat st {};
    CHECK(::stat(of(pid, "status").c_str(), &st) == 0 && st.st_uid == 0);
    CHECK(::getsid(pid) == pid);
    if (!client::may_look()) return;
    const auto ns = [](const fs::path& of) { return fs::read_symlink(of); };
    CHECK(ns(of(pid, "ns/mnt")) != ns("/proc/self/ns/mnt"));
    CHECK(
        fs::exists(of(pid, "root") / (p.at / "folder/which").relative_path()));
    CHECK(!fs::exists(of(pid, "root/etc/passwd")));
}

void test_it_is_the_guest() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    for (int i = 0; i < 3; ++i) {
        const auto pid = waiting_in(c);
        const started s{c.server, named, {"sleep", "1000"}};
        CHECK(s.next().what == program_report::kind::started);
        CHECK(children_of(s.process.pid) == std::set<pid_t>{pid});
        while (read(of(pid, "comm")) != "sleep\n") ::sched_yield();
        s.process.send(SIGKILL);
        wait_for_end(s.process.pidfd.get());
    }
}

/// As a guest is that was made when it was wanted.
void test_what_is_left_to_it() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    for (const char* line : {"^SigBlk:.0*$", "^SigIgn:.0*$", "^SigPnd:.0*$"}) {
        c.kept(true);
        CHECK(finds(c, named, line, "/proc/self/status"));
    }
    for (const char* fd : {"/proc/self/fd/0", "/proc/self/fd/2"}) {
        c.kept(true);
        CHECK((started{c.server, named, {"test", "-e", fd}}.status() == 0));
    }
    c.kept(true);
    CHECK(
        (started{c.server, named, {"test", "-e", "/proc/self/fd/3"}}.status() !=
         0));
}

/// The mounts of the host are not told by whoever is left among them.
void test_what_it_sees_of_its_init() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    for (int i = 0; i < 50; ++i) {
        waiting_in(c);
        CHECK((started{c.server,
                       named,
                       {"cmp", "/proc/1/mountinfo", "/proc/self/mountinfo"}}
                   .status() == 0));
    }
}

void test_one_that_was_killed() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    for (int i = 0; i < 3; ++i) {
        const auto init = c.kept(true), pid = waiting_in(c);
        const auto alive = pidfd_of(pid);
        ::kill(pid, SIGKILL);
        wait_for_end(alive.get());
        const started s{
            c.server, named, {"grep", "-q", "old", p.at / "folder/which"}};
        CHECK(s.process.pid == init);
        CHECK(s.status() == 0);
    }
}

void test_end_of_its_init() {
    const playground p;
    client c{p.naming("folder")};
    const auto alive = pidfd_of(waiting_in(c));
    ::kill(c.kept(true), SIGKILL);
    wait_for_end(alive.get());
}

void test_another_policy() {
    const playground p;
    p.fill("other", "other");
    const auto named = p.naming("folder"), other = p.naming("other");
    client c{named};
    const auto alive = pidfd_of(waiting_in(c));
    CHECK(finds(c, other, "other", p.at / "other/which"));
    wait_for_end(alive.get());
}

/// What is not there any more is not there for it.
void test_replaced_folder() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    const auto alive = pidfd_of(waiting_in(c));
    fs::rename(p.at / "folder", p.at / "away");
    p.fill("folder", "new");
    const started s{
        c.server, named, {"grep", "-q", "new", p.at / "folder/which"}};
    wait_for_end(alive.get());
    CHECK(s.status() == 0);
}

void test_folder_to_begin_in() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    auto inside = named;
    inside.directory = p.at / "folder";
    const auto pid = waiting_in(c);
    const started s{c.server, inside, {"sleep", "1000"}};
    CHECK(s.next().what == program_report::kind::started);
    CHECK(children_of(s.process.pid) == std::set<pid_t>{pid});
    if (client::may_look())
        CHECK(fs::read_symlink(of(pid, "cwd")) == p.at / "folder");
    s.process.send(SIGKILL);
    c.kept(true);
    CHECK(finds(c, inside, "old", "which"));
    // Where the process may not go, the one that is made in its place may,
    // before it gives up its privileges.
    fs::permissions(p.at / "folder", fs::perms::none);
    c.kept(true);
    CHECK((started{c.server, inside, {"true"}}.status() == 0));
    fs::permissions(p.at / "folder", fs::perms::owner_all);
}

/// What cannot be is told as if nothing had been made ahead.
void test_refusals() {
    const playground p;
    const auto named = p.naming("folder");
    auto nowhere = named;
    nowhere.directory = p.at / "nowhere";
    client c{named};
    for (int i = 0; i < 2; ++i) {
        c.kept(true);
        auto r = started{c.server, nowhere, {"true"}}.next();
        CHECK(r.what == program_report::kind::refused && r.of == layer::files &&
              r.error == ENOENT && r.syscall == std::string_view{"chdir"} &&
              r.path == nowhere.directory);
        c.kept(true);
        r = started{c.server, named, {"no-such-program"}}.next();
        CHECK(r.what == program_report::kind::refused &&
              r.of == layer::program && r.error == ENOENT &&
              r.syscall == std::string_view{"execve"} &&
              r.path == std::string_view{"/bin/no-such-program"});
    }
}

/// That do not suffice for what is handed to it.
void test_limits() {
    client c;
    auto tight = policy(foundation::namespaces);
    tight.most.descriptors = 1;
    const auto by = [&] { return started{c.server, tight, {"true"}}.status(); };
    const int status = by();
    CHECK(by() == status);
    waiting_in(c);
    CHECK(by() == status);
}

} // namespace

int main() {
    if (!probe().has_namespaces() || !probe().seccomp) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return test::failures != 0;
    }
    // With some sanitizers there is none.
    if (!ready_process::is_possible_for({})) return 0;
    test_what_it_may_do();
    test_it_is_the_guest();
    test_what_is_left_to_it();
    test_what_it_sees_of_its_init();
    test_one_that_was_killed();
    test_end_of_its_init();
    test_another_policy();
    test_replaced_folder();
    test_folder_to_begin_in();
    test_refusals();
    test_limits();
    return test::failures != 0;
}
