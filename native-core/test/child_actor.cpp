// SPDX-License-Identifier: MIT OR BSL-1.0
// An actor's process in the hands of who started it.
#include "sandbox/child_actor.hpp"
#include "own_namespaces.hpp"
#include "sandbox/actor_process.hpp"
#include "sandbox/failure_report.hpp"
#include "sandbox/init_process.hpp"
#include "sandbox/part.hpp"
#include "sandbox/probe.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;

/// A process that waits, and what tells how it ended, as the fork server does.
struct started {
    started() {
        int ends[2];
        CHECK(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
        status = unique_descriptor{ends[1]};
        process.status = unique_descriptor{ends[0]};
        pid = process.pid = ::fork();
        if (pid == 0)
            for (;;) ::pause();
        process.pidfd = unique_descriptor{
            static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    }

    void tell_end() {
        siginfo_t info{};
        CHECK(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) == 0);
        const exit_status s{info.si_code, info.si_status};
        CHECK(::write(status.get(), &s, sizeof(s)) == sizeof(s));
        status.reset();
    }

    forked process;
    pid_t pid = -1;
    unique_descriptor status;
};

/// The signal that ends all ends an init by itself that is not ready for it.
void test_killed_before_its_init_was_ready() {
    started s;
    s.process.is_init_among_others = true;
    child_actor actor{{.process = std::move(s.process)}};
    CHECK(!actor.look());
    actor.kill(SIGKILL, true);
    s.tell_end();
    CHECK(actor.look());
    CHECK(actor.reason() == "killed");
}

void test_killed_by_a_signal() {
    started s;
    child_actor actor{{.process = std::move(s.process)}};
    actor.kill(end_of_all());
    s.tell_end();
    CHECK(actor.reason() == "killed by signal " + std::to_string(end_of_all()));
}

/// What a server that makes actors ahead is asked for, over and over.
struct actors {
    guest_shape shape;
    actor_setup setup{};
    fork_server server{};

    /// Sends it as much of its set-up as there is in `rest`, too; null for
    /// none.
    forked start(const std::string* rest) {
        socket_pair messages;
        const unique_descriptor here{::open(".", O_PATH | O_CLOEXEC)};
        const int fds[] = {messages.theirs.get(), here.get()};
        const auto beginning = pack_beginning(setup);
        const setup_part parts[] = {{beginning, fds},
                                    {rest ? *rest : std::string_view{}, {}}};
        return server.fork(shape, {parts, rest ? 2U : 1U});
    }
};

exit_status end_of(const forked& f) {
    pollfd p{f.status.get(), POLLIN, 0};
    CHECK(::poll(&p, 1, 20'000) == 1);
    exit_status s{};
    CHECK(::read(f.status.get(), &s, sizeof(s)) == sizeof(s));
    return s;
}

#if !defined(__SANITIZE_THREAD__)

/// One that was made ahead and gets no mounts says so, though nobody reads its
/// standard streams.
void test_refused_mounts() {
    test::in_own_namespaces(0, [] {
        actors a{.shape = {guest_kind::actor,
                           CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS}};
        const auto nothing = pack_rest(a.setup);
        for (int i = 0; i < 2; ++i)
            CHECK(end_of(a.start(&nothing)).status == 0);
        CHECK(test::write_file("/proc/sys/user/max_mnt_namespaces", "0"));
        const auto refused = a.start(nullptr);
        const auto end = end_of(refused);
        CHECK(end.code == CLD_EXITED && end.status == 1);
        failure_report r;
        CHECK(hear_report(refused.setup.get(), r) == hearing::report);
        CHECK(r.what == failure_report::kind::failure);
        CHECK(r.headline ==
              "could not start: unshare: No space left on device");
        CHECK(hear_report(refused.setup.get(), r) == hearing::report);
        CHECK(r.what == failure_report::kind::end);
    });
}

#endif

/// A script that fails while its program is on the way runs once.
void test_failing_script_runs_once() {
    std::string folder = "/var/tmp/child-actor-XXXXXX";
    CHECK(::mkdtemp(folder.data()) != nullptr);
    const auto file = folder + "/runs";
    actors a{.shape = {guest_kind::actor, CLONE_NEWUSER | CLONE_NEWPID, true}};
    a.setup.init_script =
        "C.write(C.open('" + file +
        "', bit.bor(C.O_WRONLY, C.O_CREAT, C.O_APPEND), 384), 'x') error('no')";
    const std::string large(std::size_t{64} * 1024 * 1024, 'x');
    for (std::ptrdiff_t i = 1; i <= 4; ++i) {
        end_of(a.start(&large));
        std::ifstream runs{file};
        CHECK(std::distance(std::istreambuf_iterator<char>{runs}, {}) == i);
    }
    std::filesystem::remove_all(folder);
}

} // namespace

int main() {
    test_killed_before_its_init_was_ready();
    test_killed_by_a_signal();
    if (!probe().has_namespaces()) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return test::failures != 0;
    }
#if !defined(__SANITIZE_THREAD__)
    // Who has two threads, as that sanitizer makes it, cannot move elsewhere.
    test_refused_mounts();
#endif
    test_failing_script_runs_once();
    return test::failures != 0;
}
