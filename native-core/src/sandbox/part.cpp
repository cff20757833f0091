// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/part.hpp"

#include <emilua/error.hpp>

#include <cerrno>
#include <cstring>
#include <string.h>

#include <algorithm>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace emilua::sandbox {
namespace {

/// What a socket takes without anybody reading, several times over.
constexpr std::size_t largest_packet = std::size_t{32} * 1024;

enum class kind : std::uint32_t { bytes, file };

[[noreturn]] void refuse(int error) {
    throw failure{error_code{error, boost::system::system_category()},
                  "recvmsg"};
}

struct rights {
    alignas(cmsghdr) unsigned char bytes[CMSG_SPACE(
        sizeof(int) * (most_part_descriptors + 1))];
};

void send_packet_of(int socket, kind k, std::string_view bytes,
                    std::span<const int> fds) {
    iovec parts[2] = {{&k, sizeof(k)},
                      {const_cast<char*>(bytes.data()), bytes.size()}};
    msghdr m{};
    m.msg_iov = parts;
    m.msg_iovlen = 2;
    rights along;
    if (!fds.empty()) {
        std::memset(&along, 0, sizeof(along));
        m.msg_control = along.bytes;
        m.msg_controllen = CMSG_SPACE(fds.size_bytes());
        auto* c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(fds.size_bytes());
        std::memcpy(CMSG_DATA(c), fds.data(), fds.size_bytes());
    }
    while (::sendmsg(socket, &m, MSG_NOSIGNAL) == -1)
        if (errno != EINTR) throw_errno("sendmsg");
}

unique_descriptor file_of(std::string_view bytes) {
    unique_descriptor fd{::memfd_create("emilua", MFD_CLOEXEC)};
    if (!fd) throw_errno("memfd_create");
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n =
            ::write(fd.get(), bytes.data() + done, bytes.size() - done);
        if (n == -1) {
            if (errno == EINTR) continue;
            throw_errno("write");
        }
        done += static_cast<std::size_t>(n);
    }
    return fd;
}

std::string content_of(int fd) {
    struct stat s;
    if (::fstat(fd, &s) == -1) throw_errno("fstat");
    std::string r(static_cast<std::size_t>(s.st_size), '\0');
    std::size_t done = 0;
    while (done < r.size()) {
        const auto n = ::pread(fd, r.data() + done, r.size() - done,
                               static_cast<off_t>(done));
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) throw_errno("pread");
        if (n == 0) refuse(EBADMSG);
        done += static_cast<std::size_t>(n);
    }
    return r;
}

/// Waits for a packet. Memory that is used for the first time takes longer than
/// to ask how much it will be.
std::size_t size_of_next(int socket) {
    ssize_t n;
    while ((n = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC)) == -1)
        if (errno != EINTR) throw_errno("recv");
    return static_cast<std::size_t>(n);
}

} // namespace

socket_pair::socket_pair(int flags) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0, ends) ==
        -1)
        throw_errno("socketpair");
    ours = unique_descriptor{ends[0]};
    theirs = unique_descriptor{ends[1]};
}

unique_descriptor closed_end(bool reader) {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) == -1) throw_errno("pipe2");
    ::close(fds[reader ? 1 : 0]);
    return unique_descriptor{fds[reader ? 0 : 1]};
}

part::~part() { ::explicit_bzero(bytes.data(), bytes.capacity()); }

void send_part(int socket, std::string_view bytes, std::span<const int> fds) {
    if (fds.size() > most_part_descriptors)
        throw failure{error_code{E2BIG, boost::system::system_category()}};
    if (bytes.size() <= largest_packet)
        return send_packet_of(socket, kind::bytes, bytes, fds);
    const auto file = file_of(bytes);
    std::vector<int> all{fds.begin(), fds.end()};
    all.push_back(file.get());
    send_packet_of(socket, kind::file, {}, all);
}

part receive_part(int socket) {
    // In one piece of the heap: what is moved leaves its bytes behind.
    constexpr std::size_t least = 64;
    part p;
    p.bytes.reserve(least);
    p.bytes.resize(std::min(size_of_next(socket), largest_packet));
    p.fds.reserve(most_part_descriptors + 2);
    kind k{};
    iovec parts[2] = {{&k, sizeof(k)}, {p.bytes.data(), p.bytes.size()}};
    rights along;
    msghdr m{};
    m.msg_iov = parts;
    m.msg_iovlen = 2;
    m.msg_control = along.bytes;
    m.msg_controllen = sizeof(along.bytes);
    ssize_t n;
    while ((n = ::recvmsg(socket, &m, MSG_CMSG_CLOEXEC)) == -1)
        if (errno != EINTR) throw_errno("recvmsg");
    for (auto* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const auto count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
            p.fds.emplace_back(fd);
        }
    }
    if (n == 0) refuse(EPIPE);
    if (static_cast<std::size_t>(n) < sizeof(k) ||
        (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
        refuse(EBADMSG);
    p.bytes.resize(static_cast<std::size_t>(n) - sizeof(k));
    if (k == kind::file) {
        if (p.fds.empty()) refuse(EBADMSG);
        const auto file = std::move(p.fds.back());
        p.fds.pop_back();
        p.bytes = content_of(file.get());
    }
    return p;
}

std::string_view unpacker::bytes(std::size_t n) {
    if (n > in_.size()) refuse(EBADMSG);
    const auto r = in_.substr(0, n);
    in_.remove_prefix(n);
    return r;
}

} // namespace emilua::sandbox
