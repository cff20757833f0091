// SPDX-License-Identifier: MIT OR BSL-1.0
// Programs in sandboxes as the client of a fork server starts them.
#pragma once

#include "other_processes.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/program.hpp"
#include "sandbox/system_calls.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emilua::test {

using namespace emilua::sandbox;

inline confinement policy(foundation on) {
    confinement c;
    c.on = on;
    // No two are the same.
    static int count = 0;
    c.host_name = "guest" + std::to_string(++count);
    for (const char* p : {"/usr", "/bin", "/lib", "/lib64"})
        if (::access(p, F_OK) == 0) {
            c.readable.emplace_back(p);
            c.executable.emplace_back(p);
        }
    c.landlock_abi = usable_landlock_abi();
    c.seccomp_filter = system_call_filter(c);
    return c;
}

/// A program in a sandbox; `supervisor` is where it hands over the calls that
/// wait for an answer, if any do.
struct started {
    started(fork_server& server, const confinement& c,
            const std::vector<std::string>& words, int supervisor = -1) {
        program_setup s{.within = c,
                        .programs = {"/bin/" + words.front()},
                        .arguments = words,
                        .environment = {},
                        .uid = ::geteuid(),
                        .gid = ::getegid()};
        socket_pair told;
        const unique_descriptor nothing{
            ::open("/dev/null", O_RDWR | O_CLOEXEC)};
        std::vector<int> fds{nothing.get(), nothing.get(), nothing.get(),
                             told.theirs.get()};
        if (supervisor != -1) fds.push_back(supervisor);
        const auto bytes = encode(s);
        const setup_part parts[] = {{bytes, fds}};
        process =
            server.fork({guest_kind::program, clone_flags(c)}, parts,
                        ready_policy::is_possible_for(c) ? encode_policy(c)
                                                         : std::string{});
        process.setup.reset();
        told.theirs.reset();
        reports = std::move(told.ours);
    }

    program_report next() const {
        program_report r{};
        CHECK(::recv(reports.get(), &r, sizeof(r), 0) == sizeof(r));
        return r;
    }
    /// The status of what runs to its end.
    int status() const {
        CHECK(next().what == program_report::kind::started);
        const auto end = next();
        CHECK(end.what == program_report::kind::ended);
        wait_for_end(process.pidfd.get());
        return end.status;
    }

    forked process;
    unique_descriptor reports;
};

} // namespace emilua::test
