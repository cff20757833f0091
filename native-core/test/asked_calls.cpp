// SPDX-License-Identifier: MIT OR BSL-1.0
// Guests whose calls wait for an answer, when nobody is left who could give it.
#include "own_namespaces.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/program.hpp"
#include "sandbox/system_calls.hpp"

#include <cerrno>
#include <csignal>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;

confinement policy(foundation on) {
    confinement c;
    c.on = on;
    for (const char* p : {"/usr", "/bin", "/lib", "/lib64"})
        if (::access(p, F_OK) == 0) {
            c.readable.emplace_back(p);
            c.executable.emplace_back(p);
        }
    c.landlock_abi = usable_landlock_abi();
    c.explains = true;
    c.seccomp_filter = system_call_filter(c);
    c.asked_calls = asked_calls_filter(c);
    return c;
}

/// A program that asks before it runs, and who was to answer.
struct asking {
    asking(fork_server& server, foundation on) {
        const program_setup s{.within = policy(on),
                              .programs = {"/bin/true"},
                              .arguments = {"true"},
                              .environment = {},
                              .uid = ::geteuid(),
                              .gid = ::getegid()};
        socket_pair told, asked;
        const unique_descriptor nothing{
            ::open("/dev/null", O_RDWR | O_CLOEXEC)};
        const std::vector<int> fds{nothing.get(), nothing.get(), nothing.get(),
                                   told.theirs.get(), asked.theirs.get()};
        const auto bytes = encode(s);
        const setup_part parts[] = {{bytes, fds}};
        process =
            server.fork({guest_kind::program, clone_flags(s.within)}, parts);
        process.setup.reset();
        reports = std::move(told.ours);
        supervisor = std::move(asked.ours);
    }

    unique_descriptor calls() const {
        auto p = receive_part(supervisor.get());
        CHECK(!p.fds.empty());
        return std::move(p.fds.front());
    }
    void wait_for(int fd) const {
        pollfd p{fd, POLLIN, 0};
        CHECK(::poll(&p, 1, 20'000) == 1);
    }

    forked process;
    unique_descriptor reports, supervisor;
};

/// What it asks is refused, and whoever listens is told.
void test_nobody_answers(fork_server& server, foundation on) {
    const asking a{server, on};
    {
        const auto calls = a.calls();
        a.wait_for(calls.get());
    }
    program_report r{};
    CHECK(::recv(a.reports.get(), &r, sizeof(r), 0) == sizeof(r));
    CHECK(r.what == program_report::kind::refused);
    CHECK(r.of == layer::program && r.error == ENOSYS);
    a.wait_for(a.process.pidfd.get());
}

/// One that was canceled, and whose supervisor leaves, ends.
void test_canceled(fork_server& server, foundation on) {
    const asking a{server, on};
    auto calls = a.calls();
    a.wait_for(calls.get());
    CHECK(a.process.send(SIGKILL) == 0);
    calls.reset();
    a.wait_for(a.process.pidfd.get());
}

/// So does one whose calls nobody has taken.
void test_nobody_listens(fork_server& server, foundation on) {
    asking a{server, on};
    a.wait_for(a.supervisor.get());
    a.supervisor.reset();
    a.reports.reset();
    a.wait_for(a.process.pidfd.get());
}

} // namespace

int main() {
    const auto& can = probe();
    if (!can.has_namespaces() || !can.seccomp) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return test::failures != 0;
    }
    fork_server server;
    for (const auto on : {foundation::namespaces, foundation::process})
        for (const auto test :
             {test_nobody_answers, test_canceled, test_nobody_listens})
            test(server, on);
    return test::failures != 0;
}
