// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/operations.hpp"

#include <cstdio>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace emilua::filesystem {

void rename(path old_path, path new_path) {
    const char* const from = old_path.c_str("old_path");
    const char* const to = new_path.c_str("new_path");
    if (::rename(from, to) == 0) return;
    const int code = errno;
    // The kernel does not say which of the two it means.
    struct stat st;
    const bool found = ::lstat(from, &st) == 0;
    errno = code;
    throw_errno("rename", found ? "new_path" : "old_path");
}

space_info space(path p) {
    struct statvfs s;
    int r;
    do {
        r = ::statvfs(p.c_str("p"), &s);
    } while (r != 0 && errno == EINTR);
    if (r != 0) throw_errno("statvfs", "p");
    const std::uint64_t block = s.f_frsize;
    return {s.f_blocks * block, s.f_bfree * block, s.f_bavail * block};
}

} // namespace emilua::filesystem
