// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "test_vm.hpp"

#include <emilua/unique_descriptor.hpp>

#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::test {

inline bool write_file(const char* path, const std::string& text) {
    const unique_descriptor f{::open(path, O_WRONLY | O_CLOEXEC)};
    return f && ::write(f.get(), text.data(), text.size()) ==
                    static_cast<ssize_t>(text.size());
}

/// Runs `f` in a child with a user namespace of its own, in which it is who it
/// was, and those that `flags` say. Not under ThreadSanitizer, whose second
/// thread keeps a process from moving.
template <class F> void in_own_namespaces(int flags, F f) {
    const auto uid = std::to_string(::geteuid()),
               gid = std::to_string(::getegid());
    const pid_t pid = ::fork();
    if (pid == 0) {
        const bool is_apart =
            ::unshare(CLONE_NEWUSER | flags) == 0 &&
            write_file("/proc/self/setgroups", "deny") &&
            write_file("/proc/self/uid_map", uid + ' ' + uid + " 1") &&
            write_file("/proc/self/gid_map", gid + ' ' + gid + " 1");
        CHECK(is_apart);
        f();
        ::_exit(failures != 0);
    }
    int status = -1;
    CHECK(::waitpid(pid, &status, 0) == pid && status == 0);
}

} // namespace emilua::test
