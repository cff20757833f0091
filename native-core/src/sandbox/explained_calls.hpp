// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstdint>

namespace emilua::sandbox {

/// What a call does with the file that it names.
enum class file_access : std::uint8_t {
    /// As its flags say.
    open,
    /// Asks about it, which Landlock does not refuse.
    look,
    /// Changes what Landlock does not refuse either.
    alter,
    read,
    write,
    /// What is done to the folder that it is in.
    make,
    remove,
    execute
};

/// A system call that names a file, and by which of its arguments.
struct explained_call {
    const char* call;
    int path;
    /// The folder that the path begins in; -1 for the working directory.
    int folder;
    file_access access;
    /// Which argument may say AT_SYMLINK_NOFOLLOW; `never` if none has to.
    int links = -1;

    static constexpr int never = -2;
};

inline constexpr explained_call explained_calls[] = {
    {"open", 0, -1, file_access::open},
    {"openat", 1, 0, file_access::open},
    {"openat2", 1, 0, file_access::open},
    {"creat", 0, -1, file_access::open},
    {"execve", 0, -1, file_access::execute},
    {"execveat", 1, 0, file_access::execute},
    {"stat", 0, -1, file_access::look},
    {"lstat", 0, -1, file_access::look, explained_call::never},
    {"newfstatat", 1, 0, file_access::look, 3},
    {"statx", 1, 0, file_access::look, 2},
    {"access", 0, -1, file_access::look},
    {"faccessat", 1, 0, file_access::look},
    {"faccessat2", 1, 0, file_access::look, 3},
    {"readlink", 0, -1, file_access::look, explained_call::never},
    {"readlinkat", 1, 0, file_access::look, explained_call::never},
    {"chdir", 0, -1, file_access::look},
    {"chmod", 0, -1, file_access::alter},
    {"fchmodat", 1, 0, file_access::alter},
    {"fchmodat2", 1, 0, file_access::alter, 3},
    {"chown", 0, -1, file_access::alter},
    {"lchown", 0, -1, file_access::alter, explained_call::never},
    {"fchownat", 1, 0, file_access::alter, 4},
    {"utime", 0, -1, file_access::alter},
    {"utimes", 0, -1, file_access::alter},
    {"futimesat", 1, 0, file_access::alter},
    {"utimensat", 1, 0, file_access::alter, 3},
    {"truncate", 0, -1, file_access::write},
    {"mkdir", 0, -1, file_access::make},
    {"mkdirat", 1, 0, file_access::make},
    {"mknod", 0, -1, file_access::make},
    {"mknodat", 1, 0, file_access::make},
    {"symlink", 1, -1, file_access::make},
    {"symlinkat", 2, 1, file_access::make},
    {"link", 1, -1, file_access::make},
    {"linkat", 3, 2, file_access::make},
    {"rmdir", 0, -1, file_access::remove},
    {"unlink", 0, -1, file_access::remove},
    {"unlinkat", 1, 0, file_access::remove},
    {"rename", 0, -1, file_access::remove},
    {"rename", 1, -1, file_access::make},
    {"renameat", 1, 0, file_access::remove},
    {"renameat", 3, 2, file_access::make},
    {"renameat2", 1, 0, file_access::remove},
    {"renameat2", 3, 2, file_access::make},
};

} // namespace emilua::sandbox
