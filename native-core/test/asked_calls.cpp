// SPDX-License-Identifier: MIT OR BSL-1.0
// Guests whose calls wait for an answer, when nobody is left who could give it.
#include "started_program.hpp"

#include <cerrno>
#include <csignal>
#include <optional>

#include <poll.h>

namespace {

using namespace emilua;
using namespace emilua::test;

/// A program that asks before it runs, and who was to answer.
struct asking {
    asking(fork_server& server, foundation on) {
        auto c = policy(on);
        c.explains = true;
        c.asked_calls = asked_calls_filter(c);
        socket_pair asked;
        program.emplace(server, c, std::vector<std::string>{"true"},
                        asked.theirs.get());
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

    void wait_for_end() const {
        test::wait_for_end(program->process.pidfd.get());
    }

    std::optional<started> program;
    unique_descriptor supervisor;
};

/// What it asks is refused, and whoever listens is told.
void test_nobody_answers(fork_server& server, foundation on) {
    const asking a{server, on};
    {
        const auto calls = a.calls();
        a.wait_for(calls.get());
    }
    const auto r = a.program->next();
    CHECK(r.what == program_report::kind::refused);
    CHECK(r.of == layer::program && r.error == ENOSYS);
    a.wait_for_end();
}

/// One that was canceled, and whose supervisor leaves, ends.
void test_canceled(fork_server& server, foundation on) {
    const asking a{server, on};
    auto calls = a.calls();
    a.wait_for(calls.get());
    CHECK(a.program->process.send(SIGKILL) == 0);
    calls.reset();
    a.wait_for_end();
}

/// So does one whose calls nobody has taken.
void test_nobody_listens(fork_server& server, foundation on) {
    asking a{server, on};
    a.wait_for(a.supervisor.get());
    a.supervisor.reset();
    a.program->reports.reset();
    a.wait_for_end();
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
