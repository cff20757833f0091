// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/sandbox/guest.hpp"
#include "sandbox/live_guests.hpp"
#include "sandbox/probe.hpp"

#include <csignal>

#include <unistd.h>

namespace emilua::sandbox {

namespace {

struct namespace_abilities {
    bool user = false, mount = false, pid = false, ipc = false, uts = false,
         net = false, cgroup = false;
};
struct landlock_abilities {
    int abi = 0;
};
struct control_group_abilities {
    bool memory = false, processes = false;
};
/// What `probe` tells.
struct probe_result {
    std::optional<foundation> best{};
    namespace_abilities namespaces{};
    landlock_abilities landlock{};
    control_group_abilities control_groups{};
    bool seccomp = false;
    std::optional<std::string> reason{};
    std::optional<std::string> advice{};
};

sandbox make(const std::optional<policy>& policy) { return sandbox{policy}; }

std::vector<std::string> system_paths() {
    std::vector<std::string> r;
    for (const char* p : {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
                          "/libx32", "/etc/alternatives", "/etc/ld.so.cache",
                          "/etc/ld.so.conf", "/etc/ld.so.conf.d"})
        if (::access(p, F_OK) == 0) r.emplace_back(p);
    return r;
}

std::optional<std::string> unless_empty(const std::string& s) {
    return s.empty() ? std::nullopt : std::optional{s};
}

probe_result tell() {
    const auto& a = probe();
    const auto& n = a.namespaces;
    probe_result r;
    if (a.has_namespaces() && a.seccomp)
        r.best = foundation::namespaces;
    else if (usable_landlock_abi() > 0 && a.seccomp)
        r.best = foundation::process;
    r.namespaces = {n.user == 0, n.mount == 0, n.pid == 0,   n.ipc == 0,
                    n.uts == 0,  n.net == 0,   n.cgroup == 0};
    r.landlock.abi = static_cast<int>(usable_landlock_abi());
    const auto& groups = probe_groups();
    r.control_groups = {groups.memory == 0, groups.processes == 0};
    r.seccomp = a.seccomp;
    r.reason = unless_empty(a.reason);
    r.advice = unless_empty(a.advice);
    return r;
}

/// What `list` tells of a guest.
struct running {
    int pid = -1;
    std::string runs;
    bool is_actor = false;
    foundation on{};
    double since = 0;
    std::optional<double> processor_time{}, memory{};
    std::optional<memory_scope> counted{};
};

std::vector<running> list() {
    std::vector<running> r;
    for (const auto& g : live_guests())
        r.push_back({g.pid, g.label.runs, g.label.is_actor, g.label.on, g.since,
                     g.processor_time, g.memory, g.label.counted});
    return r;
}

void kill(int pid, std::optional<system::signal_argument> signal) {
    kill_live_guest(pid, signal ? signal->value : SIGKILL);
}

} // namespace

} // namespace emilua::sandbox

