// SPDX-License-Identifier: MIT OR BSL-1.0
// What programs say of a sandbox.
#pragma once

#include "modules/filesystem/path.hpp"
#include "modules/system/spawn.hpp"
#include "sandbox/confinement.hpp"
#include "sandbox/egress.hpp"

#include <emilua/describe.hpp>

namespace emilua::sandbox {

enum class network_access { none, host };
/// What ended a guest, of its policy, or stopped it until it failed.
enum class limit_kind { seconds, processor, memory, processes, file_size };

using place = std::variant<c_string, filesystem::path>;
using amount = ranged<1, 9007199254740991>;

struct limit_options {
    std::optional<amount> memory{};
    std::optional<memory_scope> counted{};
    std::optional<amount> processes{};
    std::optional<double> seconds{};
    std::optional<amount> processor{};
    std::optional<amount> file_size{};
    std::optional<amount> descriptors{};
};

struct network_rules {
    std::vector<std::string> allow{};
};

/// What a guest may do; what is left out, it may not.
struct policy {
    std::vector<place> read{};
    std::vector<place> write{};
    std::optional<std::vector<place>> execute{};
    std::optional<place> copy_on_write{};
    std::variant<network_access, network_rules> network{network_access::none};
    std::optional<amount> temporary{};
    std::optional<limit_options> limits{};
    bool explain = false;
    std::optional<foundation> on{};
};

/// The folder of `copy_on_write`, if there is one.
std::string copied_folder_of(const policy& p);

/// Throws `failure`: EINVAL for a policy that contradicts itself, an error of
/// category "sandbox" for one that this system has no foundation for.
confinement confinement_for(const policy& p);
/// And its filters of system calls, when nothing else of it changes any more.
void filter_calls(confinement& c);

/// Where `network.allow` lets it connect to.
egress_rules egress_for(const policy& p);

/// The error of category "sandbox" for a layer that cannot be had: what the
/// system answered, and what helps. `error` is an errno, `syscall` of static
/// storage.
failure unavailable(layer of, int error, const char* syscall);

} // namespace emilua::sandbox

template <> struct emilua::enum_names<emilua::sandbox::foundation> {
    using e = sandbox::foundation;
    static constexpr auto name = "foundation";
    static constexpr enum_item<e> items[] = {
        {"namespaces", e::namespaces,
         "Files, processes, network and names of its own, with Landlock and "
         "seccomp inside."},
        {"process", e::process,
         "Landlock, seccomp and limits of an ordinary process."},
    };
};

template <> struct emilua::enum_names<emilua::sandbox::memory_scope> {
    using e = sandbox::memory_scope;
    static constexpr auto name = "memory_scope";
    static constexpr enum_item<e> items[] = {
        {"sandbox", e::sandbox,
         "Of all processes together, by a control group, and of each. Where "
         "there is none to be had, there is no such sandbox."},
        {"process", e::process, "Of each process alone."},
    };
};

template <> struct emilua::enum_names<emilua::sandbox::network_access> {
    using e = sandbox::network_access;
    static constexpr auto name = "network_access";
    static constexpr enum_item<e> items[] = {
        {"none", e::none, "No network but a loopback of its own."},
        {"host", e::host, "That of the host, with everything on it."},
    };
};

template <> struct emilua::enum_names<emilua::sandbox::limit_kind> {
    using e = sandbox::limit_kind;
    static constexpr auto name = "limit_kind";
    static constexpr enum_item<e> items[] = {
        {"seconds", e::seconds, "It ran for too long."},
        {"processor", e::processor, "It took too much of the processor."},
        {"memory", e::memory,
         "The kernel ended a process, because all of them together took too "
         "much memory."},
        {"processes", e::processes,
         "It could not start a process or thread, and failed."},
        {"file_size", e::file_size, "It wrote too large a file."},
    };
};

template <> struct emilua::fields_of<emilua::sandbox::network_rules> {
    using o = sandbox::network_rules;
    static constexpr auto name = "network_rules";
    static constexpr field_description items[] = {
        field<&o::allow>(
            "allow",
            "Hosts with their ports, over TCP, and paths of UNIX sockets or of "
            "folders that have some: \"example.org:443\", \"*.example.org:*\", "
            "\"10.0.0.0/8:5432\", \"[::1]:8000-8010\", \"*:443\", "
            "\"/run/service.sock\". \"*\" has nothing of this machine or this "
            "link."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::limit_options> {
    using o = sandbox::limit_options;
    static constexpr auto name = "limit_options";
    static constexpr field_description items[] = {
        field<&o::memory>("memory",
                          "Bytes of address space that each process may have "
                          "(RLIMIT_AS), and bytes of memory that all of them "
                          "may have together, as far as `memory_scope` says."),
        field<&o::counted>("memory_scope",
                           "Of whom memory is counted. Left out, of all "
                           "together where a control group can be had, and "
                           "else of each process alone; {@ref "
                           "guest.memory_scope} tells which."),
        field<&o::processes>("processes",
                             "Processes and threads that there may be at "
                             "once."),
        field<&o::seconds>("seconds", "Seconds after which it is ended."),
        field<&o::processor>("processor",
                             "Seconds of the processor that each process may "
                             "take. RLIMIT_CPU."),
        field<&o::file_size>("file_size",
                             "Bytes that a file it writes may have. "
                             "RLIMIT_FSIZE."),
        field<&o::descriptors>("descriptors",
                               "Descriptors that each process may have open. "
                               "RLIMIT_NOFILE."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::policy> {
    using o = sandbox::policy;
    static constexpr auto name = "policy";
    static constexpr field_description items[] = {
        field<&o::read>("read",
                        "Files, and folders with all below, that it may read, "
                        "and run unless `execute` says which.",
                        presence::optional),
        field<&o::write>("write",
                         "Files, and folders with all below, that it may read "
                         "and change, but not run.",
                         presence::optional),
        field<&o::execute>("execute",
                           "Files, and folders with all below, that it may "
                           "read and run; what it may read, if left out."),
        field<&o::copy_on_write>(
            "copy_on_write",
            "A folder that it finds, reads and changes as it likes, while the "
            "one of the host stays as it is until {@ref sandbox.commit}; also "
            "where programs begin. One guest at a time."),
        field<&o::network>("network",
                           "What it may reach, or where it may connect to; "
                           "\"none\" if left out.",
                           presence::optional),
        field<&o::temporary>("temporary",
                             "Bytes of an empty /tmp of its own, in memory; "
                             "none if left out. What is written there is run "
                             "if `execute` has \"/tmp\". With namespaces "
                             "only."),
        field<&o::limits>("limits", "How much of everything it may use."),
        field<&o::explain>(
            "explain",
            "Whether {@ref guest.refused} tells of files, too, which makes "
            "each call that names one slower; false if left out.",
            presence::optional),
        field<&o::on>("foundation",
                      "What it has to stand on; namespaces where there are "
                      "some, if left out."),
    };
};
