// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/libc_service/calls.hpp"

#include "core/error_names.hpp"

#include <cmath>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>

namespace emilua::libc_service {

namespace {

struct open_bits {
    std::int64_t bits;
    const char* name;
};

// O_TMPFILE and O_SYNC have several bits, of which others have some.
constexpr open_bits flags_with_names[] = {
    {O_APPEND, "append"},          {O_CREAT, "create"},
    {O_DIRECTORY, "directory"},    {O_EXCL, "exclusive"},
    {O_NOFOLLOW, "no_follow"},     {O_PATH, "path"},
    {O_SYNC, "sync_all_on_write"}, {O_TMPFILE, "temporary"},
    {O_TRUNC, "truncate"},
};

// RESOLVE_ of openat2(2).
constexpr open_bits resolve_with_names[] = {
    {8, "resolve_beneath"},       {16, "resolve_in_root"},
    {2, "resolve_no_magiclinks"}, {4, "resolve_no_symlinks"},
    {1, "resolve_no_xdev"},       {32, "resolve_cached"},
};

bool is_temporary(std::int64_t flags) noexcept {
    return (flags & O_TMPFILE) == O_TMPFILE;
}

text_list flags_of_open(std::int64_t flags, std::int64_t resolve) {
    text_list r;
    for (const auto& f : flags_with_names) {
        if ((flags & f.bits) != f.bits) continue;
        if (f.bits == O_DIRECTORY && is_temporary(flags)) continue;
        r.emplace_back(f.name);
    }
    for (const auto& f : resolve_with_names)
        if (resolve & f.bits) r.emplace_back(f.name);
    // What is not opened is neither read nor written.
    if (!(flags & O_PATH)) switch (flags & O_ACCMODE) {
        case O_RDONLY:
            r.emplace_back("read_only");
            break;
        case O_WRONLY:
            r.emplace_back("write_only");
            break;
        default:
            r.emplace_back("read_write");
            break;
        }
    return r;
}

lua_argument access_mode(std::int64_t mode) {
    if ((mode & (R_OK | W_OK | X_OK)) == 0) return std::string{"f"};
    text_list r;
    if (mode & R_OK) r.emplace_back("r");
    if (mode & W_OK) r.emplace_back("w");
    if (mode & X_OK) r.emplace_back("x");
    return r;
}

ip::address address_of(std::string_view bytes, std::int64_t scope) {
    if (bytes.size() == 4) {
        boost::asio::ip::address_v4::bytes_type b;
        std::memcpy(b.data(), bytes.data(), b.size());
        return ip::address{boost::asio::ip::address_v4{b}};
    }
    boost::asio::ip::address_v6::bytes_type b;
    std::memcpy(b.data(), bytes.data(), b.size());
    return ip::address{boost::asio::ip::address_v6{
        b, static_cast<boost::asio::ip::scope_id_type>(scope)}};
}

// --- answers -----------------------------------------------------------------

[[noreturn]] void refuse(const char* expected) {
    throw_invalid_argument("result", expected);
}

int number_of(const error_number& e) {
    if (const auto* n = std::get_if<ranged<0, 4095>>(&e))
        return static_cast<int>(n->value);
    for (const auto& item : generic_error_names().items)
        if (std::get<std::string>(e) == item.name) return item.code.value();
    throw_invalid_argument("errno", "the name of an error, such as \"EACCES\"");
}

mode_t bits_of(file_type t) noexcept {
    switch (t) {
    case file_type::regular:
        return S_IFREG;
    case file_type::directory:
        return S_IFDIR;
    case file_type::symlink:
        return S_IFLNK;
    case file_type::block:
        return S_IFBLK;
    case file_type::character:
        return S_IFCHR;
    case file_type::fifo:
        return S_IFIFO;
    case file_type::socket:
        break;
    }
    return S_IFSOCK;
}

int number_of(address_error e) noexcept {
    switch (e) {
    case address_error::again:
        return EAI_AGAIN;
    case address_error::badflags:
        return EAI_BADFLAGS;
    case address_error::fail:
        return EAI_FAIL;
    case address_error::family:
        return EAI_FAMILY;
    case address_error::memory:
        return EAI_MEMORY;
    case address_error::noname:
        return EAI_NONAME;
    case address_error::service:
        return EAI_SERVICE;
    case address_error::socktype:
        return EAI_SOCKTYPE;
    case address_error::system:
        break;
    }
    return EAI_SYSTEM;
}

std::uint64_t whole(double n, const char* field) {
    if (n >= 0 && n < 18446744073709551616.0 && std::trunc(n) == n)
        return static_cast<std::uint64_t>(n);
    throw_invalid_argument(field, "a whole number");
}

std::int64_t nanoseconds(const std::optional<filesystem::file_time>& t) {
    if (!t) return 0;
    const auto unix = t->to_unix();
    return std::int64_t{unix.tv_sec} * 1000000000 + unix.tv_nsec;
}

void fill(file_status& to, const stat_result& s) {
    to.dev = whole(s.dev, "result.dev");
    to.ino = whole(s.ino, "result.ino");
    to.mode = (whole(s.mode, "result.mode") & 07777) | bits_of(s.type);
    to.nlink = whole(s.nlink, "result.nlink");
    to.uid = whole(s.uid, "result.uid");
    to.gid = whole(s.gid, "result.gid");
    to.rdev = whole(s.rdev, "result.rdev");
    to.size = whole(s.size, "result.size");
    to.blksize = whole(s.blksize, "result.blksize");
    to.times[0] = nanoseconds(s.atime);
    to.times[1] = nanoseconds(s.mtime);
    to.times[2] = nanoseconds(s.ctime);
}

void fill(resolved& to, const resolved_result& r) {
    const auto* const a =
        r.empty() || r.size() > 2 ? nullptr : std::get_if<ip::address>(&r[0]);
    if (!a) refuse("an ip.address, and maybe a port, in a list");
    to.port = -1;
    if (r.size() == 2) {
        const auto* const port = std::get_if<ranged<0, 65535>>(&r[1]);
        if (!port) refuse("an ip.address, and maybe a port, in a list");
        to.port = static_cast<std::int32_t>(port->value);
    }
    const auto store = [&](const auto& bytes) {
        to.bytes = static_cast<std::uint32_t>(bytes.size());
        std::memcpy(to.address, bytes.data(), bytes.size());
    };
    if (a->is_v4()) {
        store(a->get().to_v4().to_bytes());
    } else {
        const auto v6 = a->get().to_v6();
        store(v6.to_bytes());
        to.scope = static_cast<std::uint32_t>(v6.scope_id());
    }
}

} // namespace

std::vector<lua_argument> arguments_of(const request& r) {
    const auto path = [](std::string_view t) {
        return filesystem::path{std::filesystem::path{t}};
    };
    const auto number = [&](std::size_t i) {
        return static_cast<double>(r.numbers[i]);
    };
    std::vector<lua_argument> a;
    if (address_size(r.what) != 0) {
        a.emplace_back(address_of(r.first(), r.numbers[1]));
        a.emplace_back(number(0));
        return a;
    }
    if (r.what == function::getaddrinfo) {
        a.emplace_back(std::string{r.first()});
        a.emplace_back(std::string{r.second()});
        if (r.numbers[0] == IPPROTO_TCP) a.emplace_back(std::string{"tcp"});
        if (r.numbers[0] == IPPROTO_UDP) a.emplace_back(std::string{"udp"});
        return a;
    }
    a.emplace_back(path(r.first()));
    switch (r.what) {
    case function::open:
    case function::openat:
        a.emplace_back(flags_of_open(
            r.numbers[0], r.what == function::openat ? r.numbers[2] : 0));
        if (r.numbers[0] & O_CREAT || is_temporary(r.numbers[0]))
            a.emplace_back(number(1));
        break;
    case function::rename:
        a.emplace_back(path(r.second()));
        break;
    case function::access:
    case function::eaccess:
        a.push_back(access_mode(r.numbers[0]));
        break;
    case function::mkdir:
        a.emplace_back(number(0));
        break;
    default:
        break;
    }
    return a;
}

reply answer_to(function what, const result& r,
                const std::optional<error_number>& error) {
    reply a;
    a.error = error ? number_of(*error) : 0;
    const auto given = [&]<class T>(std::type_identity<T>) {
        return r ? std::get_if<T>(&*r) : nullptr;
    };
    const auto* const number = given(std::type_identity<int>{});
    if (what == function::getaddrinfo) {
        if (const auto* e = given(std::type_identity<address_error>{}))
            a.result = number_of(*e);
        else if (const auto* l = given(std::type_identity<resolved_result>{}))
            fill(a.address, *l);
        else if (r)
            refuse("a list of an address and a port, the name of an error, or "
                   "nothing");
        // Of a success, and of all errors but one, it says nothing.
        if (a.result != EAI_SYSTEM) a.error = 0;
        return a;
    }
    if (what == function::stat || what == function::lstat) {
        if (const auto* s = given(std::type_identity<stat_result>{}))
            fill(a.status, *s);
        else if (number && *number == -1)
            a.result = -1;
        else
            refuse("the fields of stat(2), or -1");
        return a;
    }
    if (!number) refuse("a whole number");
    a.result = *number;
    return a;
}

} // namespace emilua::libc_service
