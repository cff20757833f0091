// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <csignal>
#include <cstdint>
#include <span>

#include <sys/types.h>

namespace emilua::sandbox {

/// What SIGKILL is to an init that shares its PID namespace with others: to
/// end all that is below it takes a process that does.
inline int end_of_all() noexcept { return SIGRTMAX; }

/// Has an init send its child the signal that comes as its value: one that the
/// init waits for itself, or that would stop it, or do nothing.
inline int forwarded_signal() noexcept { return SIGRTMAX - 1; }

/// Whether an init that gets `signo` sends it to its child.
bool is_forwarded(int signo) noexcept;

/// What exit(3) of a process would be that ended as wait(2) says: 128 and the
/// signal for one that was killed.
int exit_code_of(int wait_status) noexcept;

/// What an init does beside waiting for its child.
struct init_duties {
    pid_t child = -1;
    /// When something can be read there, another child calls `serve` with it,
    /// once, and ends with its result; -1 for nobody who asks.
    int requests = -1;
    int (*serve)(int requests) = nullptr;
    /// Whether the child has mounts of its own, which are those of this other
    /// one, too.
    bool has_own_mounts = false;
    /// After so long the child is killed; 0 is never.
    std::uint64_t microseconds = 0;
    /// Mounts that are of no use any more; -1 for none. It takes the kernel a
    /// while to end them, so it does when this process ends, or the child has
    /// run for a moment.
    int left_mounts = -1;
    /// Whether others whom the child leaves behind are killed before its end is
    /// told: a namespace ends with its init, but that takes a while.
    bool ends_the_others = false;
};

/// How the child of an init ended.
struct init_end {
    /// As wait(2) has it.
    int status = 0;
    /// Microseconds of all that were waited for.
    std::uint64_t processor_time = 0;
    /// Of the child alone, as its limit counts them.
    std::uint64_t own_time = 0;
    bool out_of_time = false;
};

/// Blocks what an init waits for, so that the kernel keeps for it what it would
/// drop; returns the mask that there was. Before the child is made.
sigset_t block_init_signals() noexcept;

/// Closes everything but `fds`, which get the numbers from 0 on and are above
/// those. What an init has no use for, nobody can take from it. False with
/// errno.
bool keep_only(std::span<int> fds) noexcept;

/// The life of an init: forwards signals to the child (SIGALRM, SIGTERM,
/// SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH, SIGRTMIN+4,
/// and any other as `forwarded_signal`), kills it for `end_of_all`, reaps
/// whoever else ends, and returns when the child has ended. One thread.
init_end be_init(const init_duties& duties) noexcept;

} // namespace emilua::sandbox
