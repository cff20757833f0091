// SPDX-License-Identifier: MIT OR BSL-1.0
#include "libc_service/filter_values.hpp"

#include "sandbox/init_script/call.hpp"

#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>

namespace emilua::libc_service {

namespace {

using sandbox::argument;

constexpr const char* names[] = {
    "open",         "openat",       "unlink",        "rename",    "stat",
    "lstat",        "access",       "eaccess",       "mkdir",     "rmdir",
    "connect_unix", "connect_inet", "connect_inet6", "bind_unix", "bind_inet",
    "bind_inet6",   "getaddrinfo",
};
static_assert(std::size(names) == last_function);

struct named_number {
    const char* name;
    long number;
};

// RESOLVE_ of openat2(2).
constexpr named_number resolve_names[] = {
    {"no_xdev", 1}, {"no_magiclinks", 2}, {"no_symlinks", 4},
    {"beneath", 8}, {"in_root", 16},      {"cached", 32},
};

constexpr named_number address_errors[] = {
    {"again", EAI_AGAIN},     {"badflags", EAI_BADFLAGS},
    {"fail", EAI_FAIL},       {"family", EAI_FAMILY},
    {"memory", EAI_MEMORY},   {"noname", EAI_NONAME},
    {"service", EAI_SERVICE}, {"socktype", EAI_SOCKTYPE},
    {"system", EAI_SYSTEM},
};

constexpr named_number file_types[] = {
    {"regular", S_IFREG}, {"directory", S_IFDIR}, {"symlink", S_IFLNK},
    {"block", S_IFBLK},   {"character", S_IFCHR}, {"fifo", S_IFIFO},
    {"socket", S_IFSOCK},
};

template <std::size_t N>
long number_of(lua_State* L, int index, const named_number (&list)[N]) {
    const char* const name =
        lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
    for (const auto& n : list)
        if (std::strcmp(n.name, name) == 0) return n.number;
    return luaL_error(L, "no such name: '%s'", name);
}

void push_text(lua_State* L, std::string_view t) {
    lua_pushlstring(L, t.data(), t.size());
}

void push_bytes(lua_State* L, std::string_view bytes) {
    lua_createtable(L, static_cast<int>(bytes.size()), 0);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        lua_pushinteger(L, static_cast<unsigned char>(bytes[i]));
        lua_rawseti(L, -2, static_cast<int>(i) + 1);
    }
}

/// A list of `count` bytes.
void read_bytes(lua_State* L, int index, unsigned char* to, std::size_t count) {
    luaL_checktype(L, index, LUA_TTABLE);
    for (std::size_t i = 0; i < count; ++i) {
        lua_rawgeti(L, index, static_cast<int>(i) + 1);
        to[i] = static_cast<unsigned char>(
            sandbox::whole_number(L, lua_gettop(L), 0, 255, index));
        lua_pop(L, 1);
    }
}

std::string_view text_at(lua_State* L, int index) {
    const auto bytes = sandbox::bytes_argument(L, index);
    return {bytes.data(), bytes.size()};
}

std::string_view path_at(lua_State* L, int index) {
    return sandbox::text_argument(L, index);
}

bool is_address(function what) noexcept { return address_size(what) != 0; }

bool is_inet6(function what) noexcept { return address_size(what) == 16; }

bool is_unix(function what) noexcept {
    return what == function::connect_unix || what == function::bind_unix;
}

bool has_mode(std::int64_t flags) noexcept {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

double seconds(const timespec& t) noexcept {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

void push_status(lua_State* L, const struct stat& s) {
    const struct {
        const char* name;
        double value;
    } fields[] = {
        {"dev", static_cast<double>(s.st_dev)},
        {"ino", static_cast<double>(s.st_ino)},
        {"mode", static_cast<double>(s.st_mode & 07777)},
        {"nlink", static_cast<double>(s.st_nlink)},
        {"uid", static_cast<double>(s.st_uid)},
        {"gid", static_cast<double>(s.st_gid)},
        {"rdev", static_cast<double>(s.st_rdev)},
        {"size", static_cast<double>(s.st_size)},
        {"blksize", static_cast<double>(s.st_blksize)},
        {"atime", seconds(s.st_atim)},
        {"mtime", seconds(s.st_mtim)},
        {"ctime", seconds(s.st_ctim)},
    };
    lua_newtable(L);
    for (const auto& f : fields) {
        lua_pushnumber(L, f.value);
        lua_setfield(L, -2, f.name);
    }
    for (const auto& t : file_types) {
        if ((s.st_mode & S_IFMT) != static_cast<mode_t>(t.number)) continue;
        lua_pushstring(L, t.name);
        lua_setfield(L, -2, "type");
    }
}

double field(lua_State* L, int index, const char* name) {
    lua_getfield(L, index, name);
    if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TNUMBER)
        luaL_error(L, "the field %s is to be a number", name);
    const double n = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return n;
}

timespec time_field(lua_State* L, int index, const char* name) {
    const double n = field(L, index, name);
    const double whole = std::floor(n);
    return {static_cast<time_t>(whole), static_cast<long>((n - whole) * 1e9)};
}

void read_status(lua_State* L, int index, struct stat& s) {
    s = {};
    s.st_dev = static_cast<dev_t>(field(L, index, "dev"));
    s.st_ino = static_cast<ino_t>(field(L, index, "ino"));
    s.st_mode = static_cast<mode_t>(field(L, index, "mode")) & 07777;
    lua_getfield(L, index, "type");
    s.st_mode |= static_cast<mode_t>(number_of(L, lua_gettop(L), file_types));
    lua_pop(L, 1);
    s.st_nlink = static_cast<nlink_t>(field(L, index, "nlink"));
    s.st_uid = static_cast<uid_t>(field(L, index, "uid"));
    s.st_gid = static_cast<gid_t>(field(L, index, "gid"));
    s.st_rdev = static_cast<dev_t>(field(L, index, "rdev"));
    s.st_size = static_cast<off_t>(field(L, index, "size"));
    s.st_blocks = (s.st_size + 511) / 512;
    s.st_blksize = static_cast<blksize_t>(field(L, index, "blksize"));
    s.st_atim = time_field(L, index, "atime");
    s.st_mtim = time_field(L, index, "mtime");
    s.st_ctim = time_field(L, index, "ctime");
}

/// nil, or nil, address, port.
int push_address(lua_State* L, const resolved& a) {
    lua_pushnil(L);
    if (a.bytes == 0) return 1;
    push_bytes(L, {reinterpret_cast<const char*>(a.address), a.bytes});
    if (a.bytes == 16) {
        lua_pushnumber(L, a.scope);
        lua_rawseti(L, -2, 17);
    }
    lua_pushinteger(L, a.port);
    return 3;
}

void read_address(lua_State* L, int index, int port, resolved& a) {
    luaL_checktype(L, index, LUA_TTABLE);
    const auto n = lua_objlen(L, index);
    if (n != 4 && n != 16 && n != 17)
        luaL_error(L, "an address has 4 or 16 bytes, and maybe a scope");
    a.bytes = n == 4 ? 4 : 16;
    read_bytes(L, index, a.address, a.bytes);
    if (n == 17) {
        lua_rawgeti(L, index, 17);
        a.scope = argument<std::uint32_t>(L, lua_gettop(L), index);
        lua_pop(L, 1);
    }
    a.port = lua_isnoneornil(L, port)
                 ? -1
                 : static_cast<int>(sandbox::whole_number(L, port, 0, 65535));
}

} // namespace

const char* name_of(function what) noexcept {
    return names[static_cast<std::uint32_t>(what) - 1];
}

int push_arguments(lua_State* L, const call& c) {
    const int before = lua_gettop(L);
    if (c.fd != -1 || c.what == function::openat) lua_pushinteger(L, c.fd);
    if (is_address(c.what)) {
        push_bytes(L, c.first);
        lua_pushinteger(L, static_cast<lua_Integer>(c.numbers[0]));
        if (is_inet6(c.what))
            lua_pushnumber(L, static_cast<double>(c.numbers[1]));
        return lua_gettop(L) - before;
    }
    push_text(L, c.first);
    switch (c.what) {
    case function::open:
        lua_pushnumber(L, static_cast<double>(c.numbers[0]));
        if (has_mode(c.numbers[0]))
            lua_pushinteger(L, static_cast<lua_Integer>(c.numbers[1]));
        break;
    case function::openat:
        lua_pushnumber(L, static_cast<double>(c.numbers[0]));
        lua_pushinteger(L, static_cast<lua_Integer>(c.numbers[1]));
        // libc has no function that resolves another way.
        lua_newtable(L);
        break;
    case function::rename:
        push_text(L, c.second);
        break;
    case function::access:
    case function::eaccess:
    case function::mkdir:
        lua_pushinteger(L, static_cast<lua_Integer>(c.numbers[0]));
        break;
    case function::getaddrinfo:
        push_text(L, c.second);
        if (c.numbers[0] == IPPROTO_TCP)
            lua_pushliteral(L, "tcp");
        else if (c.numbers[0] == IPPROTO_UDP)
            lua_pushliteral(L, "udp");
        else
            lua_pushnil(L);
        break;
    default:
        break;
    }
    return lua_gettop(L) - before;
}

call read_arguments(lua_State* L, int index, function what,
                    unsigned char (&room)[16]) {
    call c{what};
    const bool has_fd =
        what == function::openat || is_unix(what) || is_address(what);
    if (has_fd) c.fd = argument<int>(L, index++);
    if (is_address(what)) {
        const auto n = address_size(what);
        read_bytes(L, index, room, n);
        c.first = {reinterpret_cast<const char*>(room), n};
        c.numbers[0] = static_cast<std::int64_t>(
            sandbox::whole_number(L, index + 1, 0, 65535));
        if (is_inet6(what))
            c.numbers[1] = argument<std::uint32_t>(L, index + 2);
        return c;
    }
    c.first = is_unix(what) ? text_at(L, index) : path_at(L, index);
    switch (what) {
    case function::open:
    case function::openat:
        c.numbers[0] = argument<int>(L, index + 1);
        if (has_mode(c.numbers[0]))
            c.numbers[1] = argument<mode_t>(L, index + 2);
        if (what != function::openat || lua_isnoneornil(L, index + 3)) break;
        luaL_checktype(L, index + 3, LUA_TTABLE);
        for (std::size_t i = 1; i <= lua_objlen(L, index + 3); ++i) {
            lua_rawgeti(L, index + 3, static_cast<int>(i));
            c.numbers[2] |= number_of(L, lua_gettop(L), resolve_names);
            lua_pop(L, 1);
        }
        break;
    case function::rename:
        c.second = path_at(L, index + 1);
        break;
    case function::access:
    case function::eaccess:
        c.numbers[0] = argument<int>(L, index + 1);
        break;
    case function::mkdir:
        c.numbers[0] = argument<mode_t>(L, index + 1);
        break;
    case function::getaddrinfo:
        c.second = path_at(L, index + 1);
        if (!lua_isnoneornil(L, index + 2)) {
            constexpr named_number protocols[] = {{"tcp", IPPROTO_TCP},
                                                  {"udp", IPPROTO_UDP}};
            c.numbers[0] = number_of(L, index + 2, protocols);
        }
        break;
    default:
        break;
    }
    return c;
}

int push_outcome(lua_State* L, function what, const outcome& o) {
    if (what == function::getaddrinfo) {
        if (o.result == 0) return push_address(L, o.address);
    } else if (o.result == 0 &&
               (what == function::stat || what == function::lstat)) {
        push_status(L, o.status);
        lua_pushinteger(L, 0);
        return 2;
    }
    lua_pushnumber(L, static_cast<double>(o.result));
    lua_pushinteger(L, o.error);
    return 2;
}

outcome read_outcome(lua_State* L, function what, int count) {
    const int first = lua_gettop(L) - count + 1;
    lua_settop(L, first + 2);
    outcome o;
    const auto error_at = [&](int index) {
        return lua_isnil(L, index)
                   ? 0
                   : static_cast<int>(sandbox::whole_number(L, index, 0, 4095));
    };
    if (what == function::getaddrinfo) {
        if (lua_isnil(L, first)) {
            o.result = 0;
            if (!lua_isnil(L, first + 1))
                read_address(L, first + 1, first + 2, o.address);
            return o;
        }
        o.result = lua_type(L, first) == LUA_TSTRING
                       ? number_of(L, first, address_errors)
                       : argument<int>(L, first);
        o.error = error_at(first + 1);
        return o;
    }
    if (lua_istable(L, first) &&
        (what == function::stat || what == function::lstat)) {
        read_status(L, first, o.status);
        o.result = 0;
        return o;
    }
    o.result = argument<int>(L, first);
    o.error = error_at(first + 1);
    return o;
}

} // namespace emilua::libc_service
