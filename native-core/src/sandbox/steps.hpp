// SPDX-License-Identifier: MIT OR BSL-1.0
// The steps of `enter` and `confine`, each in a file of its own.
#pragma once

#include "sandbox/confinement.hpp"

#include <span>

namespace emilua::sandbox {

[[noreturn]] inline void refuse(layer l, const char* syscall,
                                const std::string& path = {}) {
    refusal r{l, failure{error_code{errno, boost::system::system_category()},
                         syscall}};
    if (!path.empty()) r.error.path = path;
    throw r;
}

/// A path without symbolic links, whatever it has become since that was found.
/// Empty and errno.
unique_descriptor open_real(const std::string& path) noexcept;

/// Joins control groups by their entrances, with `child` if that is not -1.
void join_groups(std::span<const unique_descriptor> entrances,
                 pid_t child = -1);

/// In a process that is to be the guest, `enter` where all was made ready.
void enter_ready(const confinement& c, const unique_descriptor& mounts);
/// Goes to the folder of `c`.
void begin_in_folder(const confinement& c);

/// Enters these, with the files of the host that `c` names besides. Gives the
/// mounts that it left, which end when they are closed.
unique_descriptor build_root(const confinement& c,
                             const unique_descriptor& basic_mounts);

void enter_mounts(const unique_descriptor& mounts);

/// What the paths of `c` lead to in the mounts of this process. Refuses what
/// does not say all: where one mount would lie in a folder of another.
named_files look_up(const confinement& c);

/// Puts the files of the host that `c` names into `basic_mounts`, if they are
/// those of `named`.
filled_mounts fill_mounts(const confinement& c,
                          const unique_descriptor& basic_mounts,
                          const named_files& named);

/// Rules that forbid what `c` does not name, as far as its ABI of Landlock
/// goes: for the files that there are where this process is. None if there are
/// to be none.
unique_descriptor make_rules(const confinement& c);
void restrict_by(const unique_descriptor& rules);

} // namespace emilua::sandbox
