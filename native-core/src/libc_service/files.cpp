// SPDX-License-Identifier: MIT OR BSL-1.0
// open(2) and its relatives, and what changes folders.
#include "libc_service/interposed.hpp"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <dirent.h>
#include <unistd.h>

using namespace emilua::libc_service;

namespace {

bool makes_file(int flags) noexcept {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

outcome ask_open(const char* path, int flags, mode_t mode) noexcept {
    return run_if_active(
        {function::open, {flags, makes_file(flags) ? mode : 0}, text(path)},
        path);
}

outcome ask_openat(int folder, const char* path, int flags,
                   mode_t mode) noexcept {
    if (is_ambient(folder, path)) return ask_open(path, flags, mode);
    call c{function::openat, {flags, makes_file(flags) ? mode : 0}, text(path)};
    c.fd = folder;
    return run_if_active(c, path);
}

int as_int(const outcome& o) noexcept { return static_cast<int>(o.result); }

/// The flags that the mode of fopen(3) means; -1 for none.
int flags_of_mode(const char* mode) noexcept {
    int flags = 0;
    switch (*mode) {
    case 'r':
        flags = O_RDONLY;
        break;
    case 'w':
        flags = O_WRONLY | O_CREAT | O_TRUNC;
        break;
    case 'a':
        flags = O_WRONLY | O_CREAT | O_APPEND;
        break;
    default:
        return -1;
    }
    for (const char* m = mode + 1; *m && *m != ','; ++m) {
        if (*m == '+')
            flags = (flags & ~O_ACCMODE) | O_RDWR;
        else if (*m == 'x')
            flags |= O_EXCL;
        else if (*m == 'e')
            flags |= O_CLOEXEC;
    }
    return flags;
}

template <class Real>
FILE* open_stream(const char* path, const char* mode, Real real) noexcept {
    const int flags = mode ? flags_of_mode(mode) : -1;
    const auto o = flags == -1 ? not_asked() : ask_open(path, flags, 0666);
    if (o.own_credentials) return real(path, mode);
    if (o.result < 0) return nullptr;
    FILE* const stream = ::fdopen(as_int(o), mode);
    if (!stream) {
        const int error = errno;
        ::close(as_int(o));
        errno = error;
    }
    return stream;
}

outcome ask_path(function what, const char* path,
                 std::int64_t number = 0) noexcept {
    return run_if_active({what, {number}, text(path)}, path);
}

outcome ask_rename(int from_folder, const char* from, int to_folder,
                   const char* to) noexcept {
    return run_if_active({function::rename, {}, text(from), text(to)},
                         is_ambient(from_folder, from) &&
                             is_ambient(to_folder, to));
}

outcome ask_access(function what, int folder, const char* path,
                   int mode) noexcept {
    return is_ambient(folder, path) ? ask_path(what, path, mode) : not_asked();
}

} // namespace

// The mode is there where the flags ask for one.
#define READ_MODE(flags)                                                       \
    mode_t mode = 0;                                                           \
    if (makes_file(flags)) {                                                   \
        va_list rest;                                                          \
        va_start(rest, flags);                                                 \
        mode = va_arg(rest, mode_t); /* NOLINT(clang-analyzer-valist*) */      \
        va_end(rest);                                                          \
    }

#define RETURN_IF_ANSWERED(asked)                                              \
    if (const auto o = (asked); !o.own_credentials) return as_int(o)

EMILUA_EXPORT int open(const char* path, int flags, ...) {
    READ_MODE(flags)
    RETURN_IF_ANSWERED(ask_open(path, flags, mode));
    return EMILUA_LIBC(open)(path, flags, mode);
}

EMILUA_EXPORT int open64(const char* path, int flags, ...) {
    READ_MODE(flags)
    RETURN_IF_ANSWERED(ask_open(path, flags, mode));
    return EMILUA_LIBC(open64)(path, flags, mode);
}

EMILUA_EXPORT int openat(int folder, const char* path, int flags, ...) {
    READ_MODE(flags)
    RETURN_IF_ANSWERED(ask_openat(folder, path, flags, mode));
    return EMILUA_LIBC(openat)(folder, path, flags, mode);
}

EMILUA_EXPORT int openat64(int folder, const char* path, int flags, ...) {
    READ_MODE(flags)
    RETURN_IF_ANSWERED(ask_openat(folder, path, flags, mode));
    return EMILUA_LIBC(openat64)(folder, path, flags, mode);
}

// What calls of open() become where it is checked that they need no mode.
// NOLINTBEGIN(bugprone-reserved-identifier)
EMILUA_EXPORT int __open_2(const char* path, int flags) {
    return open(path, flags);
}
EMILUA_EXPORT int __open64_2(const char* path, int flags) {
    return open64(path, flags);
}
EMILUA_EXPORT int __openat_2(int folder, const char* path, int flags) {
    return openat(folder, path, flags);
}
EMILUA_EXPORT int __openat64_2(int folder, const char* path, int flags) {
    return openat64(folder, path, flags);
}
// NOLINTEND(bugprone-reserved-identifier)

EMILUA_EXPORT int creat(const char* path, mode_t mode) {
    return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
EMILUA_EXPORT int creat64(const char* path, mode_t mode) {
    return open64(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

EMILUA_EXPORT FILE* fopen(const char* path, const char* mode) {
    return open_stream(path, mode, EMILUA_LIBC(fopen));
}
EMILUA_EXPORT FILE* fopen64(const char* path, const char* mode) {
    return open_stream(path, mode, EMILUA_LIBC(fopen64));
}

EMILUA_EXPORT DIR* opendir(const char* path) {
    const auto o =
        ask_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK, 0);
    if (o.own_credentials) return EMILUA_LIBC(opendir)(path);
    if (o.result < 0) return nullptr;
    DIR* const folder = ::fdopendir(as_int(o));
    if (!folder) {
        const int error = errno;
        ::close(as_int(o));
        errno = error;
    }
    return folder;
}

EMILUA_EXPORT int unlink(const char* path) noexcept {
    RETURN_IF_ANSWERED(ask_path(function::unlink, path));
    return EMILUA_LIBC(unlink)(path);
}

EMILUA_EXPORT int rmdir(const char* path) noexcept {
    RETURN_IF_ANSWERED(ask_path(function::rmdir, path));
    return EMILUA_LIBC(rmdir)(path);
}

EMILUA_EXPORT int unlinkat(int folder, const char* path, int flags) noexcept {
    if (is_ambient(folder, path)) {
        const bool is_folder = flags & AT_REMOVEDIR;
        RETURN_IF_ANSWERED(
            ask_path(is_folder ? function::rmdir : function::unlink, path));
    }
    return EMILUA_LIBC(unlinkat)(folder, path, flags);
}

EMILUA_EXPORT int remove(const char* path) noexcept {
    const int r = unlink(path);
    return r == -1 && (errno == EISDIR || errno == EPERM) ? rmdir(path) : r;
}

EMILUA_EXPORT int rename(const char* from, const char* to) noexcept {
    RETURN_IF_ANSWERED(ask_rename(AT_FDCWD, from, AT_FDCWD, to));
    return EMILUA_LIBC(rename)(from, to);
}

EMILUA_EXPORT int renameat(int from_folder, const char* from, int to_folder,
                           const char* to) noexcept {
    RETURN_IF_ANSWERED(ask_rename(from_folder, from, to_folder, to));
    return EMILUA_LIBC(renameat)(from_folder, from, to_folder, to);
}

EMILUA_EXPORT int renameat2(int from_folder, const char* from, int to_folder,
                            const char* to, unsigned flags) noexcept {
    if (flags == 0) {
        RETURN_IF_ANSWERED(ask_rename(from_folder, from, to_folder, to));
    } else if (is_active() && is_ambient(from_folder, from) &&
               is_ambient(to_folder, to)) {
        // Cannot be asked; programs then do without the flags.
        errno = EINVAL;
        return -1;
    }
    return EMILUA_LIBC(renameat2)(from_folder, from, to_folder, to, flags);
}

EMILUA_EXPORT int mkdir(const char* path, mode_t mode) noexcept {
    RETURN_IF_ANSWERED(ask_path(function::mkdir, path, mode));
    return EMILUA_LIBC(mkdir)(path, mode);
}

EMILUA_EXPORT int mkdirat(int folder, const char* path, mode_t mode) noexcept {
    if (is_ambient(folder, path))
        RETURN_IF_ANSWERED(ask_path(function::mkdir, path, mode));
    return EMILUA_LIBC(mkdirat)(folder, path, mode);
}

EMILUA_EXPORT int access(const char* path, int mode) noexcept {
    RETURN_IF_ANSWERED(ask_path(function::access, path, mode));
    return EMILUA_LIBC(access)(path, mode);
}

EMILUA_EXPORT int eaccess(const char* path, int mode) noexcept {
    RETURN_IF_ANSWERED(ask_path(function::eaccess, path, mode));
    return EMILUA_LIBC(eaccess)(path, mode);
}

EMILUA_EXPORT int euidaccess(const char* path, int mode) noexcept {
    RETURN_IF_ANSWERED(ask_path(function::eaccess, path, mode));
    return EMILUA_LIBC(euidaccess)(path, mode);
}

EMILUA_EXPORT int faccessat(int folder, const char* path, int mode,
                            int flags) noexcept {
    RETURN_IF_ANSWERED(
        ask_access(flags & AT_EACCESS ? function::eaccess : function::access,
                   folder, path, mode));
    return EMILUA_LIBC(faccessat)(folder, path, mode, flags);
}
