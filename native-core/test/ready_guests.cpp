// SPDX-License-Identifier: MIT OR BSL-1.0
// Guests that are made ahead: whose they are, what is in them, that nothing is
// left of them, and that what they got ready for is still so.
#include "guest_client.hpp"
#include "own_namespaces.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;
using namespace emilua::test;
namespace fs = std::filesystem;

void test_each_is_for_one() {
    client c;
    std::set<pid_t> seen;
    for (int i = 0; i < 5; ++i) {
        const auto kept = c.kept();
        const auto alive = pidfd_of(kept);
        const started s{c.server, policy(foundation::namespaces), {"true"}};
        CHECK(s.process.pid == kept);
        CHECK(s.status() == 0);
        CHECK(seen.insert(kept).second);
        wait_for_end(alive.get());
    }
}

void test_clients_share_none() {
    client a, b;
    CHECK(a.server_pid != b.server_pid);
    const auto of_a = a.kept(), of_b = b.kept();
    CHECK(of_a != of_b);
    const auto c = policy(foundation::namespaces);
    CHECK((started{b.server, c, {"true"}}.process.pid == of_b));
    CHECK(a.kept() == of_a);
    CHECK((started{a.server, c, {"true"}}.process.pid == of_a));
}

void test_nothing_is_in_it() {
    client c;
    const std::string secret = "nobody else's " + std::to_string(::getpid());
    CHECK((started{c.server, policy(foundation::namespaces), {"true", secret}}
               .status() == 0));
    const auto kept = c.kept();
    // As it was started, with mounts in which no guest has been and a socket
    // for its set-up.
    const auto all = descriptors_of(kept);
    CHECK(all.size() == 5 && all[0] == "/dev/null" && all[2] == "/dev/null" &&
          all[3].starts_with("mnt:") && all[4].starts_with("socket:"));
    const auto ns = [](const fs::path& p) { return fs::read_symlink(p); };
    // A copy of the host's mounts would keep what is unmounted meanwhile.
    CHECK(ns(of(kept, "ns/mnt")) == ns("/proc/self/ns/mnt"));
    for (const char* name : {"user", "pid_for_children", "net", "ipc", "uts"})
        CHECK(ns(of(kept, "ns") / name) !=
              ns(fs::path{"/proc/self/ns"} / name));
    const auto environment = read(of(kept, "environ"));
    CHECK(environment.find_first_not_of('\0') == std::string::npos);
    CHECK(!has_in_memory(kept, secret));
    CHECK(read(of(kept, "status")).find("Seccomp:\t0") != std::string::npos);
}

void test_shapes() {
    client c;
    const auto kept = c.kept();
    // One of another shape does not take it.
    auto host = policy(foundation::namespaces);
    host.shares_network = true;
    host.seccomp_filter = system_call_filter(host);
    const started other{c.server, host, {"cat"}};
    CHECK(other.process.pid != kept);
    CHECK(fs::read_symlink(of(other.process.pid, "ns/net")) ==
          fs::read_symlink("/proc/self/ns/net"));
    if (usable_landlock_abi() > 0) {
        CHECK(c.run(foundation::process) == 0);
        CHECK(c.run(foundation::process) == 0);
        CHECK(c.run(foundation::process) == 0);
    }
    CHECK((started{c.server, policy(foundation::namespaces), {"true"}}
               .process.pid == kept));
}

void test_ready_for_a_policy() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    for (int i = 0; i < 5; ++i) {
        const auto kept = c.kept(true);
        const started s{
            c.server, named, {"grep", "-q", "old", p.at / "folder/which"}};
        CHECK(s.process.pid == kept);
        CHECK(s.status() == 0);
    }
    // What is in a folder is that of the moment.
    c.kept(true);
    p.fill("folder", "new");
    CHECK(finds(c, named, "new", p.at / "folder/which"));
}

/// Nothing of one policy is there for another one.
void test_ready_for_another_policy() {
    const playground p;
    p.fill("other", "other");
    const auto named = p.naming("folder"), other = p.naming("other");
    client c{named};
    const auto kept = c.kept(true);
    const started s{
        c.server, other, {"grep", "-q", "old", p.at / "folder/which"}};
    CHECK(s.process.pid != kept);
    CHECK(s.status() != 0);
    CHECK(finds(c, other, "other", p.at / "other/which"));
    CHECK(finds(c, named, "old", p.at / "folder/which"));
}

