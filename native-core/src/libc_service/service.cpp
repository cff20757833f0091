// SPDX-License-Identifier: MIT OR BSL-1.0
#include "libc_service/service.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::libc_service {

namespace {

// Shells and others move their own descriptors about below that.
constexpr int lowest_number = 500;

int service_fd = -1;
struct stat service_identity;
const filter_runner* filters = nullptr;

__attribute__((tls_model("initial-exec"))) thread_local int bypasses = 0;

bool same_file(const struct stat& a, const struct stat& b) noexcept {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool is_packet_socket(int fd) noexcept {
    int type = 0;
    socklen_t size = sizeof(type);
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
           type == SOCK_SEQPACKET;
}

/// Reads the filters, which stay where they are for others.
std::string_view peek_filters(int fd) noexcept {
    const ssize_t size =
        ::recv(fd, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    if (size < static_cast<ssize_t>(sizeof(filters_magic))) return {};
    const auto n = static_cast<std::size_t>(size);
    if (n > most_filters) return {};
    // NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
    auto* const bytes = static_cast<char*>(std::malloc(n));
    if (!bytes) return {};
    if (::recv(fd, bytes, n, MSG_PEEK | MSG_DONTWAIT) != size) return {};
    return {bytes, n};
}

outcome failed(int error) noexcept {
    outcome o;
    o.error = error;
    return o;
}

struct reply_socket {
    int ends[2] = {-1, -1};
    reply_socket() noexcept {
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            ends[0] = ends[1] = -1;
    }
    void close_other() noexcept {
        ::close(ends[1]);
        ends[1] = -1;
    }
    ~reply_socket() {
        for (int fd : ends)
            if (fd != -1) ::close(fd);
    }
    reply_socket(const reply_socket&) = delete;
    reply_socket& operator=(const reply_socket&) = delete;
};

/// Sends the request, with where to answer and what it is about.
bool send_request(const request& r, int answer, int about) noexcept {
    iovec v{const_cast<request*>(&r), r.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
    const int fds[2] = {answer, about};
    const std::size_t n = about == -1 ? 1 : 2;
    msghdr m{};
    m.msg_iov = &v;
    m.msg_iovlen = 1;
    m.msg_control = control;
    m.msg_controllen = CMSG_SPACE(n * sizeof(int));
    auto* const c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(n * sizeof(int));
    std::memcpy(CMSG_DATA(c), fds, n * sizeof(int));
    ssize_t sent;
    do sent = ::sendmsg(service_fd, &m, MSG_NOSIGNAL);
    while (sent == -1 && errno == EINTR);
    return sent == static_cast<ssize_t>(r.size());
}

/// Waits for the answer. Takes one descriptor; there is no room for more.
bool receive_reply(int from, reply& r, int& fd, bool close_on_exec) noexcept {
    iovec v{&r, sizeof(r)};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr m{};
    m.msg_iov = &v;
    m.msg_iovlen = 1;
    m.msg_control = control;
    // Not what alignment adds, in which there is room for another one.
    m.msg_controllen = CMSG_LEN(sizeof(int));
    ssize_t n;
    do n = ::recvmsg(from, &m, close_on_exec ? MSG_CMSG_CLOEXEC : 0);
    while (n == -1 && errno == EINTR);
    if (n <= 0) return false;
    for (auto* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
            std::memcpy(&fd, CMSG_DATA(c), sizeof(int));
    if (is_valid(r, static_cast<std::size_t>(n))) return true;
    if (fd != -1) ::close(fd);
    return false;
}

timespec time_of(std::int64_t nanoseconds) noexcept {
    constexpr std::int64_t second = 1000000000;
    auto s = nanoseconds / second;
    auto rest = nanoseconds % second;
    if (rest < 0) {
        rest += second;
        --s;
    }
    return {s, rest};
}

void fill(struct stat& to, const file_status& from) noexcept {
    to = {};
    to.st_dev = from.dev;
    to.st_ino = from.ino;
    to.st_mode = static_cast<mode_t>(from.mode);
    to.st_nlink = from.nlink;
    to.st_uid = static_cast<uid_t>(from.uid);
    to.st_gid = static_cast<gid_t>(from.gid);
    to.st_rdev = from.rdev;
    to.st_size = static_cast<off_t>(from.size);
    to.st_blksize = static_cast<blksize_t>(from.blksize);
    to.st_blocks = static_cast<blkcnt_t>((from.size + 511) / 512);
    to.st_atim = time_of(from.times[0]);
    to.st_mtim = time_of(from.times[1]);
    to.st_ctim = time_of(from.times[2]);
}

bool opens(function what) noexcept {
    return what == function::open || what == function::openat;
}

} // namespace

bypass::bypass() noexcept { ++bypasses; }
bypass::~bypass() { --bypasses; }

void* next_function(const char* name) noexcept {
    return ::dlsym(RTLD_NEXT, name);
}

bool is_active() noexcept { return service_fd != -1 && bypasses == 0; }

int activate(int fd) noexcept {
    if (!is_packet_socket(fd)) return -1;
    const auto message = peek_filters(fd);
    if (message.empty()) return -1;
    if (fd < lowest_number) {
        const int moved = ::fcntl(fd, F_DUPFD, lowest_number);
        if (moved != -1) {
            ::close(fd);
            fd = moved;
        }
    }
    if (::fstat(fd, &service_identity) != 0) return -1;
    if (message.size() > sizeof(filters_magic)) {
        const bypass while_loading;
        filters = find_filters(message);
        // Nobody may take a program for filtered that is not.
        if (!filters) ::_exit(127);
    }
    service_fd = fd;
    return fd;
}

outcome ask(const call& c) noexcept {
    // Whoever closes all descriptors closes ours too, and others get its
    // number.
    struct stat now;
    if (::fstat(service_fd, &now) != 0 || !same_file(now, service_identity))
        return failed(EIO);
    request r;
    r.what = c.what;
    std::memcpy(r.numbers, c.numbers, sizeof(r.numbers));
    if (!r.set_texts(c.first, c.second)) return failed(ENAMETOOLONG);
    reply_socket s;
    if (s.ends[0] == -1) return failed(errno);
    if (!send_request(r, s.ends[1], c.fd))
        return failed(errno == EBADF ? EBADF : EIO);
    s.close_other();
    reply answer;
    int fd = -1;
    if (!receive_reply(s.ends[0], answer, fd,
                       opens(c.what) && c.numbers[0] & O_CLOEXEC))
        return failed(EIO);
    outcome o;
    o.own_credentials = answer.kind == reply_kind::own_credentials;
    o.result = answer.result;
    o.error = answer.error;
    if (opens(c.what) && fd != -1) {
        o.result = fd;
        o.error = 0;
    } else if (fd != -1) {
        ::close(fd);
    }
    fill(o.status, answer.status);
    o.address = answer.address;
    return o;
}

namespace {

outcome run_filter(const call& c) noexcept {
    const bypass calls_of_the_filter;
    return filters->run(c);
}

} // namespace

outcome run(const call& c) noexcept {
    const int before = errno;
    const auto o = filters && filters->has(c.what) ? run_filter(c) : ask(c);
    // As of any call that succeeds.
    errno = o.error != 0 ? o.error : before;
    return o;
}

} // namespace emilua::libc_service
