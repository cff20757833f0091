// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/describe.hpp"

#include "modules/system/signals.hpp"
#include "modules/system/standard_streams.hpp"

#include "core/process.hpp"

#include <csignal>

#include <unistd.h>

namespace emilua::system {

namespace {

std::vector<std::string> arguments() { return process::arguments(); }

value environment() {
    value::record r;
    for (const auto& [name, text] : process::environment())
        r.emplace_back(name, text);
    return r;
}

int process_id() { return ::getpid(); }
int parent_process_id() { return ::getppid(); }

void send_signal(int pid, int signal) {
    if (::kill(pid, signal) == -1) {
        const char* culprit = errno == EINVAL ? "signal" : "pid";
        throw_errno("kill", culprit);
    }
}

} // namespace

module_description describe() {
    module_description d;
    d.name = "system";
    d.doc = "What belongs to the process: its arguments and environment, its "
            "standard streams, signals.";
    module_builder m{d};

    m.property("arguments", fn<&arguments>,
               "The words of the command line: the program that runs, the "
               "script, then what was meant for the script.");
    m.property("environment", fn<&environment>,
               "The environment variables, by name.",
               "As they were when first asked for.");
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
    describe_standard_streams(m);
    describe_signals(m);
    return d;
}

} // namespace emilua::system
