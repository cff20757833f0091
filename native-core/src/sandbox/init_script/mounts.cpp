// SPDX-License-Identifier: MIT OR BSL-1.0
// Mounts, by the calls of mount(2) and those of fsopen(2).
#include "sandbox/init_script/call.hpp"

#include <cerrno>
#include <cstring>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

int mount_(optional_text source, const char* target, optional_text type,
           unsigned long flags, optional_text data) {
    return ::mount(source.text, target, type.text, flags, data.text);
}

template <class... A> int system_call(long number, A... arguments) {
    return static_cast<int>(::syscall(number, arguments...));
}

int pivot_root_(const char* new_root, const char* put_old) {
    return system_call(SYS_pivot_root, new_root, put_old);
}

int fsopen_(const char* type, unsigned flags) {
    return system_call(SYS_fsopen, type, flags);
}

int fsmount_(int fd, unsigned flags, unsigned attributes) {
    return system_call(SYS_fsmount, fd, flags, attributes);
}

int fspick_(int folder, const char* path, unsigned flags) {
    return system_call(SYS_fspick, folder, path, flags);
}

int open_tree_(int folder, const char* path, unsigned flags) {
    return system_call(SYS_open_tree, folder, path, flags);
}

int move_mount_(int from_folder, const char* from, int to_folder,
                const char* to, unsigned flags) {
    return system_call(SYS_move_mount, from_folder, from, to_folder, to, flags);
}

constexpr unsigned set_binary = 2; // FSCONFIG_SET_BINARY, an enumerator

/// fsconfig(fd, command, key or nil, value or nil, aux or nil)
int configure(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const auto command = argument<unsigned>(L, 2);
    const char* const key = argument<optional_text>(L, 3).text;
    const void* value = nullptr;
    double most = std::numeric_limits<int>::max();
    double aux = 0;
    if (command == set_binary) {
        const auto bytes = bytes_argument(L, 4);
        value = bytes.data();
        // Of more, the kernel would read what lies behind.
        most = aux = static_cast<double>(bytes.size());
    } else {
        value = argument<optional_text>(L, 4).text;
    }
    if (!lua_isnoneornil(L, 5))
        aux = whole_number(L, 5, std::numeric_limits<int>::min(), most);
    return finish(L, system_call(SYS_fsconfig, fd, command, key, value,
                                 static_cast<int>(aux)));
}

struct mount_attributes {
    std::uint64_t set, clear, propagation, user_namespace;
};

int set_attributes(lua_State* L) {
    const int folder = argument<int>(L, 1);
    const char* const path = argument<optional_text>(L, 2).text;
    const auto flags = argument<unsigned>(L, 3);
    luaL_checktype(L, 4, LUA_TTABLE);
    struct field {
        const char* name;
        std::uint64_t mount_attributes::*member;
    };
    constexpr field fields[] = {
        {"attr_set", &mount_attributes::set},
        {"attr_clr", &mount_attributes::clear},
        {"propagation", &mount_attributes::propagation},
        {"userns_fd", &mount_attributes::user_namespace},
    };
    mount_attributes a{};
    for (lua_pushnil(L); lua_next(L, 4) != 0; lua_pop(L, 1)) {
        const char* const name =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        bool known = false;
        for (const auto& f : fields) {
            if (std::strcmp(name, f.name) != 0) continue;
            a.*f.member = argument<std::uint64_t>(L, lua_gettop(L), 4);
            known = true;
        }
        if (!known)
            return luaL_argerror(
                L, 4,
                "fields attr_set, attr_clr, propagation, userns_fd expected");
    }
    return finish(L, system_call(SYS_mount_setattr, folder, path ? path : "",
                                 flags, &a, sizeof(a)));
}

constexpr c_function functions[] = {
    {"mount", plain<&mount_>},           {"umount", plain<&::umount>},
    {"umount2", plain<&::umount2>},      {"pivot_root", plain<&pivot_root_>},
    {"fsopen", plain<&fsopen_>},         {"fsmount", plain<&fsmount_>},
    {"move_mount", plain<&move_mount_>}, {"fsconfig", configure},
    {"fspick", plain<&fspick_>},         {"open_tree", plain<&open_tree_>},
    {"mount_setattr", set_attributes},
};

} // namespace

const c_subject mount_calls{functions};

} // namespace emilua::sandbox