void test_ready_to_read_only() {
    const playground p;
    const auto named = p.naming("folder");
    auto written = named;
    written.writable = {p.at / "folder"};
    const std::vector<std::string> touch{"touch", p.at / "folder/new"};
    client reads{named}, writes{written};
    reads.kept(true);
    CHECK((started{reads.server, written, touch}.status() == 0));
    writes.kept(true);
    CHECK((started{writes.server, named, touch}.status() != 0));
}

void test_replaced_folder() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    for (int i = 0; i < 3; ++i) {
        c.kept(true);
        const auto text = "new" + std::to_string(i);
        fs::rename(p.at / "folder", p.at / text);
        p.fill("folder", text.c_str());
        CHECK(finds(c, named, text.c_str(), p.at / "folder/which"));
        CHECK(finds(c, named, text.c_str(), p.at / "folder/which"));
    }
    c.kept(true);
    fs::rename(p.at / "folder", p.at / "away");
    CHECK((started{c.server, named, {"true"}}.next().error == ENOENT));
}

void test_replaced_file() {
    const playground p;
    const auto named = p.naming("folder/which");
    client c{named};
    c.kept(true);
    p.fill("other", "new");
    fs::rename(p.at / "other/which", p.at / "folder/which");
    CHECK(finds(c, named, "new", p.at / "folder/which"));
}

void test_turned_link() {
    const playground p;
    p.fill("other", "new");
    fs::create_symlink("folder", p.at / "link");
    const auto named = p.naming("link");
    client c{named};
    c.kept(true);
    fs::remove(p.at / "link");
    fs::create_symlink("other", p.at / "link");
    CHECK(finds(c, named, "new", p.at / "link/which"));
}

/// Of a policy that says where its paths led.
void test_turned_real_path() {
    const playground p;
    p.fill("other", "new");
    fs::create_symlink("folder", p.at / "link");
    auto named = p.naming("link");
    named.real_paths = {{p.at / "link", p.at / "folder"}};
    client c{named};
    c.kept(true);
    fs::remove(p.at / "link");
    fs::create_symlink("other", p.at / "link");
    CHECK((started{c.server, named, {"true"}}.next().error == ELOOP));
}

/// Of a policy that names nothing but the link.
void test_turned_link_alone() {
    const playground p;
    fs::create_symlink("nowhere", p.at / "link");
    auto named = p.naming("folder");
    named.links = {p.at / "link"};
    client c{named};
    c.kept(true);
    fs::remove(p.at / "link");
    fs::create_symlink("folder", p.at / "link");
    CHECK(finds(c, named, "old", p.at / "link/which"));
}

/// A guest is not held up by what another one's policy waits for.
void test_one_that_hangs() {
    const playground p;
    const auto named = p.naming("folder");
    client c{named};
    const auto kept = c.kept(true);
    const auto alive = pidfd_of(kept);
    ::kill(kept, SIGSTOP);
    const started s{c.server, policy(foundation::namespaces), {"true"}};
    CHECK(s.process.pid != kept);
    if (s.process.pid == kept) ::kill(kept, SIGCONT);
    CHECK(s.status() == 0);
    wait_for_end(alive.get());
}

/// What a policy gives to read alone, in a folder that it gives to write:
/// another name for it is no way to write it.
void test_renamed_in_a_writable_folder() {
    const playground p;
    const auto which = p.at / "folder/which", old = p.at / "folder/old";
    auto named = p.naming("folder/which");
    named.writable = {p.at / "folder"};
    auto other = policy(foundation::namespaces);
    other.shares_network = true;
    other.seccomp_filter = system_call_filter(other);
    client c{named};
    for (int i = 0; i < 3; ++i) {
        // While that runs, the next one of the first shape has time.
        CHECK((started{c.server, other, {"true"}}.status() == 0));
        fs::rename(which, old);
        fs::create_hard_link(old, which);
        fs::remove(old);
        CHECK((started{c.server, named, {"touch", which}}.status() != 0));
    }
}

