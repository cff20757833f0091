// SPDX-License-Identifier: MIT OR BSL-1.0
// The steps of `enter` and `confine`, each in a file of its own.
#pragma once

#include "sandbox/confinement.hpp"

namespace emilua::sandbox {

[[noreturn]] inline void refuse(layer l, const char* syscall,
                                const std::string& path = {}) {
    refusal r{l, failure{error_code{errno, boost::system::system_category()},
                         syscall}};
    if (!path.empty()) r.error.path = path;
    throw r;
}

/// Replaces the root by one that has nothing but what `c` names.
void build_root(const confinement& c);

/// Forbids what `c` does not name, as far as its ABI of Landlock goes.
void apply_landlock(const confinement& c);

} // namespace emilua::sandbox
