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

/// Joins control groups by their entrances.
void join_groups(std::span<const unique_descriptor> entrances);

/// Mounts that are the same for all guests: a root with /proc and a few
/// devices, and nothing of the host's.
unique_descriptor make_basic_mounts();

/// Enters these, with the files of the host that `c` names besides. Gives the
/// mounts that it left, which end when they are closed.
unique_descriptor build_root(const confinement& c,
                             const unique_descriptor& basic_mounts);

/// Forbids what `c` does not name, as far as its ABI of Landlock goes.
void apply_landlock(const confinement& c);

} // namespace emilua::sandbox
