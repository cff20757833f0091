// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/credentials.hpp"
#include "modules/system/landlock.hpp"
#include "modules/system/library_directories.hpp"
#include "modules/system/linux_capabilities.hpp"
#include "modules/system/seccomp.hpp"
#include "modules/system/signals.hpp"
#include "modules/system/standard_streams.hpp"
#include "modules/system/subprocess.hpp"

#include "core/inherited_descriptors.hpp"
#include "core/process.hpp"

#include <csignal>

#include <unistd.h>

namespace emilua::system {

/// `opts` of exit.
struct exit_options {
    std::optional<std::variant<int, std::string>> force;
};

} // namespace emilua::system

template <> struct emilua::fields_of<emilua::system::exit_options> {
    static constexpr auto name = "exit_options";
    static constexpr field_description items[] = {
        field<&system::exit_options::force>(
            "force",
            "0 cleans up, 2 does next to nothing, \"abort\" is abort(3)."),
    };
};

namespace emilua::system {

namespace {

std::vector<std::string> arguments() { return process::arguments(); }

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> r;
    for (const auto& [name, text] : process::environment())
        r.emplace(name, text);
    return r;
}

int process_id() { return ::getpid(); }
int parent_process_id() { return ::getppid(); }

std::optional<file_descriptor> inherited_descriptor(ranged<3, 9> fd) {
    auto d = take_inherited(static_cast<int>(fd.value));
    if (!d) return std::nullopt;
    return file_descriptor{std::move(d)};
}

[[noreturn]] void only_on_freebsd(const rest<value>&) {
    throw failure{make_error_code(errc::not_available)};
}

void send_signal(int pid, int signal) {
    if (::kill(pid, signal) == -1) {
        const char* culprit = errno == EINVAL ? "signal" : "pid";
        throw_errno("kill", culprit);
    }
}

} // namespace

void describe(module_builder& m) {
    m.doc("What belongs to the process: its arguments and environment, its "
          "standard streams, signals.");

    m.property("arguments", fn<&arguments>,
               "The words of the command line: the program that runs, the "
               "script, then what was meant for the script.")
        .fixed()
        .by_hand(languages::typescript);
    m.property("environment", fn<&environment>,
               "The environment variables, by name.",
               "As they were when first asked for. One table for each VM: what "
               "is written into it is for this program and for the children "
               "that are handed it, and leaves those of the process alone.")
        .fixed()
        .by_hand(languages::typescript);
    m.written<void(std::optional<ranged<0, 255>>, std::optional<exit_options>)>(
        "exit",
        {{"code", "What the parent process is told; nothing means 0."},
         {"opts", "How the program ends."}},
        "Ends this program: the process, or the actor that calls it.",
        "Pending operations are canceled, cleanup handlers run. Never "
        "returns.");
    m.sync("getpid", fn<&process_id>, {}, "The number of this process.");
    m.sync("getppid", fn<&parent_process_id>, {},
           "The number of the parent process.",
           "0 when the parent is outside this process's PID namespace.");
    m.sync("kill", fn<&send_signal>,
           {{"pid", "A process; 0 for this process group, -1 for every "
                    "process there is, -n for process group n."},
            {"signal", "A signal; 0 sends nothing and only checks."}},
           "Sends a signal to a process or a group.",
           "EINVAL when there is no such signal, ESRCH when there is no such "
           "process, EPERM when it belongs to somebody else. See kill(2).");
    m.sync("get_lowfd", fn<&inherited_descriptor>,
           {{"fd", "Its number, from 3 to 9."}},
           "A descriptor that this process was started with, once; nothing "
           "when there is none, or not any more.",
           "For programs that are told of a number, LISTEN_FDS of systemd for "
           "one.")
        .master_only();
    for (const char* name : {"caph_limit_stdio", "jail_set", "jail_get",
                             "jail_remove", "jailparam_all"})
        m.sync(name, fn<&only_on_freebsd>, {{"arguments", "Those of FreeBSD."}},
               "Only FreeBSD has it: fails with {@error not_available}.")
            .only(languages::lua);
    describe_credentials(m);
    m.sync("get_ld_library_directories", fn<&library_directories>, {},
           "The folders in which libraries of this program are looked for.",
           "Opened, each once; those that cannot be opened are left out. "
           "RTLD_DI_SERINFO of dlinfo(3).");
    describe_capabilities(m);
    describe_seccomp(m);
    describe_landlock(m);
    describe_processes(m);
    describe_standard_streams(m);
    describe_signals(m);
}

} // namespace emilua::system
