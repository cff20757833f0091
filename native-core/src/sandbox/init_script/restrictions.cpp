// SPDX-License-Identifier: MIT OR BSL-1.0
// What a process can only give up: no_new_privs, seccomp, Landlock.
#include "sandbox/init_script/call.hpp"

#include <cerrno>
#include <cstring>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

int set_no_new_privs(lua_State* L) {
    return finish(L, ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

int set_filter(lua_State* L) {
    const auto bytes = bytes_argument(L, 1);
    const std::size_t n = bytes.size() / sizeof(sock_filter);
    // The length is a short: of more, a part would be in force.
    if (bytes.size() % sizeof(sock_filter) != 0 || n > BPF_MAXINSNS)
        return fail(L, EINVAL);
    auto* const filter =
        static_cast<sock_filter*>(lua_newuserdata(L, bytes.size()));
    std::memcpy(filter, bytes.data(), bytes.size());
    const sock_fprog program{static_cast<unsigned short>(n), filter};
    return finish(L, ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

// --- Landlock ----------------------------------------------------------------

// In the order of their bits in the kernel's ABI.
constexpr const char* file_rights[] = {
    "execute",    "write_file",  "read_file", "read_dir",
    "remove_dir", "remove_file", "make_char", "make_dir",
    "make_reg",   "make_sock",   "make_fifo", "make_block",
    "make_sym",   "refer",       "truncate",  "ioctl_dev"};
constexpr const char* network_rights[] = {"bind_tcp", "connect_tcp"};
constexpr const char* scopes[] = {"abstract_unix_socket", "signal"};
constexpr const char* creation_flags[] = {"version"};

/// The bits of a list of names, the last value on the stack, which it removes.
std::uint64_t bits_of_list(lua_State* L, int argument,
                           std::span<const char* const> names) {
    if (!lua_istable(L, -1))
        luaL_argerror(L, argument, "a list of names expected");
    std::uint64_t bits = 0;
    for (std::size_t i = 1; i <= lua_objlen(L, -1); ++i) {
        lua_rawgeti(L, -1, static_cast<int>(i));
        const char* const name =
            lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
        std::size_t bit = 0;
        while (bit < names.size() && std::strcmp(name, names[bit]) != 0) ++bit;
        if (bit == names.size()) {
            lua_pushfstring(L, "no such name: '%s'", name);
            luaL_argerror(L, argument, lua_tostring(L, -1));
        }
        bits |= std::uint64_t{1} << bit;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return bits;
}

/// The fields of the table at that index, one after the other, by their names.
template <class F> void each_field(lua_State* L, int index, F take) {
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index) != 0;) {
        const char* const name =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        const int top = lua_gettop(L);
        if (!take(name)) {
            lua_pushfstring(L, "no such field: '%s'", name);
            luaL_argerror(L, index, lua_tostring(L, -1));
        }
        lua_settop(L, top - 1);
    }
}

int create_ruleset(lua_State* L) {
    struct {
        std::uint64_t files, network, scoped;
    } a{};
    lua_settop(L, 2);
    const bool has_attributes = !lua_isnil(L, 1);
    if (has_attributes)
        each_field(L, 1, [&](const char* name) {
            if (std::strcmp(name, "handled_access_fs") == 0)
                a.files = bits_of_list(L, 1, file_rights);
            else if (std::strcmp(name, "handled_access_net") == 0)
                a.network = bits_of_list(L, 1, network_rights);
            else if (std::strcmp(name, "scoped") == 0)
                a.scoped = bits_of_list(L, 1, scopes);
            else
                return false;
            return true;
        });
    std::uint64_t flags = 0;
    if (!lua_isnil(L, 2)) {
        lua_pushvalue(L, 2);
        flags = bits_of_list(L, 2, creation_flags);
    }
    // An older kernel takes a longer struct whose end is zero.
    return finish(L, static_cast<double>(
                         ::syscall(SYS_landlock_create_ruleset,
                                   has_attributes ? &a : nullptr,
                                   has_attributes ? sizeof(a) : 0, flags)));
}

int add_rule(lua_State* L) {
    struct [[gnu::packed]] {
        std::uint64_t access;
        std::int32_t parent;
    } path{};
    struct {
        std::uint64_t access, port;
    } port{};
    const int ruleset = argument<int>(L, 1);
    constexpr const char* types[] = {"path_beneath", "net_port", nullptr};
    const bool is_path = luaL_checkoption(L, 2, nullptr, types) == 0;
    bool has_place = false;
    each_field(L, 3, [&](const char* name) {
        if (std::strcmp(name, "allowed_access") == 0) {
            if (is_path)
                path.access = bits_of_list(L, 3, file_rights);
            else
                port.access = bits_of_list(L, 3, network_rights);
            return true;
        }
        if (std::strcmp(name, is_path ? "parent_fd" : "port") != 0)
            return false;
        has_place = true;
        if (is_path)
            path.parent = argument<int>(L, lua_gettop(L), 3);
        else
            port.port = static_cast<std::uint64_t>(
                whole_number(L, lua_gettop(L), 0, 65535, 3));
        return true;
    });
    if (!has_place)
        return luaL_argerror(L, 3,
                             is_path ? "a field parent_fd expected"
                                     : "a field port expected");
    const auto add = [&](int type, const void* attributes) {
        return static_cast<double>(
            ::syscall(SYS_landlock_add_rule, ruleset, type, attributes, 0));
    };
    // LANDLOCK_RULE_PATH_BENEATH and LANDLOCK_RULE_NET_PORT.
    return finish(L, is_path ? add(1, &path) : add(2, &port));
}

int restrict_self(lua_State* L) {
    return finish(L, static_cast<double>(::syscall(SYS_landlock_restrict_self,
                                                   argument<int>(L, 1), 0)));
}

constexpr c_function functions[] = {
    {"seccomp_set_mode_filter", set_filter},
    {"landlock_create_ruleset", create_ruleset},
    {"landlock_add_rule", add_rule},
    {"landlock_restrict_self", restrict_self},
};

constexpr c_function helpers[] = {{"set_no_new_privs", set_no_new_privs}};

} // namespace

const c_subject restriction_calls{functions, helpers};

} // namespace emilua::sandbox
