// SPDX-License-Identifier: MIT OR BSL-1.0
// Scripts run in children of a test, which has one thread, as they do in the
// children of the fork server.
#pragma once

#include "sandbox/init_script.hpp"
#include "test_vm.hpp"

#include <cstdlib>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRINTS(expected, script) check_output(script, expected, __LINE__)
#define PRINTS_WITH(expected, script, ...)                                     \
    check_output(script, expected, __LINE__, surroundings{__VA_ARGS__})

namespace emilua::test {

struct outcome {
    int status;
    std::string out, err;
};

inline std::string all_of(int fd) {
    std::string r;
    char buffer[4096];
    for (ssize_t n; (n = ::read(fd, buffer, sizeof(buffer))) > 0;)
        r.append(buffer, static_cast<std::size_t>(n));
    ::close(fd);
    return r;
}

struct surroundings {
    int arg_fd = -1;
    uid_t user = 0;
    /// Runs in the child, after the script that ended by itself.
    int (*after)() = nullptr;
};

inline outcome run(const std::string& script, surroundings s = {}) {
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    CHECK(::pipe(out) == 0 && ::pipe(err) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(err[1], STDERR_FILENO);
        for (int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
        if (s.user != 0 && (::setresgid(s.user, s.user, s.user) != 0 ||
                            ::setresuid(s.user, s.user, s.user) != 0))
            ::_exit(99);
        // Whoever changes users owns its files in /proc no more.
        ::prctl(PR_SET_DUMPABLE, 1);
        const int status = sandbox::run_init_script(script, s.arg_fd);
        ::_exit(status == 0 && s.after ? s.after() : status);
    }
    ::close(out[1]);
    ::close(err[1]);
    outcome r{0, all_of(out[0]), all_of(err[0])};
    int status = 0;
    ::waitpid(child, &status, 0);
    r.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return r;
}

inline void check_output(const std::string& script, const std::string& expected,
                         int line, surroundings s = {}) {
    const auto r = run(script, s);
    if (r.status == 0 && r.out == expected && r.err.empty()) return;
    std::fprintf(stderr, "line %d: status %d\n%s%s", line, r.status,
                 r.out.c_str(), r.err.c_str());
    ++failures;
}
inline bool is_root() { return ::geteuid() == 0; }

// Where the system has no namespaces for us: a failure only if it must have.
inline bool has_user_namespaces() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::unshare(CLONE_NEWUSER) != 0);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status == 0) return true;
    CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
    return false;
}

} // namespace emilua::test