void test_one_that_was_killed() {
    client c;
    for (int i = 0; i < 3; ++i) {
        const auto kept = c.kept();
        const auto alive = pidfd_of(kept);
        ::kill(kept, SIGKILL);
        wait_for_end(alive.get());
        const started s{c.server, policy(foundation::namespaces), {"true"}};
        CHECK(s.process.pid != kept);
        CHECK(s.status() == 0);
    }
}

void test_one_that_nobody_wants() {
    client c;
    CHECK(c.kept() > 0);
    c.server.use({.patience = std::chrono::milliseconds{1}, .in_a_row{}});
    // It has the patience of before; the next one has less.
    CHECK(c.run() == 0);
    while (!children_of(c.server_pid).empty()) ::sched_yield();
    CHECK(c.run() == 0);
}

/// Those below it that have not ended.
std::set<pid_t> living_children_of(pid_t pid) {
    auto all = children_of(pid);
    std::erase_if(all, [](pid_t child) {
        const auto stat = read(of(child, "stat"));
        return stat.empty() || stat.find(") Z ") != std::string::npos;
    });
    return all;
}

/// Who starts them in a row has two, of which one is there for a moment.
void test_two_in_a_row() {
    using namespace std::chrono;
    client c;
    const auto wait_until_there_are = [&](std::size_t count) {
        std::set<pid_t> all;
        while ((all = living_children_of(c.server_pid)).size() != count)
            ::sched_yield();
        return all;
    };
    fork_server::pace p{.in_a_row = hours{1}, .brief = hours{1}};
    c.server.use(p);
    for (int i = 0; i < 2; ++i) {
        CHECK(c.run() == 0);
        const auto both = wait_until_there_are(2);
        const started s{c.server, policy(foundation::namespaces), {"true"}};
        CHECK(both.contains(s.process.pid));
        CHECK(s.status() == 0);
    }
    p.brief = milliseconds{1};
    c.server.use(p);
    // Until each that has the patience of before was wanted.
    for (int i = 0; i < 2; ++i) CHECK(c.run() == 0);
    // When that runs, all that was asked for before it was made.
    auto other = policy(foundation::namespaces);
    other.shares_network = true;
    other.seccomp_filter = system_call_filter(other);
    CHECK((started{c.server, other, {"true"}}.status() == 0));
    wait_until_there_are(1);
}

void test_end_of_the_client() {
    int ends[2];
    CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        client c;
        const pid_t told[] = {c.server_pid, c.kept()};
        if (::write(ends[1], told, sizeof(told)) != sizeof(told)) ::_exit(1);
        ::pause();
    }
    ::close(ends[1]);
    pid_t told[2];
    CHECK(::read(ends[0], told, sizeof(told)) == sizeof(told));
    ::close(ends[0]);
    const auto server = pidfd_of(told[0]), kept = pidfd_of(told[1]);
    CHECK(server && kept);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    wait_for_end(server.get());
    wait_for_end(kept.get());
}

/// A server that is held up holds up nobody who ends.
void test_end_with_a_server_that_hangs() {
    int ends[2];
    CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        auto& server = fork_server::instance();
        CHECK((started{server, policy(foundation::namespaces), {"true"}}
                   .status() == 0));
        const pid_t told = *own_children().begin();
        ::kill(told, SIGSTOP);
        if (::write(ends[1], &told, sizeof(told)) != sizeof(told)) ::_exit(1);
        std::exit(test::failures != 0);
    }
    ::close(ends[1]);
    pid_t told = -1;
    CHECK(::read(ends[0], &told, sizeof(told)) == sizeof(told));
    ::close(ends[0]);
    const auto server = pidfd_of(told);
    wait_for_end(pidfd_of(pid).get());
    ::kill(told, SIGCONT);
    wait_for_end(server.get());
    int status = -1;
    CHECK(::waitpid(pid, &status, 0) == pid && status == 0);
}

/// Once more are refused, one that was made is used, and what comes then says
/// why there is none.
[[maybe_unused]] void test_refused_namespaces() {
    test::in_own_namespaces(0, [] {
        client c;
        c.kept();
        CHECK(test::write_file("/proc/sys/user/max_net_namespaces", "0"));
        CHECK(c.run() == 0);
        std::optional<failure> refused;
        try {
            c.run();
        } catch (failure& f) {
            refused = std::move(f);
        }
        CHECK(refused && refused->code.value() == ENOSPC &&
              refused->syscall == std::string_view{"clone3"});
    });
}

