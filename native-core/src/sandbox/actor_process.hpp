// SPDX-License-Identifier: MIT OR BSL-1.0
// Actors in processes of their own.
#pragma once

#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace emilua::sandbox {

/// Lua sources by the absolute path that they stand for.
using source_tree = std::map<std::string, std::string>;

/// A plugin that is open already.
struct native_module {
    std::string id;
    /// -1 in the process that was started: see `descriptors`.
    int fd = -1;
};

/// How an actor's process begins. Descriptors are numbers of the caller's, who
/// keeps them.
struct actor_setup {
    /// Flags of clone(2): CLONE_NEW….
    std::uint32_t namespaces = 0;
    /// -1 is the end of a pipe whose other end is closed.
    std::array<int, 3> standard{-1, -1, -1};
    std::optional<std::string> init_script;
    /// -1 for none.
    int init_arg = -1;
    /// "NAME=value" each.
    std::vector<std::string> environment;
    /// The program; a process without one ends after its script.
    std::string module;
    source_tree sources;
    std::vector<native_module> native_modules;
    /// The slave of libc_service that its calls go through; -1 for none.
    int libc_service = -1;
    /// What it is confined to instead of by a script, encoded (program.hpp); ""
    /// for nothing. Then `reports` is a socket of packets for reports: whether
    /// it is, and how it ended; `entrances` are those of control groups.
    std::string confinement;
    int reports = -1;
    std::vector<int> entrances{};
};

struct started_actor {
    forked process;
    /// Where messages to it go in (message.hpp).
    unique_descriptor to;
    /// Where it tells of its failures (failure_report.hpp).
    unique_descriptor reports;
};

/// Starts the process; returns when it is there, and not ready yet. Throws
/// `failure`. Any thread.
started_actor start_actor(const actor_setup& s);

// What goes over the set-up's socket: first what the script needs, so that
// nothing else is in memory while it runs; then the rest.

/// Descriptors come along in this order: the inbox's end, the working
/// directory, and what of the rest there is.
struct actor_beginning {
    /// It is not where the executable can be counted on.
    bool is_apart = false;
    std::array<bool, 3> has_standard{};
    bool has_script = false, has_argument = false;
    std::string_view script;
    /// Its last descriptors are then those for reports and the entrances.
    std::string_view confinement;
};

struct actor_rest {
    std::vector<std::string> environment;
    std::string module;
    source_tree sources;
    std::vector<std::string> native_modules;
    /// Whether the last descriptor of the part is a slave of libc_service.
    bool has_libc_service = false;
};

std::string pack_beginning(const actor_setup& s);
actor_beginning unpack_beginning(std::string_view bytes);
std::string pack_rest(const actor_setup& s);
actor_rest unpack_rest(std::string_view bytes);

} // namespace emilua::sandbox
