// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/credentials.hpp"

#include "core/all_threads.hpp"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::system {

namespace {

using id = ranged<-1, 4294967294>;
using known_id = ranged<0, 4294967294>;
using three_ids = std::tuple<double, double, double>;

three_ids real_effective_saved_users() {
    uid_t r, e, s;
    if (::getresuid(&r, &e, &s) == -1) throw_errno("getresuid");
    return {r, e, s};
}

three_ids real_effective_saved_groups() {
    gid_t r, e, s;
    if (::getresgid(&r, &e, &s) == -1) throw_errno("getresgid");
    return {r, e, s};
}

// glibc has every thread of the process do it.
void set_users(id ruid, id euid, id suid) {
    if (::setresuid(static_cast<uid_t>(ruid.value),
                    static_cast<uid_t>(euid.value),
                    static_cast<uid_t>(suid.value)) == -1)
        throw_errno("setresuid");
}

void set_groups_of_process(id rgid, id egid, id sgid) {
    if (::setresgid(static_cast<gid_t>(rgid.value),
                    static_cast<gid_t>(egid.value),
                    static_cast<gid_t>(sgid.value)) == -1)
        throw_errno("setresgid");
}

std::vector<double> supplementary_groups() {
    std::vector<gid_t> groups;
    for (;;) {
        const int n = ::getgroups(0, nullptr);
        if (n == -1) throw_errno("getgroups");
        groups.resize(static_cast<std::size_t>(n));
        const int got = ::getgroups(n, groups.data());
        if (got != -1) {
            groups.resize(static_cast<std::size_t>(got));
            return {groups.begin(), groups.end()};
        }
        // EINVAL: there are more than a moment ago.
        if (errno != EINVAL) throw_errno("getgroups");
    }
}

void set_supplementary_groups(const std::vector<known_id>& groups) {
    std::vector<gid_t> ids;
    ids.reserve(groups.size());
    for (auto g : groups) ids.push_back(static_cast<gid_t>(g.value));
    if (::setgroups(ids.size(), ids.data()) == -1)
        throw_errno("setgroups", errno == EINVAL ? "groups" : nullptr);
}

void forbid_new_privileges() {
    system_call_on_all_threads("prctl", SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1});
}

int process_group() { return ::getpgrp(); }

int process_group_of(int pid) {
    const pid_t group = ::getpgid(pid);
    if (group == -1) throw_errno("getpgid", "pid");
    return group;
}

void set_process_group(int pid, ranged<0, 2147483647> pgid) {
    if (::setpgid(pid, static_cast<pid_t>(pgid.value)) == -1)
        throw_errno("setpgid", errno == ESRCH ? "pid" : nullptr);
}

int session_of(int pid) {
    const pid_t session = ::getsid(pid);
    if (session == -1) throw_errno("getsid", "pid");
    return session;
}

int start_session() {
    const pid_t session = ::setsid();
    if (session == -1) throw_errno("setsid");
    return session;
}

} // namespace

void describe_credentials(module_builder& m) {
    constexpr auto pid = "A process; 0 is this one.";
    constexpr auto all_threads =
        "Of all threads of the process. -1 changes nothing. EPERM without the "
        "right to.";

    m.sync("getresuid", fn<&real_effective_saved_users>, {},
           "The users that this process is.")
        .results({"ruid", "euid", "suid"});
    m.sync("getresgid", fn<&real_effective_saved_groups>, {},
           "The groups that this process is.")
        .results({"rgid", "egid", "sgid"});
    m.sync("setresuid", fn<&set_users>,
           {{"ruid", "The real user."},
            {"euid", "The effective user."},
            {"suid", "The saved user."}},
           "Sets the users that this process is.",
           m.text(std::string{all_threads} + " setresuid(2)."))
        .master_only();
    m.sync("setresgid", fn<&set_groups_of_process>,
           {{"rgid", "The real group."},
            {"egid", "The effective group."},
            {"sgid", "The saved group."}},
           "Sets the groups that this process is.",
           m.text(std::string{all_threads} + " setresgid(2)."))
        .master_only();
    m.sync("getgroups", fn<&supplementary_groups>, {},
           "The supplementary groups of this process.", "getgroups(2).");
    m.sync("setgroups", fn<&set_supplementary_groups>,
           {{"groups", "The groups."}},
           "Sets the supplementary groups of this process.",
           "Of all its threads. EPERM without the right to, EINVAL for more "
           "than the system allows. setgroups(2).")
        .master_only();
    m.sync("set_no_new_privs", fn<&forbid_new_privileges>, {},
           "Keeps this process, and every program it runs, from gaining "
           "rights by execve(2), for good.",
           "Of all its threads. PR_SET_NO_NEW_PRIVS(2const).")
        .master_only();
    m.sync("getpgrp", fn<&process_group>, {},
           "The process group of this process.");
    m.sync("getpgid", fn<&process_group_of>, {{"pid", pid}},
           "The process group of a process.",
           "ESRCH when there is no such process. getpgid(2).");
    m.sync("setpgid", fn<&set_process_group>,
           {{"pid", "This process (0) or a child of it."},
            {"pgid", "A process group of this session; 0 for one whose number "
                     "is the process's."}},
           "Brings a process to a process group.",
           "EACCES when the child runs its program already, EPERM, ESRCH. "
           "setpgid(2).")
        .master_only();
    m.sync("getsid", fn<&session_of>, {{"pid", pid}},
           "The session of a process.",
           "ESRCH when there is no such process. getsid(2).");
    m.sync("setsid", fn<&start_session>, {},
           "Makes this process lead a new session and returns its number.",
           "EPERM when it leads a process group. setsid(2).")
        .master_only();
}

} // namespace emilua::system
