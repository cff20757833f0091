// SPDX-License-Identifier: MIT OR BSL-1.0
// stat(2) and its relatives, old names of them included.
#include "libc_service/interposed.hpp"

#include <cerrno>
#include <sys/sysmacros.h>

using namespace emilua::libc_service;

namespace {

static_assert(sizeof(struct stat) == sizeof(struct stat64));

function kind_of(int flags) noexcept {
    return flags & AT_SYMLINK_NOFOLLOW ? function::lstat : function::stat;
}

/// 0 or -1, or 1 where it was not asked.
int ask_stat(function what, const char* path, void* to) noexcept {
    const auto o = run_if_active({what, {}, text(path)}, path);
    if (o.own_credentials) return 1;
    if (o.result != 0) return -1;
    std::memcpy(to, &o.status, sizeof(o.status));
    return 0;
}

int ask_fstatat(int folder, const char* path, void* to, int flags) noexcept {
    // An empty path means the descriptor.
    return is_ambient(folder, path) && *path
               ? ask_stat(kind_of(flags), path, to)
               : 1;
}

statx_timestamp timestamp(const timespec& t) noexcept {
    return {t.tv_sec, static_cast<std::uint32_t>(t.tv_nsec), {}};
}

void fill(struct statx& to, const struct stat& s) noexcept {
    to = {};
    to.stx_mask = STATX_BASIC_STATS;
    to.stx_blksize = static_cast<std::uint32_t>(s.st_blksize);
    to.stx_nlink = static_cast<std::uint32_t>(s.st_nlink);
    to.stx_uid = s.st_uid;
    to.stx_gid = s.st_gid;
    to.stx_mode = static_cast<std::uint16_t>(s.st_mode);
    to.stx_ino = s.st_ino;
    to.stx_size = static_cast<std::uint64_t>(s.st_size);
    to.stx_blocks = static_cast<std::uint64_t>(s.st_blocks);
    to.stx_atime = timestamp(s.st_atim);
    to.stx_mtime = timestamp(s.st_mtim);
    to.stx_ctime = timestamp(s.st_ctim);
    to.stx_rdev_major = major(s.st_rdev);
    to.stx_rdev_minor = minor(s.st_rdev);
    to.stx_dev_major = major(s.st_dev);
    to.stx_dev_minor = minor(s.st_dev);
}

} // namespace

#define RETURN_IF_ANSWERED(asked)                                              \
    if (const int answer = (asked); answer != 1) return answer

EMILUA_EXPORT int stat(const char* path, struct stat* to) noexcept {
    RETURN_IF_ANSWERED(ask_stat(function::stat, path, to));
    return EMILUA_LIBC(stat)(path, to);
}
EMILUA_EXPORT int stat64(const char* path, struct stat64* to) noexcept {
    RETURN_IF_ANSWERED(ask_stat(function::stat, path, to));
    return EMILUA_LIBC(stat64)(path, to);
}
EMILUA_EXPORT int lstat(const char* path, struct stat* to) noexcept {
    RETURN_IF_ANSWERED(ask_stat(function::lstat, path, to));
    return EMILUA_LIBC(lstat)(path, to);
}
EMILUA_EXPORT int lstat64(const char* path, struct stat64* to) noexcept {
    RETURN_IF_ANSWERED(ask_stat(function::lstat, path, to));
    return EMILUA_LIBC(lstat64)(path, to);
}
EMILUA_EXPORT int fstatat(int folder, const char* path, struct stat* to,
                          int flags) noexcept {
    RETURN_IF_ANSWERED(ask_fstatat(folder, path, to, flags));
    return EMILUA_LIBC(fstatat)(folder, path, to, flags);
}
EMILUA_EXPORT int fstatat64(int folder, const char* path, struct stat64* to,
                            int flags) noexcept {
    RETURN_IF_ANSWERED(ask_fstatat(folder, path, to, flags));
    return EMILUA_LIBC(fstatat64)(folder, path, to, flags);
}

// As programs call them that were linked with a glibc older than 2.33.
// NOLINTBEGIN(bugprone-reserved-identifier)
EMILUA_EXPORT int __xstat(int, const char* path, struct stat* to) noexcept {
    return stat(path, to);
}
EMILUA_EXPORT int __xstat64(int, const char* path, struct stat64* to) noexcept {
    return stat64(path, to);
}
EMILUA_EXPORT int __lxstat(int, const char* path, struct stat* to) noexcept {
    return lstat(path, to);
}
EMILUA_EXPORT int __lxstat64(int, const char* path,
                             struct stat64* to) noexcept {
    return lstat64(path, to);
}
EMILUA_EXPORT int __fxstatat(int, int folder, const char* path, struct stat* to,
                             int flags) noexcept {
    return fstatat(folder, path, to, flags);
}
EMILUA_EXPORT int __fxstatat64(int, int folder, const char* path,
                               struct stat64* to, int flags) noexcept {
    return fstatat64(folder, path, to, flags);
}
// NOLINTEND(bugprone-reserved-identifier)

EMILUA_EXPORT int statx(int folder, const char* path, int flags, unsigned mask,
                        struct statx* to) noexcept {
    struct stat s;
    const int answer = ask_fstatat(folder, path, &s, flags);
    if (answer == 1) return EMILUA_LIBC(statx)(folder, path, flags, mask, to);
    if (answer == 0) fill(*to, s);
    return answer;
}
