// SPDX-License-Identifier: MIT OR BSL-1.0
// The process that becomes the program of a guest. It begins in the memory of
// its init, which waits meanwhile.
#pragma once

#include "sandbox/confinement.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <sys/types.h>

namespace emilua::sandbox {

struct program_setup;
struct execution;

/// What the guest is handed, in the order of the numbers that it will have them
/// by. All lie above these: the set-up's socket has the last of them.
using handed = std::vector<unique_descriptor>;

/// Who answers the guest's calls, and its name server, if it has any.
struct answering {
    int supervisor = -1;
    int names = -1;
};

/// Makes one after `enter`. Returns when the program runs; throws `refusal`.
pid_t start_guest(const program_setup& s, const handed& fds,
                  const answering& asked, const unique_descriptor& rules);

/// One that is made before it is known what it will run: in the guest's mounts,
/// without privileges, with its limits, its rules of Landlock and its filter of
/// system calls. It waits in a call that the filter allows.
///
/// It only ever becomes the program, or ends: nobody is told why. Who makes
/// another one by `start_guest` finds out.
class ready_process {
public:
    static bool is_possible_for(const confinement& c) noexcept;

    /// In a process with one thread that went through `prepare_to_enter`: it
    /// shares the memory and the descriptors. Returns when it waits or has
    /// ended; throws `refusal` with EINTR if somebody killed it meanwhile, who
    /// may have left this memory half changed.
    ready_process(const confinement& c, const unique_descriptor& mounts,
                  const unique_descriptor& rules);
    /// It ends, unless it has become the program.
    ~ready_process();
    ready_process(const ready_process&) = delete;
    ready_process& operator=(const ready_process&) = delete;

    /// Its number; -1 if there is none.
    pid_t pid() const noexcept { return pid_; }
    /// Returns when the program runs, with its number, or nothing if it does
    /// not.
    std::optional<pid_t> begin(const program_setup& s, const handed& fds);

private:
    /// The kernel writes `gone` when the process has no part in this memory any
    /// more: as a program, or when it has ended.
    enum state : std::uint32_t { gone, confining, waiting, beginning };

    struct making;
    static int live(void* of) noexcept;
    void become_the_program() noexcept;
    bool is_program() const noexcept;
    void wait_while(state s) noexcept;
    void go_on_to(state s) noexcept;
    void kill_and_wait() noexcept;
    /// Its status, as of wait(2).
    int end() noexcept;

    const execution* what_ = nullptr;
    pid_t pid_ = -1;
    std::atomic<std::uint32_t> state_ = confining;
    alignas(16) std::byte stack_[128 * 1024];
};

} // namespace emilua::sandbox
