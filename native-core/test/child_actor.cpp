// SPDX-License-Identifier: MIT OR BSL-1.0
// An actor's process in the hands of who started it.
#include "sandbox/child_actor.hpp"
#include "sandbox/init_process.hpp"
#include "test_vm.hpp"

#include <csignal>

#include <fcntl.h>
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

} // namespace

int main() {
    test_killed_before_its_init_was_ready();
    test_killed_by_a_signal();
    return test::failures != 0;
}