/// What is mounted is there for the next one, and what is taken away is kept
/// busy by none. In mounts of its own.
[[maybe_unused]] void test_changed_mounts() {
    test::in_own_namespaces(CLONE_NEWNS, [] {
        {
            const playground p;
            const auto folder = p.at / "folder";
            const auto named = p.naming("folder");
            client c{named};
            auto kept = c.kept(true);
            CHECK(::mount("tmpfs", folder.c_str(), "tmpfs", 0, nullptr) == 0);
            p.fill("folder", "new");
            CHECK(c.kept() == kept);
            CHECK(finds(c, named, "new", folder / "which"));
            CHECK(finds(c, named, "new", folder / "which"));
            kept = c.kept(true);
            CHECK(::mount(nullptr, folder.c_str(), nullptr,
                          MS_REMOUNT | MS_BIND | MS_NOEXEC, nullptr) == 0);
            CHECK(c.kept() == kept);
            CHECK(finds(c, named, "new", folder / "which"));
            CHECK(finds(c, named, "new", folder / "which"));
            kept = c.kept(true);
            CHECK(::umount(folder.c_str()) == 0);
            CHECK(c.kept() == kept);
            CHECK(finds(c, named, "old", folder / "which"));
        }
    });
}

/// Between fork and prctl(2) nobody tells a process that its parent has ended.
void test_end_of_the_parent_before_it_asked() {
    CHECK(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
    for (const bool ended : {true, false}) {
        const pid_t parent = ::fork();
        if (parent == 0) {
            const pid_t init = ::getpid();
            const pid_t child = ::fork();
            if (child == 0) {
                while (ended && ::getppid() == init) ::sched_yield();
                die_with_parent(init);
                ::_exit(3);
            }
            int status = 0;
            if (!ended) ::waitpid(child, &status, 0);
            ::_exit(ended ? 0 : WEXITSTATUS(status));
        }
        int status = 0;
        CHECK(::waitpid(parent, &status, 0) == parent);
        if (ended) CHECK(status == 0 && ::waitpid(-1, &status, 0) > 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == (ended ? 127 : 3));
    }
    CHECK(::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0);
}

void test_descriptors() {
    const auto count = [] {
        return std::distance(fs::directory_iterator{"/proc/self/fd"}, {});
    };
    const auto before = count();
    client c;
    c.kept();
    const auto then = count();
    for (int i = 0; i < 20; ++i) CHECK(c.run() == 0);
    CHECK(count() == then);
    const auto same = policy(foundation::namespaces);
    for (int i = 0; i < 20; ++i)
        CHECK((started{c.server, same, {"true"}}.status() == 0));
    CHECK(count() == then);
    // The socket of the server and its pidfd; the socket of the one that waits
    // and its status, and that it is there comes when it is wanted.
    CHECK(then - before <= 5);
}

} // namespace

int main() {
    if (!probe().has_namespaces() || !probe().seccomp) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return test::failures != 0;
    }
    // Before there is a server among the children.
    test_end_of_the_parent_before_it_asked();
    test_each_is_for_one();
    test_clients_share_none();
    if (::geteuid() == 0) test_nothing_is_in_it();
    test_shapes();
    test_ready_for_a_policy();
    test_ready_for_another_policy();
    test_ready_to_read_only();
    test_replaced_folder();
    test_replaced_file();
    test_turned_link();
    test_turned_real_path();
    test_turned_link_alone();
    test_one_that_hangs();
    test_renamed_in_a_writable_folder();
    test_one_that_was_killed();
    test_one_that_nobody_wants();
    test_two_in_a_row();
    test_end_of_the_client();
    test_end_with_a_server_that_hangs();
#if !defined(__SANITIZE_THREAD__)
    // Who has two threads, as that sanitizer makes it, cannot move elsewhere.
    test_refused_namespaces();
    test_changed_mounts();
#endif
    test_descriptors();
    return test::failures != 0;
}
