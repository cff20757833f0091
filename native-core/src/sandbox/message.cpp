// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/message.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

#include <sys/socket.h>

namespace emilua::sandbox {
namespace {

enum class tag : std::uint64_t {
    boolean_true = 1,
    boolean_false = 2,
    string = 3,
    file_descriptor = 4,
    actor_address = 5,
    nil = 6,
    null = 7,
};

constexpr std::uint64_t exponent = 0x7ff0'0000'0000'0000;
constexpr std::uint64_t quiet_bit = 0x0008'0000'0000'0000;

constexpr std::uint64_t word_of(tag t) noexcept {
    return exponent | static_cast<std::uint64_t>(t);
}
constexpr auto nil = word_of(tag::nil);

struct record {
    std::uint64_t members[most_members];
    unsigned char strings[most_members * 2 * (1 + longest_string)];
};
static_assert(sizeof(record) == most_members * (8 + 512));

/// What one message can bring along, and the room for it.
struct rights {
    alignas(
        cmsghdr) unsigned char bytes[CMSG_SPACE(sizeof(int) * most_members)];
};

std::uint64_t word_of(double d) noexcept {
    if (std::isnan(d)) d = std::numeric_limits<double>::quiet_NaN();
    return std::bit_cast<std::uint64_t>(d);
}

// --- sending ----------------------------------------------------------------

class writer {
public:
    explicit writer(record& to) noexcept : to_{to} {}

    void string(std::string_view s) noexcept {
        const auto size = std::min(s.size(), longest_string);
        to_.strings[used_++] = static_cast<unsigned char>(size);
        std::memcpy(to_.strings + used_, s.data(), size);
        used_ += size;
    }
    std::uint64_t leaf(const message::leaf& l) noexcept {
        if (const auto* b = std::get_if<bool>(&l))
            return word_of(*b ? tag::boolean_true : tag::boolean_false);
        if (const auto* d = std::get_if<double>(&l)) return word_of(*d);
        if (const auto* s = std::get_if<std::string>(&l)) {
            string(*s);
            return word_of(tag::string);
        }
        const auto* h = std::get_if<handle>(&l);
        if (!h) return word_of(tag::null);
        fds[fd_count++] = h->fd;
        return word_of(h->is_address ? tag::actor_address
                                     : tag::file_descriptor);
    }
    /// Of the whole record.
    std::size_t size() const noexcept {
        return offsetof(record, strings) + used_;
    }

    int fds[most_members];
    std::size_t fd_count = 0;

private:
    record& to_;
    std::size_t used_ = 0;
};

// --- receiving --------------------------------------------------------------

/// Reads a record of `size` bytes that anybody may have made.
class parser {
public:
    parser(const record& from, std::size_t size,
           const std::vector<unique_descriptor>& fds) noexcept
        : from_{from},
          strings_size_{size - offsetof(record, strings)}, fds_{fds} {}

    /// False if it is no message.
    bool parse(message& m) {
        return (from_.members[0] == nil ? single(m) : dictionary(m)) &&
               used_ == strings_size_ && used_fds_ == fds_.size();
    }

private:
    bool single(message& m) {
        m.is_dictionary = false;
        auto l = leaf(from_.members[1]);
        if (!l || std::holds_alternative<message::null>(*l) || !rest_is_zero(2))
            return false;
        m.members.emplace_back(std::string{}, std::move(*l));
        return true;
    }

    bool dictionary(message& m) {
        m.is_dictionary = true;
        std::size_t i = 0;
        for (; i < most_members && from_.members[i] != nil; ++i) {
            const auto key = string();
            if (!key || has(m, *key)) return false;
            auto l = leaf(from_.members[i]);
            if (!l) return false;
            m.members.emplace_back(std::string{*key}, std::move(*l));
        }
        return rest_is_zero(i + 1);
    }

    static bool has(const message& m, std::string_view key) {
        return std::ranges::any_of(m.members,
                                   [&](auto& p) { return p.first == key; });
    }

    bool rest_is_zero(std::size_t i) const noexcept {
        for (; i < most_members; ++i)
            if (from_.members[i] != 0) return false;
        return true;
    }

    std::optional<std::string_view> string() noexcept {
        if (used_ == strings_size_) return std::nullopt;
        const std::size_t size = from_.strings[used_];
        if (size > strings_size_ - used_ - 1) return std::nullopt;
        const auto* at =
            reinterpret_cast<const char*>(from_.strings) + used_ + 1;
        used_ += 1 + size;
        return std::string_view{at, size};
    }