template <> struct emilua::fields_of<emilua::sandbox::control_group_abilities> {
    using o = sandbox::control_group_abilities;
    static constexpr auto name = "control_group_abilities";
    static constexpr field_description items[] = {
        field<&o::memory>("memory", "Of how much memory all processes of a "
                                    "sandbox have together."),
        field<&o::processes>("processes", "Of how many processes there are, "
                                          "also for the system's root."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::running> {
    using o = sandbox::running;
    static constexpr auto name = "running_guest";
    static constexpr field_description items[] = {
        field<&o::pid>("pid", "The number of the process that holds the "
                              "sandbox, for {@ref sandbox.kill}."),
        field<&o::runs>("program", "What runs: the program, or the module of "
                                   "an actor."),
        field<&o::is_actor>("actor", "Whether it is an actor."),
        field<&o::on>("foundation", "What its sandbox stands on."),
        field<&o::since>("since", "When it was started: seconds since the "
                                  "beginning of 1970, UTC."),
        field<&o::processor_time>("processor_time",
                                  "Seconds of the processor that its processes "
                                  "have taken; nothing where /proc hides one "
                                  "(`hidepid`)."),
        field<&o::memory>("memory",
                          "Bytes of memory that they have: as its control "
                          "group counts them, or the sum of what each has, in "
                          "which shared memory is counted more than once; "
                          "nothing where /proc hides one and no group "
                          "counts."),
        field<&o::counted>("memory_scope",
                           "Of whom the limit of memory counts it; nothing "
                           "without one."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::namespace_abilities> {
    using o = sandbox::namespace_abilities;
    static constexpr auto name = "namespace_abilities";
    static constexpr field_description items[] = {
        field<&o::user>("user", "Users and rights of its own."),
        field<&o::mount>("mount", "Files."),
        field<&o::pid>("pid", "Processes."),
        field<&o::ipc>("ipc", "Queues and shared memory of System V."),
        field<&o::uts>("uts", "A name of the host."),
        field<&o::net>("net", "A network."),
        field<&o::cgroup>("cgroup", "Control groups."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::landlock_abilities> {
    using o = sandbox::landlock_abilities;
    static constexpr auto name = "landlock_abilities";
    static constexpr field_description items[] = {
        field<&o::abi>("abi", "The version of its interface; 0 for none."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::probe_result> {
    using o = sandbox::probe_result;
    static constexpr auto name = "probe_result";
    static constexpr field_description items[] = {
        field<&o::best>("foundation", "What a sandbox would stand on here; "
                                      "nothing if there can be none."),
        field<&o::namespaces>("namespaces", "Those that can be had."),
        field<&o::landlock>("landlock", "What the kernel has of Landlock."),
        field<&o::control_groups>("control_groups", "What limits control "
                                                    "groups can hold."),
        field<&o::seccomp>("seccomp", "Whether system calls can be filtered."),
        field<&o::reason>("reason", "Who refuses namespaces, if somebody "
                                    "does and it is known."),
        field<&o::advice>("advice", "What an administrator can do."),
    };
};

namespace emilua::sandbox {

void describe(module_builder& m) {
    m.doc("Programs that have nothing but what they were handed.");
    m.cls<guest>("guest",
                 "A program in a sandbox. One that nobody waits for is ended "
                 "when its object is collected.")
        .async("wait", fn<&guest::wait>, {},
               "Waits until the program has ended, and all that it started "
               "with it.",
               "Afterwards {@ref guest.exit_code}, {@ref guest.exit_signal} "
               "and {@ref guest.limit} tell how. Several may wait; one that "
               "is canceled takes nothing away.")
        .sync("kill", fn<&guest::kill>,
              {{"signal", "A signal; 0 sends nothing and only checks."}},
              "Sends a signal to the program.",
              "SIGKILL ends all that is in the sandbox. ESRCH when it has "
              "ended. pidfd_send_signal(2).")
        .property("exit_code", fn<&guest::exit_code>,
                  "What the program passed to exit(3), or 128 and the signal "
                  "that ended it.",
                  "EINVAL before {@ref guest.wait}.")
        .property("exit_signal", fn<&guest::exit_signal>,
                  "The signal that ended the program; nothing if none did.",
                  "EINVAL before {@ref guest.wait}.")
        .property("limit", fn<&guest::limit>,
                  "Which limit of the policy ended the program, or kept it "
                  "from starting processes until it failed; nothing if none "
                  "did.",
                  "`memory` and `processes` are known where a control group "
                  "counts them, which the guide \"Run untrusted code\" "
                  "explains. EINVAL before {@ref guest.wait}.")
        .property("processor_time", fn<&guest::processor_time>,
                  "Seconds of the processor that it took, with all that it "
                  "started.",
                  "EINVAL before {@ref guest.wait}.")
        .property("pid", fn<&guest::pid>,
                  "The number of the process that holds the sandbox; nothing "
                  "when it was waited for.")
        .property("refused", fn<&guest::refused>,
                  "What it asked for until now and did not get, each thing "
                  "once.",
                  "Of connections and names, with rules for the network; of "
                  "files, with `explain`.")
        .property("foundation", fn<&guest::on>, "What its sandbox stands on.")
        .property("memory_scope", fn<&guest::counted>,
                  "Of whom `limits.memory` counts memory: of all processes of "
                  "the sandbox together, besides each alone, where a control "
                  "group holds it, or only of each alone; nothing without that "
                  "limit.");
    m.cls<sandbox>("sandbox", "What may be done, by programs of any kind.")
        .constructor(
            "new", fn<&make>,
            {{"policy", "What they may do; nothing but to compute, if left "
                        "out."}},
            "Makes a sandbox, in which nothing runs yet.",
            "What this system cannot enforce is an error of category "
            "\"sandbox\" that says which layer is missing, what the system "
            "answered and what an administrator can do; never a weaker "
            "sandbox. EINVAL for a policy that contradicts itself.")
        .async("spawn", fn<&sandbox::spawn>,
               {{"opts", "What runs, and with what."}},
               "Starts a program in the sandbox.",
               "When it runs, this is through. What is in the policy has to "
               "be there: ENOENT with the path at fault.")
        .written<value(value)>(
            member_kind::method, "run",
            {{"opts", "As in {@ref sandbox.spawn}, with `input`, what the "
                      "program reads, and `limit`, how many bytes of each "
                      "stream are kept, instead of the streams."}},
            "Runs a program in the sandbox until it has ended, and all that it "
            "started with it.",
            "Suspends. Gives a table with `exit_code`, `exit_signal`, `limit`, "
            "`stdout`, `stderr`, `truncated`, `processor_time`, `foundation`, "
            "`memory_scope` and `refused`. When the fiber is canceled or "
            "something fails, all "
            "that is in the sandbox is ended first.")
        .suspends()
        .only(languages::lua)
        .async("handshake", fn<&sandbox::handshake>, {},
               "Waits until the actors that were started in the sandbox are "
               "confined.",
               "Before, they run nothing of their programs. Fails with what "
               "could not be enforced, as {@ref sandbox.new} does, or ECHILD "
               "for an actor that ended before.")
        .async("changes", fn<&sandbox::changes>, {},
               "Tells what guests made of the folder of `copy_on_write`, by "
               "path.",
               "What has become as it was is not told. EINVAL without such a "
               "folder, EBUSY while a guest runs, EOVERFLOW for more than a "
               "million.")
        .async("commit", fn<&sandbox::commit>, {},
               "Brings all of {@ref sandbox.changes} to the folder of "
               "`copy_on_write`, and begins anew with it.",
               "Each file is replaced at once, all of them one after the "
               "other; what fails names the path, and can be called again. No "
               "link is followed out of the folder. Setuid bits, FIFOs, "
               "sockets and extended attributes are left behind. EINVAL and "
               "EBUSY as {@ref sandbox.changes}.")
        .async("discard", fn<&sandbox::discard>, {},
               "Forgets what guests made of the folder of `copy_on_write`.",
               "EINVAL and EBUSY as {@ref sandbox.changes}.")
        .property("foundation", fn<&sandbox::on>, "What it stands on.")
        .property("memory", fn<&sandbox::memory>,
                  "Bytes that each process may have, as the policy says; "
                  "nothing if it does not.");
    m.written<sandbox(std::optional<policy>)>(
         "new", {{"policy", "As in {@ref sandbox.new}."}},
         "Makes a sandbox, in which nothing runs yet.")
        .only(languages::lua);
    m.written<value(value, std::optional<value>)>(
         "pipeline",
         {{"stages", "The programs, in their order: as in {@ref "
                     "sandbox.spawn}, with `sandbox`, what each may do, "
                     "instead of the streams."},
          {"opts", "`input`, what the first one reads, and `limit`, how many "
                   "bytes of each stream are kept."}},
         "Runs programs at once, each in a sandbox of its own, of which each "
         "reads what the one before writes, until all have ended.",
         "Suspends. What goes from one to the next does not pass through this "
         "process. Gives a table with `stdout`, `truncated` and `stages`, "
         "which has a table for each as `run` does. When the fiber is canceled "
         "or one cannot be started, all that is in all of the sandboxes is "
         "ended first.")
        .suspends()
        .only(languages::lua);
    m.sync("system_paths", fn<&system_paths>, {},
           "Where the system has its programs and their libraries: what most "
           "policies let their programs read.",
           "Those that are there of /usr, /bin, /sbin, /lib, /lib64 and of "
           "what finds libraries in /etc: nothing of anybody's own, as long as "
           "nobody keeps such things in /usr/local.");
    m.blocking_query("list", fn<&list>, {},
                     "Tells what runs in sandboxes that this process has "
                     "started, the oldest first.",
                     "Actors and programs of all VMs of the process; not what "
                     "a guest has in sandboxes of its own.");
    m.sync("kill", fn<&kill>,
           {{"pid", "The number of a guest, from {@ref sandbox.list}."},
            {"signal", "A signal; without it, SIGKILL, which ends all that is "
                       "in the sandbox."}},
           "Sends a signal to a guest of this process.",
           "ESRCH where none of its guests has this number any more: no other "
           "process is ever sent one. pidfd_send_signal(2).");
    m.blocking_query(
        "probe", fn<&tell>, {},
        "Tells what sandboxes have to stand on here, by trying it.");
}

} // namespace emilua::sandbox
