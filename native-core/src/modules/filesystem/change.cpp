// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/filesystem/change.hpp"

#include "modules/filesystem/create.hpp"
#include "modules/filesystem/failures.hpp"

#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::filesystem {
namespace {

void change_owner(const path& p, owner_id owner, owner_id group, int flags,
                  const char* syscall) {
    if (::fchownat(AT_FDCWD, p.c_str("p"), static_cast<uid_t>(owner.value),
                   static_cast<gid_t>(group.value), flags) != 0)
        throw_errno(syscall, "p");
}

void change_mode(const path& p, std::uint32_t mode, int flags,
                 const char* syscall) {
    check_mode(mode);
    if (::fchmodat(AT_FDCWD, p.c_str("p"), mode, flags) != 0)
        throw_errno(syscall, "p");
}

} // namespace

void rename(path old_path, path new_path) {
    const char* const from = old_path.c_str("old_path");
    const char* const to = new_path.c_str("new_path");
    if (::rename(from, to) == 0) return;
    const int code = errno;
    // The kernel does not say which of the two it means.
    struct stat st;
    const bool found = ::lstat(from, &st) == 0;
    throw_code(code, "rename", found ? "new_path" : "old_path");
}

void resize_file(path p, std::uint64_t new_size) {
    const char* const name = p.c_str("p");
    int r;
    do {
        r = ::truncate(name, static_cast<off_t>(new_size));
    } while (r != 0 && errno == EINTR);
    if (r != 0) throw_errno("truncate", "p");
}

void chown(path p, owner_id owner, owner_id group) {
    change_owner(p, owner, group, 0, "chown");
}

void lchown(path p, owner_id owner, owner_id group) {
    change_owner(p, owner, group, AT_SYMLINK_NOFOLLOW, "lchown");
}

void chmod(path p, std::uint32_t mode) { change_mode(p, mode, 0, "chmod"); }

void lchmod(path p, std::uint32_t mode) {
    change_mode(p, mode, AT_SYMLINK_NOFOLLOW, "fchmodat");
}

void set_last_write_time(path p, file_time tp) {
    const timespec times[] = {{0, UTIME_OMIT}, tp.to_unix()};
    if (::utimensat(AT_FDCWD, p.c_str("p"), times, 0) != 0)
        throw_errno("utimensat", "p");
}

std::uint32_t umask(std::uint32_t mask) { return ::umask(mask & 0777); }

} // namespace emilua::filesystem
