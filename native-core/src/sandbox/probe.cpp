// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/probe.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

struct trial {
    int flags;
    int mount_error, proc_error;
};

constexpr int all_flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
                          CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET |
                          CLONE_NEWCGROUP;

/// The child's part: async-signal-safe, its memory may be the parent's.
int try_mounts(void* shared) noexcept {
    auto& t = *static_cast<trial*>(shared);
    if (t.flags & CLONE_NEWNS &&
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == -1)
        t.mount_error = errno;
    if (t.flags & CLONE_NEWPID) {
        const int fs = ::fsopen("proc", FSOPEN_CLOEXEC);
        if (fs == -1 ||
            ::fsconfig(fs, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == -1 ||
            ::fsmount(fs, FSMOUNT_CLOEXEC, 0) == -1)
            t.proc_error = errno;
    }
    ::_exit(0);
}

/// 0, or the errno of making such a process.
int attempt(trial& shared, int flags) {
    shared = {flags, 0, 0};
    alignas(16) std::byte stack[32 * 1024];
    const pid_t pid = ::clone(&try_mounts, stack + sizeof(stack),
                              flags | CLONE_VFORK, &shared);
    if (pid == -1) return errno;
    while (::waitpid(pid, nullptr, __WALL) == -1 && errno == EINTR)
        ;
    return 0;
}

std::string line_of(const char* path) {
    std::ifstream f{path};
    std::string line;
    std::getline(f, line);
    return line;
}

bool filters_system_calls() {
    std::ifstream f{"/proc/self/status"};
    for (std::string line; std::getline(f, line);)
        if (line.starts_with("Seccomp:")) return line.back() != '0';
    return false;
}

/// Tells apart who says no, from what the system writes about itself.
void explain(abilities& a) {
    const auto& n = a.namespaces;
    if (a.has_namespaces()) return;
    if (line_of("/proc/sys/user/max_user_namespaces") == "0") {
        a.reason = "user.max_user_namespaces is 0";
        a.advice = "sysctl user.max_user_namespaces=10000";
    } else if (line_of("/proc/sys/kernel/unprivileged_userns_clone") == "0") {
        a.reason = "kernel.unprivileged_userns_clone is 0";
        a.advice = "sysctl kernel.unprivileged_userns_clone=1";
    } else if (line_of("/proc/sys/kernel/"
                       "apparmor_restrict_unprivileged_userns") == "1") {
        a.reason = "AppArmor restricts user namespaces to programs that have "
                   "a profile (kernel.apparmor_restrict_unprivileged_userns)";
        a.advice = "give this program an AppArmor profile with `userns,`, or "
                   "sysctl kernel.apparmor_restrict_unprivileged_userns=0";
    } else if (n.user != 0 && filters_system_calls()) {
        a.reason = "a filter of system calls, as containers have one, forbids "
                   "new user namespaces";
        a.advice = "start the container with a seccomp profile that allows "
                   "clone and unshare with CLONE_NEWUSER (Docker: "
                   "--security-opt seccomp=FILE)";
    } else if (n.user == ENOSPC) {
        a.reason = "there are as many user namespaces, or levels of them, as "
                   "the system allows";
        a.advice = "sysctl user.max_user_namespaces, or fewer sandboxes "
                   "within sandboxes";
    } else if (n.user == EINVAL || n.user == ENOSYS) {
        a.reason = "the kernel is built without user namespaces";
        a.advice = "a kernel with CONFIG_USER_NS";
    } else if (n.proc != 0 && n.user == 0 && n.mount == 0) {
        a.reason = "/proc of this container hides parts of itself, so that no "
                   "other one can be mounted";
        a.advice = "start the container with an unmasked /proc (Docker: "
                   "--security-opt systempaths=unconfined)";
    }
}

abilities try_all() {
    abilities a;
    auto* const shared = static_cast<trial*>(
        ::mmap(nullptr, sizeof(trial), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    if (shared == MAP_FAILED) throw_errno("mmap");
    auto& n = a.namespaces;
    if (attempt(*shared, all_flags) == 0) {
        n.mount = shared->mount_error;
        n.proc = shared->proc_error;
    } else {
        n.user = attempt(*shared, CLONE_NEWUSER);
        const auto alone = [&](int flag) {
            return n.user != 0 ? n.user
                               : attempt(*shared, CLONE_NEWUSER | flag);
        };
        n.mount = alone(CLONE_NEWNS);
        if (n.mount == 0) n.mount = shared->mount_error;
        n.pid = n.proc = alone(CLONE_NEWPID);
        n.ipc = alone(CLONE_NEWIPC);
        n.uts = alone(CLONE_NEWUTS);
        n.net = alone(CLONE_NEWNET);
        n.cgroup = alone(CLONE_NEWCGROUP);
    }
    ::munmap(shared, sizeof(trial));

    const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U);
    if (abi == -1)
        a.landlock_error = errno;
    else
        a.landlock_abi = static_cast<std::uint32_t>(abi);
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    a.seccomp =
        ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    explain(a);
    return a;
}

} // namespace

bool abilities::has_namespaces() const noexcept {
    const auto& n = namespaces;
    return n.user == 0 && n.mount == 0 && n.pid == 0 && n.ipc == 0 &&
           n.uts == 0 && n.net == 0 && n.cgroup == 0 && n.proc == 0;
}

const abilities& probe() {
    static const abilities a = try_all();
    return a;
}

std::uint32_t usable_landlock_abi() {
    const auto abi = probe().landlock_abi;
    const char* const most = std::getenv("EMILUA_LANDLOCK_ABI");
    if (!most) return abi;
    return std::min(
        abi, static_cast<std::uint32_t>(std::strtoul(most, nullptr, 10)));
}

} // namespace emilua::sandbox
