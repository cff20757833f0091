// SPDX-License-Identifier: MIT OR BSL-1.0
// What functions that stand in for those of libc share.
#pragma once

#include "libc_service/service.hpp"

#include <fcntl.h>

namespace emilua::libc_service {

inline outcome not_asked() noexcept {
    outcome o;
    o.own_credentials = true;
    return o;
}

/// Asks where this thread's calls are asked about, and of what can be asked.
inline outcome run_if_active(const call& c, bool can_be_asked) noexcept {
    return can_be_asked && is_active() ? run(c) : not_asked();
}

/// Whether the path does not depend on a folder that the program has open:
/// what does is nothing ambient.
inline bool is_ambient(int folder, const char* path) noexcept {
    return path && (folder == AT_FDCWD || *path == '/');
}

inline std::string_view text(const char* t) noexcept {
    return t ? std::string_view{t} : std::string_view{};
}

} // namespace emilua::libc_service
