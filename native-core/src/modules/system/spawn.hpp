// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/filesystem/path.hpp"
#include "modules/libc_service/ends.hpp"
#include "modules/system/subprocess.hpp"

namespace emilua::system {

using file_descriptor::file_descriptor;
using descriptor = ref<file_descriptor>;

/// What a standard stream of the child is, if no descriptor.
enum class standard_handle { share, ignore };
/// One of the streams that the child shares.
enum class standard_name { stdin_, stdout_, stderr_ };
enum class scheduling_policy { other, batch, idle, fifo, rr };

/// What the child can have as a descriptor.
using low_descriptor = std::variant<descriptor, ref<libc_service::slave>>;

/// The environment of a child.
struct variables {
    /// "NAME=value" each, with its NUL.
    std::string block;
    /// The one whose value is the child's process id; "" for none.
    std::string pid_name;
};

/// Descriptors by the numbers that the child has them by.
struct low_descriptors {
    std::map<std::int64_t, low_descriptor> all;
};

struct scheduler_options {
    std::optional<scheduling_policy> policy;
    std::optional<int> priority;
    bool reset_on_fork = false;
};

using standard_stream_option =
    std::optional<std::variant<standard_handle, descriptor>>;
using signal_number = ranged<0, 64>;
/// -1 leaves it as it is.
using id_option = std::optional<ranged<-1, 4294967294>>;

/// `opts` of spawn.
struct spawn_options {
    std::variant<c_string, filesystem::path, descriptor> program;
    std::optional<std::vector<c_string>> arguments{};
    variables environment{};
    standard_stream_option standard_input{};
    standard_stream_option standard_output{};
    standard_stream_option standard_error{};
    low_descriptors extra_fds{};
    std::optional<signal_number> signal_on_gcreaper{};
    std::optional<scheduler_options> scheduler{};
    bool start_new_session = false;
    std::optional<descriptor> set_ctty{};
    std::optional<ranged<0, 2147483647>> process_group{};
    std::optional<std::variant<standard_name, descriptor>> foreground{};
    id_option ruid{};
    id_option euid{};
    id_option rgid{};
    id_option egid{};
    std::optional<std::vector<ranged<0, 4294967294>>> extra_groups{};
    bool set_no_new_privs = false;
    std::optional<value::bytes> seccomp_set_mode_filter{};
    std::optional<descriptor> landlock_restrict_self{};
    std::optional<ranged<0, 0777>> umask{};
    std::optional<std::variant<filesystem::path, descriptor>>
        working_directory{};
    std::optional<signal_number> pdeathsig{};
    std::optional<descriptor> setns_user{};
    std::optional<descriptor> setns_mount{};
    std::optional<descriptor> setns_uts{};
    std::optional<descriptor> setns_ipc{};
    std::optional<descriptor> setns_net{};
};

/// Options in the terms of the kernel, and the descriptors that are for the
/// launch only.
struct prepared_launch {
    launch_plan plan;
    std::vector<unique_descriptor> held;
};
/// Throws as `spawn` does, before there is a child.
prepared_launch prepare(const spawn_options& opts);

/// The same; what only other systems have is not unknown, but not available.
struct portable_spawn_options {
    spawn_options opts;
};

/// Throws `failure`: EINVAL for options that contradict each other, before
/// there is a child, and otherwise whatever the child met before its program
/// began.
subprocess spawn(vm& owner, const portable_spawn_options& given);

} // namespace emilua::system

template <>
struct emilua::type_traits<emilua::system::low_descriptors> : traits_base {
    using map = type_traits<std::map<std::int64_t, system::low_descriptor>>;
    static constexpr const type& description = map::description;
    static constexpr bool borrows = true;
    static system::low_descriptors read(reader& r, place p);
};

template <>
struct emilua::type_traits<emilua::system::variables> : traits_base {
    static constexpr const type& description =
        type_traits<std::map<std::string, std::string>>::description;
    static system::variables read(reader& r, place p);
};

template <> struct emilua::enum_names<emilua::system::standard_handle> {
    using e = system::standard_handle;
    static constexpr auto name = "standard_handle";
    static constexpr enum_item<e> items[] = {
        {"share", e::share, "That of the parent."},
        {"ignore", e::ignore, "/dev/null."},
    };
};

template <> struct emilua::enum_names<emilua::system::standard_name> {
    using e = system::standard_name;
    static constexpr auto name = "standard_name";
    static constexpr enum_item<e> items[] = {
        {"stdin", e::stdin_, "Standard input."},
        {"stdout", e::stdout_, "Standard output."},
        {"stderr", e::stderr_, "Standard error."},
    };
};

template <> struct emilua::enum_names<emilua::system::scheduling_policy> {
    using e = system::scheduling_policy;
    static constexpr auto name = "scheduling_policy";
    static constexpr enum_item<e> items[] = {
        {"other", e::other, "SCHED_OTHER, the usual one."},
        {"batch", e::batch, "SCHED_BATCH, for work that nobody waits for."},
        {"idle", e::idle, "SCHED_IDLE, when nobody else wants to."},
        {"fifo", e::fifo, "SCHED_FIFO, of real time."},
        {"rr", e::rr, "SCHED_RR, of real time, in turns."},
    };
};

