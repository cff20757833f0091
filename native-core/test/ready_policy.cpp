// SPDX-License-Identifier: MIT OR BSL-1.0
// What a guest gets ready before it is wanted: for which policies, and that
// nothing half-made counts.
#include "own_namespaces.hpp"
#include "sandbox/confinement.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/steps.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace emilua;
using namespace emilua::sandbox;
namespace fs = std::filesystem;

bool is_looked_up(const confinement& c) {
    try {
        look_up(c);
        return true;
    } catch (const refusal&) {
        return false;
    }
}

/// Of no policy with mounts in its folders: they go where a name goes.
void test_mounts_in_folders() {
    std::string at = "/var/tmp/ready-policy-XXXXXX";
    CHECK(::mkdtemp(at.data()) != nullptr);
    const auto inner = at + "/inner";
    fs::create_directory(inner);
    confinement c;
    c.temporary = 4096;
    c.readable = {inner};
    CHECK(is_looked_up(c));
    c.writable = {at};
    CHECK(!is_looked_up(c));
    c.readable = {at, inner};
    c.writable = {};
    CHECK(is_looked_up(c));
    c.executable = {inner};
    CHECK(!is_looked_up(c));
    c.executable = {};
    c.readable = {"/tmp"};
    CHECK(is_looked_up(c));
    c.temporary = 0;
    c.readable = {"/"};
    CHECK(!is_looked_up(c));
    fs::remove_all(at);
}

#if !defined(__SANITIZE_THREAD__)

/// In a process with namespaces: 0, or why there are no mounts.
int make_mounts() {
    if (::ptrace(PTRACE_TRACEME) == -1) return 254;
    ::raise(SIGSTOP);
    try {
        return make_basic_mounts() ? 0 : 255;
    } catch (const refusal& r) {
        return r.error.code.value();
    }
}

/// What comes of it when the process that makes them is sent `signo` as it
/// begins.
int result_of_signal(int signo) {
    int status = 0;
    const pid_t maker = ::fork();
    if (maker == 0) ::_exit(make_mounts());
    CHECK(::waitpid(maker, &status, 0) == maker && WIFSTOPPED(status));
    CHECK(::ptrace(PTRACE_SETOPTIONS, maker, nullptr,
                   PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL) == 0);
    CHECK(::ptrace(PTRACE_CONT, maker, nullptr, nullptr) == 0);
    CHECK(::waitpid(maker, &status, 0) == maker &&
          status >> 8 == (SIGTRAP | PTRACE_EVENT_VFORK << 8));
    unsigned long helper = 0;
    CHECK(::ptrace(PTRACE_GETEVENTMSG, maker, nullptr, &helper) == 0);
    const auto pid = static_cast<pid_t>(helper);
    CHECK(::waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status));
    ::kill(pid, signo);
    // Of one that is killed its parent hears after this process.
    if (::ptrace(PTRACE_DETACH, pid, nullptr, nullptr) == -1)
        CHECK(::waitpid(pid, &status, __WALL) == pid);
    CHECK(::ptrace(PTRACE_DETACH, maker, nullptr, nullptr) == 0);
    CHECK(::waitpid(maker, &status, 0) == maker && WIFEXITED(status));
    return WEXITSTATUS(status);
}

void test_helper_that_gets_signals() {
    test::in_own_namespaces(CLONE_NEWPID, [] {
        // The first process there, with which it would end.
        const pid_t first = ::fork();
        if (first == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;) ::pause();
        }
        CHECK(result_of_signal(SIGKILL) == EINTR);
        CHECK(result_of_signal(SIGINT) == 0);
        ::kill(first, SIGKILL);
    });
}

#endif

} // namespace

int main() {
    test_mounts_in_folders();
    if (!probe().has_namespaces()) {
        CHECK(!std::getenv("EMILUA_MUST_SANDBOX"));
        return test::failures != 0;
    }
#if !defined(__SANITIZE_THREAD__)
    // Who has two threads, as that sanitizer makes it, cannot move elsewhere.
    test_helper_that_gets_signals();
#endif
    return test::failures != 0;
}
