// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/overlay.hpp"

#include <emilua/unique_descriptor.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// By a name that has nothing special to the options of mounts.
bool set_folder(int fs, const char* option, int folder) noexcept {
    char name[32];
    std::snprintf(name, sizeof(name), "/proc/self/fd/%d", folder);
    return ::fsconfig(fs, FSCONFIG_SET_STRING, option, name, 0) != -1;
}

unique_descriptor place(const char* path) noexcept {
    return unique_descriptor{::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)};
}

struct trial {
    const char *lower, *upper, *work;
    char uid_map[32], gid_map[32];
};

bool write_file(const char* path, const char* text) noexcept {
    const unique_descriptor f{::open(path, O_WRONLY | O_CLOEXEC)};
    const auto size = std::strlen(text);
    return f && ::write(f.get(), text, size) == static_cast<ssize_t>(size);
}

/// The child's part: async-signal-safe, since the parent may have threads.
int try_it(void* argument) noexcept {
    const auto& t = *static_cast<const trial*>(argument);
    const bool works =
        write_file("/proc/self/setgroups", "deny") &&
        write_file("/proc/self/uid_map", t.uid_map) &&
        write_file("/proc/self/gid_map", t.gid_map) &&
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        mount_overlay(place(t.lower).get(), t.upper, t.work, 0) != -1;
    ::_exit(works ? 0 : 1);
}

} // namespace

int mount_overlay(int lower, const char* upper, const char* work,
                  unsigned attributes) noexcept {
    const auto above = place(upper), beside = place(work);
    if (!above || !beside) return -1;
    const unique_descriptor fs{::fsopen("overlay", FSOPEN_CLOEXEC)};
    if (!fs || !set_folder(fs.get(), "lowerdir", lower) ||
        !set_folder(fs.get(), "upperdir", above.get()) ||
        !set_folder(fs.get(), "workdir", beside.get()) ||
        ::fsconfig(fs.get(), FSCONFIG_SET_FLAG, "userxattr", nullptr, 0) ==
            -1 ||
        ::fsconfig(fs.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == -1)
        return -1;
    return ::fsmount(fs.get(), FSMOUNT_CLOEXEC, attributes);
}

bool can_overlay(const std::string& lower, const std::string& upper,
                 const std::string& work) {
    trial t{lower.c_str(), upper.c_str(), work.c_str(), {}, {}};
    const unsigned uid = ::geteuid(), gid = ::getegid();
    std::snprintf(t.uid_map, sizeof(t.uid_map), "%u %u 1\n", uid, uid);
    std::snprintf(t.gid_map, sizeof(t.gid_map), "%u %u 1\n", gid, gid);
    alignas(16) std::byte stack[64 * 1024];
    const pid_t pid = ::clone(&try_it, stack + sizeof(stack),
                              CLONE_NEWUSER | CLONE_NEWNS | CLONE_VFORK, &t);
    if (pid == -1) return false;
    int status = 0;
    while (::waitpid(pid, &status, __WALL) == -1)
        if (errno != EINTR) return false;
    return status == 0;
}

} // namespace emilua::sandbox
