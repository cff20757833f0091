// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "libc_service/protocol.hpp"
#include "modules/filesystem/clock.hpp"
#include "modules/filesystem/open.hpp"
#include "modules/ip/address.hpp"

/// Calls and what is answered to them, as programs see them.

namespace emilua::libc_service {

enum class file_type {
    regular,
    directory,
    symlink,
    block,
    character,
    fifo,
    socket
};

/// EAI_ of getaddrinfo(3).
enum class address_error {
    again,
    badflags,
    fail,
    family,
    memory,
    noname,
    service,
    socktype,
    system
};

/// What stat and lstat give.
struct stat_result {
    double dev = 0;
    double ino = 0;
    double mode = 0;
    file_type type{};
    double nlink = 1;
    double uid = 0;
    double gid = 0;
    double rdev = 0;
    double size = 0;
    std::optional<filesystem::file_time> atime{};
    std::optional<filesystem::file_time> mtime{};
    std::optional<filesystem::file_time> ctime{};
    double blksize = 4096;
};

/// What getaddrinfo gives: an address, and a port if it is known.
using resolved_result =
    std::vector<std::variant<ip::address, ranged<0, 65535>>>;

/// Nothing is what getaddrinfo gives where there is no address.
using result = std::optional<
    std::variant<int, address_error, stat_result, resolved_result>>;

/// A number, or a name such as "EACCES".
using error_number = std::variant<ranged<0, 4095>, std::string>;

using text_list = std::vector<std::string>;
/// An argument as Lua has it.
using lua_argument =
    std::variant<filesystem::path, std::string, double, text_list, ip::address>;
/// The same in TypeScript, where paths are text.
using typescript_argument =
    std::variant<std::string, double, text_list, ip::address>;

std::vector<lua_argument> arguments_of(const request& r);

/// Throws EINVAL for the argument `result` where it is none of that function's.
reply answer_to(function what, const result& r,
                const std::optional<error_number>& error);

} // namespace emilua::libc_service

template <> struct emilua::enum_names<emilua::libc_service::function> {
    using e = libc_service::function;
    static constexpr auto name = "libc_function";
    static constexpr enum_item<e> items[] = {
        {"open", e::open, "open(2) and fopen(3)."},
        {"openat", e::openat, "From a folder that the program has open."},
        {"unlink", e::unlink},
        {"rename", e::rename},
        {"stat", e::stat},
        {"lstat", e::lstat},
        {"access", e::access},
        {"eaccess", e::eaccess},
        {"mkdir", e::mkdir},
        {"rmdir", e::rmdir},
        {"connect_unix", e::connect_unix},
        {"connect_inet", e::connect_inet},
        {"connect_inet6", e::connect_inet6},
        {"bind_unix", e::bind_unix},
        {"bind_inet", e::bind_inet},
        {"bind_inet6", e::bind_inet6},
        {"getaddrinfo", e::getaddrinfo},
    };
};

template <> struct emilua::enum_names<emilua::libc_service::file_type> {
    using e = libc_service::file_type;
    static constexpr auto name = "stat_file_type";
    static constexpr enum_item<e> items[] = {
        {"regular", e::regular},     {"directory", e::directory},
        {"symlink", e::symlink},     {"block", e::block},
        {"character", e::character}, {"fifo", e::fifo},
        {"socket", e::socket},
    };
};

template <> struct emilua::enum_names<emilua::libc_service::address_error> {
    using e = libc_service::address_error;
    static constexpr auto name = "address_error";
    static constexpr enum_item<e> items[] = {
        {"again", e::again, "No answer for now."},
        {"badflags", e::badflags, "Flags that cannot be."},
        {"fail", e::fail, "No answer, and none later."},
        {"family", e::family, "No such family of addresses."},
        {"memory", e::memory, "No memory."},
        {"noname", e::noname, "No such name."},
        {"service", e::service, "No such service."},
        {"socktype", e::socktype, "No such kind of socket."},
        {"system", e::system, "What errno says."},
    };
};

template <> struct emilua::fields_of<emilua::libc_service::stat_result> {
    using o = libc_service::stat_result;
    static constexpr auto name = "stat_result";
    static constexpr auto optional = presence::optional;
    static constexpr field_description items[] = {
        field<&o::dev>("dev", "The device it is on.", optional),
        field<&o::ino>("ino", "Its number there.", optional),
        field<&o::mode>("mode", "Who may do what: 0644."),
        field<&o::type>("type", "What it is."),
        field<&o::nlink>("nlink", "How many names it has; 1 if left out.",
                         optional),
        field<&o::uid>("uid", "Whose it is.", optional),
        field<&o::gid>("gid", "Which group's it is.", optional),
        field<&o::rdev>("rdev", "The device it is, if it is one.", optional),
        field<&o::size>("size", "Its size in bytes.", optional),
        field<&o::atime>("atime", "When it was read."),
        field<&o::mtime>("mtime", "When it was written."),
        field<&o::ctime>("ctime", "When it was changed in any way."),
        field<&o::blksize>("blksize",
                           "How many bytes to read at once; 4096 if left out.",
                           optional),
    };
};
