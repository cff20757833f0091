// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace emilua {

/// How a child process is to begin, in the terms of system calls. Descriptors
/// are numbers of the caller's, who keeps them; -1 is none.
///
/// The child does what is asked for in this order: signals as they are at the
/// start of a process, namespaces (the user's first), session, controlling
/// terminal, process group, foreground, scheduler, groups, group ids, user ids,
/// umask, working directory, the signal at its parent's death, descriptors,
/// no_new_privs, Landlock, seccomp, program. `launcher_steps.cpp` is that list.
struct launch_plan {
    struct scheduling {
        int policy = 0;
        int priority = 0;
    };
    enum name_space { user, mount, uts, ipc, net };

    /// What runs: the first of these paths that there is, or `program_fd`.
    std::vector<std::string> programs;
    /// A file that the kernel takes for no program is given to the shell, as
    /// execvp(3) does.
    bool shell_runs_scripts = false;
    int program_fd = -1;
    std::vector<std::string> arguments;
    /// "NAME=value" each, with its NUL.
    std::string environment;
    std::vector<std::string> environment_list() const;
    /// The variable whose value is the child's process id; "" for none.
    std::string pid_variable;

    /// What the child has by these numbers, and nothing else: -1 is closed.
    std::array<int, 10> descriptors{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

    /// Entered in the order of `name_space`.
    std::array<int, 5> namespaces{-1, -1, -1, -1, -1};
    bool new_session = false;
    int controlling_terminal = -1;
    std::optional<pid_t> process_group{};
    /// The terminal whose foreground the child's process group becomes.
    int foreground = -1;
    std::optional<scheduling> scheduler{};
    std::optional<std::vector<gid_t>> groups{};
    /// -1 leaves it as it is.
    uid_t ruid = static_cast<uid_t>(-1), euid = static_cast<uid_t>(-1);
    gid_t rgid = static_cast<gid_t>(-1), egid = static_cast<gid_t>(-1);
    std::optional<mode_t> umask{};
    /// A path, or else a descriptor.
    std::string directory;
    int directory_fd = -1;
    /// What the child gets when the thread that launches it ends; 0 is nothing.
    int parent_death_signal = 0;
    bool no_new_privs = false;
    int landlock_ruleset = -1;
    /// A program of struct sock_filter.
    std::string seccomp_filter;
};

struct launched {
    pid_t pid = -1;
    unique_descriptor pidfd;
};

/// Starts a child that runs the program: when this returns, it does.
///
/// Throws `failure` with the code, the system call and the argument (an option
/// of `system.spawn`) of whatever failed, in the child too; then there is no
/// child and no descriptor left. The calling thread waits meanwhile. Any
/// thread.
launched launch(const launch_plan& plan);

} // namespace emilua
