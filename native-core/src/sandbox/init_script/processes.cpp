// SPDX-License-Identifier: MIT OR BSL-1.0
// Names of the system, users and groups, capabilities, namespaces, programs.
#include "sandbox/init_script/call.hpp"

#include <cerrno>
#include <cstring>
#include <sched.h>
#include <sys/capability.h>
#include <unistd.h>

#include <grp.h>

namespace emilua::sandbox {

namespace {

int set_host_name(lua_State* L) {
    const auto name = bytes_argument(L, 1);
    return finish(L, ::sethostname(name.data(), name.size()));
}

int set_domain_name(lua_State* L) {
    const auto name = bytes_argument(L, 1);
    return finish(L, ::setdomainname(name.data(), name.size()));
}

int set_groups(lua_State* L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    const std::size_t n = lua_objlen(L, 1);
    auto* const groups =
        static_cast<gid_t*>(lua_newuserdata(L, (n + 1) * sizeof(gid_t)));
    for (std::size_t i = 0; i < n; ++i) {
        lua_rawgeti(L, 1, static_cast<int>(i) + 1);
        groups[i] = argument<gid_t>(L, lua_gettop(L), 1);
        lua_pop(L, 1);
    }
    return finish(L, ::setgroups(n, groups));
}

// --- capabilities ------------------------------------------------------------

int set_capabilities(lua_State* L) {
    const cap_t caps = ::cap_from_text(text_argument(L, 1));
    if (!caps) return fail(L, errno);
    const int r = ::cap_set_proc(caps);
    const int error = errno;
    ::cap_free(caps);
    errno = error;
    return finish(L, r);
}

int drop_bound(lua_State* L) {
    cap_value_t cap{};
    if (::cap_from_name(text_argument(L, 1), &cap) == -1)
        return fail(L, EINVAL);
    return finish(L, ::cap_drop_bound(cap));
}

int set_ambient(lua_State* L) {
    const char* const name = text_argument(L, 1);
    luaL_checktype(L, 2, LUA_TBOOLEAN);
    cap_value_t cap{};
    // It leaves errno as it was.
    if (::cap_from_name(name, &cap) == -1) return fail(L, EINVAL);
    return finish(
        L, ::cap_set_ambient(cap, lua_toboolean(L, 2) ? CAP_SET : CAP_CLEAR));
}

// --- programs ----------------------------------------------------------------

/// What execve(2) takes, of a list, which keeps the texts. It is pushed.
char** strings_of_list(lua_State* L, int index) {
    luaL_checktype(L, index, LUA_TTABLE);
    const std::size_t n = lua_objlen(L, index);
    auto** const strings =
        static_cast<char**>(lua_newuserdata(L, (n + 1) * sizeof(char*)));
    for (std::size_t i = 0; i < n; ++i) {
        lua_rawgeti(L, index, static_cast<int>(i) + 1);
        if (lua_type(L, -1) != LUA_TSTRING ||
            std::strlen(lua_tostring(L, -1)) != lua_objlen(L, -1))
            luaL_argerror(L, index, "a list of texts without NUL expected");
        strings[i] = const_cast<char*>(lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    strings[n] = nullptr;
    return strings;
}

/// A list of texts as it is, or NAME=VALUE of each name of a table.
char** environment_argument(lua_State* L, int index) {
    if (lua_isnoneornil(L, index)) {
        lua_newtable(L);
        lua_replace(L, index);
    }
    luaL_checktype(L, index, LUA_TTABLE);
    lua_newtable(L);
    const int list = lua_gettop(L);
    int n = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING) {
            lua_pushvalue(L, -2);
            lua_pushliteral(L, "=");
            lua_pushvalue(L, -3);
            lua_concat(L, 3);
        } else {
            lua_pushvalue(L, -1);
        }
        lua_rawseti(L, list, ++n);
    }
    return strings_of_list(L, list);
}

int execute(lua_State* L) {
    const char* const path = text_argument(L, 1);
    lua_settop(L, 3);
    char** const arguments = strings_of_list(L, 2);
    return finish(L, ::execve(path, arguments, environment_argument(L, 3)));
}

int execute_descriptor(lua_State* L) {
    const int fd = argument<int>(L, 1);
    lua_settop(L, 3);
    char** const arguments = strings_of_list(L, 2);
    return finish(L, ::fexecve(fd, arguments, environment_argument(L, 3)));
}

constexpr c_function functions[] = {
    {"sethostname", set_host_name},
    {"setdomainname", set_domain_name},
    {"setgroups", set_groups},
    {"setsid", plain<&::setsid>},
    {"setpgid", plain<&::setpgid>},
    {"setresuid", plain<&::setresuid>},
    {"setresgid", plain<&::setresgid>},
    {"cap_set_proc", set_capabilities},
    {"cap_drop_bound", drop_bound},
    {"cap_set_ambient", set_ambient},
    {"cap_reset_ambient", plain<&::cap_reset_ambient>},
    {"cap_set_secbits", plain<&::cap_set_secbits>},
    {"unshare", plain<&::unshare>},
    {"setns", plain<&::setns>},
    {"execve", execute},
    {"fexecve", execute_descriptor},
};

} // namespace

const c_subject process_calls{functions};

} // namespace emilua::sandbox
