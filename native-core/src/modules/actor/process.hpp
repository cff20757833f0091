// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/actor/remote.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/filesystem/path.hpp"
#include "modules/libc_service/ends.hpp"
#include "modules/sandbox/guest.hpp"

namespace emilua::actor {

using descriptor = ref<file_descriptor::file_descriptor>;

enum class shared_stream { share };
using stream_option = std::optional<std::variant<shared_stream, descriptor>>;

struct init_options {
    std::string script;
    std::optional<descriptor> arg{};
};

/// `subprocess` of spawn_vm.
struct process_options {
    bool newns_uts = false;
    bool newns_ipc = false;
    bool newns_pid = false;
    bool newns_user = false;
    bool newns_net = false;
    bool newns_mount = false;
    std::map<std::string, std::string> environment{};
    stream_option standard_input{};
    stream_option standard_output{};
    stream_option standard_error{};
    std::optional<init_options> init{};
    /// Texts, and records of them.
    value source_tree_cache{};
    /// Files of plugins by their ids.
    std::map<std::string, std::string> native_modules_cache{};
    std::optional<ref<libc_service::slave>> libc_service{};
    std::optional<ref<emilua::sandbox::sandbox>> box{};
};

/// `subprocess` of spawn_program.
struct program_options {
    c_string program, module;
    std::vector<c_string> arguments{};
    std::map<std::string, std::string> environment{};
    std::vector<c_string> readable{};
    std::vector<c_string> links{};
    std::optional<ranged<0, std::int64_t{1} << 40>> reserved{};
    stream_option standard_input{};
    stream_option standard_output{};
    stream_option standard_error{};
};

/// As `spawn_process`, for any program: a limit of memory holds for what it
/// writes to.
remote_channel spawn_program(vm& owner, ref<emilua::sandbox::sandbox> box,
                             const program_options& subprocess);

/// Throws `failure`: EINVAL for what contradicts itself, before there is a
/// process; EPERM or ENOSPC where namespaces are refused.
remote_channel spawn_process(vm& owner, const process_options& subprocess,
                             std::optional<filesystem::path> module);

} // namespace emilua::actor

template <> struct emilua::enum_names<emilua::actor::shared_stream> {
    using e = actor::shared_stream;
    static constexpr auto name = "shared_stream";
    static constexpr enum_item<e> items[] = {
        {"share", e::share, "That of the process that starts it."},
    };
};

template <> struct emilua::fields_of<emilua::actor::init_options> {
    using o = actor::init_options;
    static constexpr auto name = "init_options";
    static constexpr field_description items[] = {
        field<&o::script>("script", "What runs before the program: "
                                    "init.script."),
        field<&o::arg>("arg", "The descriptor that the script knows as `arg`."),
    };
};

template <> struct emilua::fields_of<emilua::actor::process_options> {
    using o = actor::process_options;
    static constexpr auto name = "process_options";
    static constexpr auto optional = presence::optional;
    static constexpr field_description items[] = {
        field<&o::newns_uts>("newns_uts", "A new UTS namespace.", optional),
        field<&o::newns_ipc>("newns_ipc", "A new IPC namespace.", optional),
        field<&o::newns_pid>("newns_pid",
                             "A new PID namespace; an init process of ours is "
                             "the first one there.",
                             optional),
        field<&o::newns_user>("newns_user", "A new user namespace.", optional),
        field<&o::newns_net>("newns_net", "A new network namespace.", optional),
        field<&o::newns_mount>("newns_mount", "A new mount namespace.",
                               optional),
        field<&o::environment>("environment",
                               "Its environment, and nothing else.", optional),
        field<&o::standard_input>("stdin",
                                  "Standard input; without it, it has ended."),
        field<&o::standard_output>(
            "stdout", "Standard output; without it, nobody reads it."),
        field<&o::standard_error>(
            "stderr", "Standard error; without it, nobody reads it."),
        field<&o::init>("init", "What makes a sandbox of the process."),
        field<&o::source_tree_cache>(
            "source_tree_cache",
            "Sources, looked at before files are: by the parts of their "
            "paths.",
            optional),
        field<&o::native_modules_cache>("native_modules_cache",
                                        "Files of plugins, by their ids.",
                                        optional),
        field<&o::libc_service>(
            "libc_service",
            "The slave that its calls of libc go through; it is handed on."),
        field<&o::box>("sandbox",
                       "What it is confined to, instead of by namespaces and "
                       "a script."),
    };
};

template <> struct emilua::fields_of<emilua::actor::program_options> {
    using o = actor::program_options;
    static constexpr auto name = "program_options";
    static constexpr auto optional = presence::optional;
    static constexpr field_description items[] = {
        field<&o::program>("program", "Path of what runs."),
        field<&o::module>("module", "What it is called when it fails."),
        field<&o::arguments>("arguments",
                             "Its words, of which the first is its name.",
                             optional),
        field<&o::environment>("environment",
                               "Its environment, and nothing else.", optional),
        field<&o::readable>("read",
                            "What it may read beside what its sandbox lets it.",
                            optional),
        field<&o::links>("links",
                         "Symbolic links that are there, wherever they lead.",
                         optional),
        field<&o::reserved>("reserved",
                            "Bytes that the program reserves at once to write "
                            "to, and hardly uses: they come on top of a limit "
                            "of memory."),
        field<&o::standard_input>("stdin",
                                  "Standard input; without it, it has ended."),
        field<&o::standard_output>(
            "stdout", "Standard output; without it, nobody reads it."),
        field<&o::standard_error>(
            "stderr", "Standard error; without it, nobody reads it."),
    };
};
