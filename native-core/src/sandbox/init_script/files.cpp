// SPDX-License-Identifier: MIT OR BSL-1.0
// Files and folders by their names.
#include "sandbox/init_script/call.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

int open_file(lua_State* L) {
    const char* const path = text_argument(L, 1);
    const int flags = argument<int>(L, 2);
    const bool makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
    // Without one, what is on the stack would be the mode.
    const auto mode = makes ? argument<mode_t>(L, 3) : 0;
    return finish(L, ::open(path, flags, mode));
}

/// Never fails: any mask is one.
int set_umask(lua_State* L) {
    return finish(L, ::umask(argument<mode_t>(L, 1)));
}

int make_device(lua_State* L) {
    const auto major = argument<unsigned>(L, 1);
    const auto minor = argument<unsigned>(L, 2);
    return finish(L, static_cast<double>(makedev(major, minor)));
}

constexpr c_function functions[] = {
    {"open", open_file},
    {"access", plain<&::access>},
    {"eaccess", plain<&::eaccess>},
    {"mkdir", plain<&::mkdir>},
    {"chdir", plain<&::chdir>},
    {"mkfifo", plain<&::mkfifo>},
    {"mknod", plain<&::mknod>},
    {"makedev", make_device},
    {"link", plain<&::link>},
    {"linkat", plain<&::linkat>},
    {"symlink", plain<&::symlink>},
    {"chown", plain<&::chown>},
    {"chmod", plain<&::chmod>},
    {"umask", set_umask},
    {"chroot", plain<&::chroot>},
};

int mode(lua_State* L) {
    const auto user = argument<unsigned>(L, 1);
    const auto group = argument<unsigned>(L, 2);
    const auto other = argument<unsigned>(L, 3);
    lua_pushnumber(L, user << 6 | group << 3 | other);
    return 1;
}

int device_major(lua_State* L) {
    lua_pushnumber(L, major(argument<dev_t>(L, 1)));
    return 1;
}

int device_minor(lua_State* L) {
    lua_pushnumber(L, minor(argument<dev_t>(L, 1)));
    return 1;
}

constexpr c_function helpers[] = {
    {"mode", mode},
    {"dev_major", device_major},
    {"dev_minor", device_minor},
};

} // namespace

const c_subject file_calls{functions, helpers};

} // namespace emilua::sandbox
