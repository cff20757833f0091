// SPDX-License-Identifier: MIT OR BSL-1.0
// What a program under libc_service and whoever answers it say to each other.
//
// Each message is one packet of a SOCK_SEQPACKET socket, in the byte order of
// the machine. A request goes over the socket that all threads and processes
// of the program share, and brings a socket of its own for the answer, so that
// nobody gets what others asked for. What lies in the shared socket in the
// other direction is read by peeking only: the filters, for each process anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace emilua::libc_service {

enum class function : std::uint32_t {
    open = 1,
    openat,
    unlink,
    rename,
    stat,
    lstat,
    access,
    eaccess,
    mkdir,
    rmdir,
    connect_unix,
    connect_inet,
    connect_inet6,
    bind_unix,
    bind_inet,
    bind_inet6,
    getaddrinfo,
};
inline constexpr std::uint32_t last_function = 17;

/// As PATH_MAX, without the NUL.
inline constexpr std::size_t most_text = 4095;

inline constexpr std::uint32_t request_magic = 0x31716c65;
inline constexpr std::uint32_t reply_magic = 0x31726c65;
inline constexpr std::uint32_t filters_magic = 0x31666c65;

struct request {
    std::uint32_t magic = request_magic;
    function what{};
    /// open: flags, mode. openat: flags, mode, resolve. access, eaccess: the
    /// mode. mkdir: mode. connect, bind: port, scope. getaddrinfo: the
    /// protocol.
    std::int64_t numbers[3]{};
    std::uint32_t sizes[2]{};
    /// Paths; the bytes of an address; node and service.
    char text[2 * most_text];

    std::string_view first() const noexcept { return {text, sizes[0]}; }
    std::string_view second() const noexcept {
        return {text + sizes[0], sizes[1]};
    }
    std::size_t size() const noexcept {
        return offsetof(request, text) + sizes[0] + sizes[1];
    }
    /// False where a text is too long.
    bool set_texts(std::string_view a, std::string_view b) noexcept {
        if (a.size() > most_text || b.size() > most_text) return false;
        sizes[0] = static_cast<std::uint32_t>(a.size());
        sizes[1] = static_cast<std::uint32_t>(b.size());
        // Empty ones may have no address.
        if (!a.empty()) std::memcpy(text, a.data(), a.size());
        if (!b.empty()) std::memcpy(text + a.size(), b.data(), b.size());
        return true;
    }
};

/// How many bytes the first text of a connect or bind has; 0 for any other.
constexpr std::size_t address_size(function what) noexcept {
    switch (what) {
    case function::connect_inet:
    case function::bind_inet:
        return 4;
    case function::connect_inet6:
    case function::bind_inet6:
        return 16;
    default:
        return 0;
    }
}

/// Whether the first `received` bytes of `r` are a request. Whoever sent it may
/// have meant anything but good.
inline bool is_valid(const request& r, std::size_t received) noexcept {
    if (received < offsetof(request, text) || r.magic != request_magic ||
        static_cast<std::uint32_t>(r.what) == 0 ||
        static_cast<std::uint32_t>(r.what) > last_function ||
        r.sizes[0] > most_text || r.sizes[1] > most_text ||
        received != r.size())
        return false;
    const auto bytes = address_size(r.what);
    if (bytes != 0)
        return r.sizes[0] == bytes && r.sizes[1] == 0 && r.numbers[0] >= 0 &&
               r.numbers[0] <= 65535 && r.numbers[1] >= 0 &&
               r.numbers[1] <= 0xffffffff;
    const bool has_two =
        r.what == function::rename || r.what == function::getaddrinfo;
    if (!has_two && r.sizes[1] != 0) return false;
    // Abstract names of sockets alone have a NUL in them.
    if (r.what == function::connect_unix || r.what == function::bind_unix)
        return r.sizes[0] <= 108;
    return r.first().find('\0') == r.first().npos &&
           r.second().find('\0') == r.second().npos;
}

/// stat and lstat.
struct file_status {
    std::uint64_t dev, ino, mode, nlink, uid, gid, rdev, size, blksize;
    std::int64_t times[3]; // atime, mtime, ctime: nanoseconds since the epoch
};

/// getaddrinfo.
struct resolved {
    std::uint32_t bytes; // of the address: 0 for none, 4 or 16
    std::int32_t port;   // -1: that of the service
    std::uint32_t scope;
    unsigned char address[16];
};

enum class reply_kind : std::uint32_t {
    /// The call has this result.
    result = 1,
    /// The program makes the call itself.
    own_credentials,
};

struct reply {
    std::uint32_t magic = reply_magic;
    reply_kind kind = reply_kind::result;
    /// Of getaddrinfo, a number of EAI_.
    std::int64_t result = 0;
    std::int32_t error = 0;
    std::uint32_t unused = 0;
    file_status status{};
    resolved address{};
};

inline bool is_valid(const reply& r, std::size_t received) noexcept {
    return received == sizeof(reply) && r.magic == reply_magic &&
           (r.kind == reply_kind::result ||
            r.kind == reply_kind::own_credentials) &&
           r.error >= 0 && r.error < 4096 &&
           (r.address.bytes == 0 || r.address.bytes == 4 ||
            r.address.bytes == 16) &&
           r.address.port >= -1 && r.address.port <= 65535;
}

/// Filters: `filters_magic`, and for each its function, its size and its
/// source.
inline constexpr std::size_t most_filters = std::size_t{1} << 17;

/// Calls `take(function, source)` for each filter; false where the message is
/// none.
template <class F> bool each_filter(std::string_view message, F take) noexcept {
    const auto number = [&](std::uint32_t& n) {
        if (message.size() < sizeof(n)) return false;
        std::memcpy(&n, message.data(), sizeof(n));
        message.remove_prefix(sizeof(n));
        return true;
    };
    std::uint32_t magic = 0;
    if (!number(magic) || magic != filters_magic) return false;
    while (!message.empty()) {
        std::uint32_t what = 0, size = 0;
        if (!number(what) || !number(size) || what == 0 ||
            what > last_function || size > message.size())
            return false;
        take(static_cast<function>(what), message.substr(0, size));
        message.remove_prefix(size);
    }
    return true;
}

/// The variable that tells a program which descriptor it is.
inline constexpr const char descriptor_variable[] = "EMILUA_LIBC_SERVICE_FD";

} // namespace emilua::libc_service
