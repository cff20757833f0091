// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/launcher.hpp"

#include <span>

namespace emilua {

/// What the child needs of a plan, prepared: from here on nothing allocates.
struct launch_image {
    const launch_plan& plan;
    /// Each with its NUL, the lists with a null pointer at their end.
    std::span<const char* const> programs;
    char* const* arguments;
    char* const* environment;
    /// { "sh", the script, arguments… }; empty when there is no shell for it.
    std::span<char*> shell_arguments;
    /// Where the child writes its number; null for nowhere.
    char* pid_text;
    pid_t parent;
    /// The pipe's end that failures are written to.
    int report;
    /// Descriptors that the steps move out of the way.
    int program_fd;
    int landlock_ruleset;
};

/// What a child writes to `report` when a step fails.
struct launch_report {
    int step;
    int error;
};

/// The system call and the argument (null for none) of a step.
struct launch_step_name {
    const char* syscall;
    const char* argument;
};
launch_step_name name_of_launch_step(int step) noexcept;
/// The last two.
extern const int step_of_filter, step_of_program;

/// The child's part, for clone(2): takes a `launch_image`, never returns.
/// Async-signal-safe; memory may be the parent's.
int run_launch_steps(void* image) noexcept;

/// Bytes of an instruction of `seccomp_filter`: struct sock_filter.
inline constexpr std::size_t seccomp_instruction_size = 8;

} // namespace emilua