    std::optional<message::leaf> next_handle(bool is_address) noexcept {
        if (used_fds_ == fds_.size()) return std::nullopt;
        const int fd = fds_[used_fds_++].get();
        if (is_address && !is_connected_socket(fd)) return std::nullopt;
        return handle{is_address, fd};
    }

    static bool is_connected_socket(int fd) noexcept {
        const auto is = [fd](int option, int wanted) {
            int v = 0;
            socklen_t size = sizeof(v);
            return ::getsockopt(fd, SOL_SOCKET, option, &v, &size) == 0 &&
                   v == wanted;
        };
        return is(SO_DOMAIN, AF_UNIX) && is(SO_TYPE, SOCK_SEQPACKET) &&
               is(SO_ACCEPTCONN, 0);
    }

    std::optional<message::leaf> leaf(std::uint64_t word) {
        const bool is_nan =
            (word & exponent) == exponent && (word & ~(exponent | sign)) != 0;
        if (!is_nan) return std::bit_cast<double>(word);
        // Whatever else its bits are: Lua's own values hide in NaNs, too.
        if (word & quiet_bit) return std::numeric_limits<double>::quiet_NaN();
        switch (word) {
        case word_of(tag::boolean_true):
            return true;
        case word_of(tag::boolean_false):
            return false;
        case word_of(tag::string):
            if (const auto s = string()) return std::string{*s};
            return std::nullopt;
        case word_of(tag::file_descriptor):
            return next_handle(false);
        case word_of(tag::actor_address):
            return next_handle(true);
        case word_of(tag::null):
            return message::null{};
        default:
            return std::nullopt;
        }
    }

    static constexpr std::uint64_t sign = 0x8000'0000'0000'0000;

    const record& from_;
    const std::size_t strings_size_;
    const std::vector<unique_descriptor>& fds_;
    std::size_t used_ = 0, used_fds_ = 0;
};

/// The descriptors that came along, all of them, whether or not they are
/// wanted. False if there is anything else, or more than fits.
bool take_descriptors(msghdr& m, std::vector<unique_descriptor>& fds) {
    bool expected = !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC));
    for (auto* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
            c->cmsg_len < CMSG_LEN(0)) {
            expected = false;
            continue;
        }
        const auto n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < n; ++i) {
            int fd;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
            fds.emplace_back(fd);
        }
    }
    return expected;
}

} // namespace

error_code write_message(int socket, const message& m) noexcept {
    record r;
    std::memset(r.members, 0, sizeof(r.members));
    writer w{r};
    if (m.is_dictionary) {
        std::size_t i = 0;
        for (const auto& [key, value] : m.members) {
            w.string(key);
            r.members[i++] = w.leaf(value);
        }
        if (i < most_members) r.members[i] = nil;
    } else {
        r.members[0] = nil;
        r.members[1] = w.leaf(m.members.front().second);
    }
    // What is not used of the strings is not sent.
    iovec bytes{&r, w.size()};
    msghdr header{};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    rights along;
    if (w.fd_count > 0) {
        const auto size = w.fd_count * sizeof(int);
        std::memset(&along, 0, sizeof(along));
        header.msg_control = along.bytes;
        header.msg_controllen = CMSG_SPACE(size);
        auto* c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(size);
        std::memcpy(CMSG_DATA(c), w.fds, size);
    }
    while (::sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
        if (errno != EINTR) return {errno, boost::system::system_category()};
    return {};
}

reading read_message(int socket, message& m) {
    // Before a descriptor is there that would be lost.
    m.descriptors.reserve(most_members + 1);
    record r;
    iovec bytes{&r, sizeof(r)};
    rights along;
    msghdr header{};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = along.bytes;
    header.msg_controllen = sizeof(along.bytes);
    ssize_t n;
    while ((n = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)) ==
           -1)
        if (errno != EINTR)
            return errno == EAGAIN ? reading::would_block : reading::ended;
    const bool expected = take_descriptors(header, m.descriptors);
    if (!expected || static_cast<std::size_t>(n) < sizeof(r.members))
        return reading::ended;
    parser p{r, static_cast<std::size_t>(n), m.descriptors};
    return p.parse(m) ? reading::message : reading::ended;
}

} // namespace emilua::sandbox