template <> struct emilua::fields_of<emilua::system::scheduler_options> {
    using o = system::scheduler_options;
    static constexpr auto name = "scheduler_options";
    static constexpr field_description items[] = {
        field<&o::policy>("policy", "Who runs when."),
        field<&o::priority>("priority",
                            "Of real time only, and needed there: from 1 to "
                            "99, the most urgent."),
        field<&o::reset_on_fork>("reset_on_fork",
                                 "Whether the child's children are ordinary "
                                 "again. Needs a policy.",
                                 presence::optional),
    };
};

namespace emilua::system::option_texts {

/// What several records of options say, whoever starts the program.
inline constexpr auto arguments =
    "Its words, of which the first is its name: `ls`, `-l`; none if left out.";
inline constexpr auto standard_input =
    "What it reads from; a pipe whose other end is closed, if left out.";
inline constexpr auto standard_output =
    "What it writes to; a pipe whose other end is closed, if left out.";
inline constexpr auto standard_error =
    "What it complains to; a pipe whose other end is closed, if left out.";

} // namespace emilua::system::option_texts

template <> struct emilua::fields_of<emilua::system::spawn_options> {
    using o = system::spawn_options;
    static constexpr auto name = "spawn_options";
    static constexpr field_description items[] = {
        field<&o::program>(
            "program",
            "What runs. A name is looked for in the PATH that this program "
            "was started with, as execvp(3) does; a path is taken as it is, "
            "in the working directory of the child; a descriptor is the file "
            "itself, execveat(2)."),
        field<&o::arguments>("arguments", system::option_texts::arguments),
        field<&o::environment>(
            "environment",
            "Its variables, by name; none if left out. One may have the value "
            "\"\\0pid\" and is then the child's process id.",
            presence::optional),
        field<&o::standard_input>("stdin",
                                  system::option_texts::standard_input),
        field<&o::standard_output>("stdout",
                                   system::option_texts::standard_output),
        field<&o::standard_error>("stderr",
                                  system::option_texts::standard_error),
        field<&o::extra_fds>(
            "extra_fds",
            "Further descriptors, by the numbers from 3 to 9 that it has them "
            "by. It has no others.",
            presence::optional),
        field<&o::signal_on_gcreaper>(
            "signal_on_gcreaper",
            "What it gets when nobody can wait for it any more; SIGTERM if "
            "left out, 0 for nothing. This process does not end before it."),
        field<&o::scheduler>("scheduler",
                             "How it is scheduled. sched_setscheduler(2)."),
        field<&o::start_new_session>("start_new_session",
                                     "Whether it leads a new session. "
                                     "setsid(2).",
                                     presence::optional),
        field<&o::set_ctty>("set_ctty",
                            "The terminal that controls its new session."),
        field<&o::process_group>("process_group",
                                 "The process group it joins; 0 for one of "
                                 "its own. setpgid(2)."),
        field<&o::foreground>(
            "foreground",
            "The terminal whose foreground its process group becomes, or the "
            "shared standard stream that is one. tcsetpgrp(3)."),
        field<&o::ruid>("ruid", "Its real user; -1 for no change."),
        field<&o::euid>("euid", "Its effective user; -1 for no change."),
        field<&o::rgid>("rgid", "Its real group; -1 for no change."),
        field<&o::egid>("egid", "Its effective group; -1 for no change."),
        field<&o::extra_groups>("extra_groups",
                                "Its supplementary groups. setgroups(2)."),
        field<&o::set_no_new_privs>("set_no_new_privs",
                                    "Whether no program it runs gets more "
                                    "rights than it has. prctl(2).",
                                    presence::optional),
        field<&o::seccomp_set_mode_filter>(
            "seccomp_set_mode_filter",
            "A filter of its system calls: struct sock_filter, one after the "
            "other. It has to let execve(2) through. seccomp(2)."),
        field<&o::landlock_restrict_self>("landlock_restrict_self",
                                          "A ruleset that it obeys. "
                                          "landlock(7)."),
        field<&o::umask>("umask", "Its umask."),
        field<&o::working_directory>("working_directory",
                                     "Where it is; where this process is, if "
                                     "left out."),
        field<&o::pdeathsig>(
            "pdeathsig",
            "What it gets when the thread that spawned it ends, which lives "
            "as long as its VM. PR_SET_PDEATHSIG(2const)."),
        field<&o::setns_user>("setns_user",
                              "A user namespace to be in; entered before the "
                              "others. setns(2)."),
        field<&o::setns_mount>("setns_mount", "A mount namespace to be in."),
        field<&o::setns_uts>("setns_uts", "A UTS namespace to be in."),
        field<&o::setns_ipc>("setns_ipc", "An IPC namespace to be in."),
        field<&o::setns_net>("setns_net", "A network namespace to be in."),
    };
};

template <>
struct emilua::type_traits<emilua::system::portable_spawn_options>
    : traits_base {
    using options = type_traits<system::spawn_options>;
    static constexpr const type& description = options::description;
    static constexpr bool borrows = true;
    static system::portable_spawn_options read(reader& r, place p);
};
