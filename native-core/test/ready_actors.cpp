// SPDX-License-Identifier: MIT OR BSL-1.0
// Actors that are made ahead: what is in them, and what they have of memory
// that they will use.
#include "other_processes.hpp"
#include "sandbox/actor_process.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/message.hpp"
#include "sandbox/part.hpp"

#include <csignal>
#include <optional>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;
using namespace emilua::test;

/// Answers, and ends when it gets another message.
constexpr const char* program = R"(
    local inbox = require 'inbox'
    inbox:receive():send(1)
    inbox:receive()
)";

struct actor {
    actor(fork_server& server, const std::string& secret = "nothing") {
        actor_setup s;
        s.environment = {"SECRET=" + secret};
        s.module = "/actor.lua";
        s.sources[s.module] = program + ("-- " + secret);
        const unique_descriptor here{::open(".", O_PATH | O_CLOEXEC)};
        const int fds[] = {inbox.theirs.get(), here.get()};
        const auto beginning = pack_beginning(s), rest = pack_rest(s);
        const setup_part parts[] = {{beginning, fds}, {rest, {}}};
        process = server.fork({}, parts);
        inbox.theirs.reset();
    }

    /// Waits for its first message.
    void greet() {
        socket_pair answers;
        message m;
        m.members.emplace_back("", handle{true, answers.theirs.get()});
        CHECK(!write_message(inbox.ours.get(), m));
        answers.theirs.reset();
        pollfd p{answers.ours.get(), POLLIN, 0};
        CHECK(::poll(&p, 1, 20'000) == 1);
        message answer;
        CHECK(read_message(answers.ours.get(), answer) == reading::message);
    }
    exit_status end() {
        message m;
        m.members.emplace_back("", 1.0);
        CHECK(!write_message(inbox.ours.get(), m));
        pollfd p{process.status.get(), POLLIN, 0};
        CHECK(::poll(&p, 1, 20'000) == 1);
        exit_status s{};
        CHECK(::read(process.status.get(), &s, sizeof(s)) == sizeof(s));
        return s;
    }
    bool runs() {
        greet();
        const auto s = end();
        return s.code == CLD_EXITED && s.status == 0;
    }

    socket_pair inbox;
    forked process;
};

struct client {
    explicit client(const std::string& secret = "nothing") {
        const auto before = own_children();
        // The second one says that there will be more.
        for (int i = 0; i < 2; ++i) CHECK((actor{server, secret}.runs()));
        for (const pid_t pid : own_children())
            if (!before.contains(pid)) server_pid = pid;
    }
    /// The one that waits, once it has nothing else to do. A moment before, its
    /// pages and descriptors are still those of its server.
    pid_t kept() const {
        for (;;) {
            const auto all = children_of(server_pid);
            if (all.size() == 1 && sleeps(*all.begin(), "emilua-actor"))
                return *all.begin();
            ::sched_yield();
        }
    }
    /// Those that the server has when it has nothing to do.
    std::size_t descriptors_of_server() const {
        kept();
        while (!sleeps(server_pid, "emilua-forks")) ::sched_yield();
        return descriptors_of(server_pid).size();
    }
    static bool sleeps(pid_t pid, const char* name) {
        const auto status = read(of(pid, "status"));
        return status.find(name) != status.npos &&
               status.find("State:\tS") != status.npos;
    }

    fork_server server;
    pid_t server_pid = -1;
};

/// One that nobody has asked for ran before: it left nothing either.
void test_nothing_is_in_it() {
    const auto secret = "nobody else's " + std::to_string(::getpid());
    client c{secret};
    for (int i = 0; i < 3; ++i) {
        const auto kept = c.kept();
        // Streams whose other ends are closed, and the socket for its set-up.
        const auto all = descriptors_of(kept);
        CHECK(all.size() == 4 && all[0].starts_with("pipe:") &&
              all[2].starts_with("pipe:") && all[3].starts_with("socket:"));
        const auto environment = read(of(kept, "environ"));
        CHECK(environment.find_first_not_of('\0') == std::string::npos);
        for (const pid_t pid : {kept, c.server_pid}) {
            CHECK(!has_in_memory(pid, secret));
            std::istringstream maps{read(of(pid, "maps"))};
            for (std::string line; std::getline(maps, line);)
                CHECK(line.find(" rw-s ") == line.npos);
        }
        actor a{c.server, secret};
        CHECK(a.process.pid == kept);
        a.greet();
        CHECK(has_in_memory(kept, secret));
        const auto end = a.end();
        CHECK(end.code == CLD_EXITED && end.status == 0);
    }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/// How often the kernel had to map something for it.
long faults_of(pid_t pid) {
    const auto stat = read(of(pid, "stat"));
    std::istringstream rest{stat.substr(stat.rfind(')') + 2)};
    std::string skipped;
    for (int i = 0; i < 7; ++i) rest >> skipped;
    long n = 0;
    CHECK(static_cast<bool>(rest >> n));
    return n;
}

/// Until its first message.
void test_it_has_what_it_will_use() {
    const unique_descriptor self{
        ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)};
    void* const page =
        ::mmap(nullptr, 1, PROT_READ, MAP_PRIVATE, self.get(), 0);
    CHECK(page != MAP_FAILED);
    const bool can = ::madvise(page, 1, MADV_POPULATE_READ) == 0;
    ::munmap(page, 1);
    if (!can) return;
    client c;
    long ahead = 0;
    for (int i = 0; i < 3; ++i) {
        const auto kept = c.kept();
        const auto before = faults_of(kept);
        actor a{c.server};
        CHECK(a.process.pid == kept);
        a.greet();
        ahead = faults_of(kept) - before;
        CHECK(a.end().status == 0);
    }
    // The first one of a server was not made ahead.
    fork_server other;
    actor first{other};
    first.greet();
    const auto when_asked = faults_of(first.process.pid);
    CHECK(first.end().status == 0);
    if (ahead * 4 >= when_asked)
        std::fprintf(stderr, "%ld faults, %ld when it was made ahead\n",
                     when_asked, ahead);
    CHECK(ahead * 4 < when_asked);
}

#endif

/// Whoever is killed while the server gets ready: the one that nobody has asked
/// for, or the one after it.
void test_killed_while_it_gets_ready() {
    for (int i = 0; i < 5; ++i) {
        const auto before = own_children();
        fork_server server;
        CHECK((actor{server}.runs()));
        pid_t server_pid = -1;
        for (const pid_t pid : own_children())
            if (!before.contains(pid)) server_pid = pid;
        actor second{server};
        for (bool killed = false; !killed;)
            for (const pid_t pid : children_of(server_pid)) {
                const auto end = pidfd_of(pid);
                if (!end || pid == second.process.pid ||
                    ::kill(pid, SIGKILL) == -1)
                    continue;
                wait_for_end(end.get());
                killed = true;
            }
        CHECK(second.runs());
        for (int n = 0; n < 3; ++n) CHECK((actor{server}.runs()));
    }
}

void test_descriptors() {
    client c;
    const auto before = c.descriptors_of_server();
    for (int i = 0; i < 20; ++i) CHECK((actor{c.server}.runs()));
    CHECK(c.descriptors_of_server() == before);
}

} // namespace

int main() {
    test_nothing_is_in_it();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    test_it_has_what_it_will_use();
#endif
    test_killed_while_it_gets_ready();
    test_descriptors();
    return test::failures != 0;
}
