// SPDX-License-Identifier: MIT OR BSL-1.0
// Who starts one guest after the other, so that the next one waits for it.
#pragma once

#include "started_program.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <sched.h>
#include <unistd.h>

namespace emilua::test {

/// A client of its own, with a server of its own.
struct client {
    client() {
        one_at_a_time();
        const auto before = own_children();
        // The second one says that there will be more.
        CHECK(run() == 0 && run() == 0);
        find_server(before);
    }
    /// The next one gets ready for `c`.
    explicit client(const confinement& c) {
        one_at_a_time();
        const auto before = own_children();
        for (int i = 0; i < 2; ++i)
            CHECK((started{server, c, {"true"}}.status() == 0));
        find_server(before);
    }

    void find_server(const std::set<pid_t>& before) {
        for (const pid_t pid : own_children())
            if (!before.contains(pid)) server_pid = pid;
    }

    void one_at_a_time() { server.use({.in_a_row{}}); }

    int run(foundation on = foundation::namespaces) {
        return started{server, policy(on), {"true"}}.status();
    }
    /// The one that waits, once the server has made it.
    pid_t kept(bool ready = false) const {
        for (;;) {
            const auto all = children_of(server_pid);
            if (all.size() == 1 && is_waiting(*all.begin(), ready))
                return *all.begin();
            ::sched_yield();
        }
    }
    /// As far as one may see that. Who is ready for a policy watches the mounts
    /// of the host, and has rules of Landlock where there are some.
    static bool is_waiting(pid_t pid, bool ready) {
        if (!may_look()) return true;
        const std::size_t more = !ready                       ? 0U
                                 : usable_landlock_abi() == 0 ? 1U
                                                              : 2U;
        return read(of(pid, "wchan")).find("poll") != std::string::npos &&
               descriptors_of(pid).size() == 5 + more;
    }
    static bool may_look() { return ::geteuid() == 0; }
    fork_server server;
    pid_t server_pid = -1;
};

/// Folders and files in a place of their own.
struct playground {
    playground() {
        std::string name = "/var/tmp/ready-guests-XXXXXX";
        CHECK(::mkdtemp(name.data()) != nullptr);
        at = name;
        fill("folder", "old");
    }
    ~playground() { std::filesystem::remove_all(at); }
    playground(const playground&) = delete;
    playground& operator=(const playground&) = delete;

    void fill(const char* name, const char* text) const {
        std::filesystem::create_directory(at / name);
        std::ofstream{at / name / "which"} << text;
    }
    confinement naming(const char* name) const {
        auto c = policy(foundation::namespaces);
        c.readable.push_back(at / name);
        return c;
    }

    std::filesystem::path at;
};

/// Runs to its end what looks for `text` in `file`.
inline bool finds(client& c, const confinement& policy, const char* text,
                  const std::filesystem::path& file) {
    return started{c.server, policy, {"grep", "-q", text, file}}.status() == 0;
}

} // namespace emilua::test
