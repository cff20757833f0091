// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/shared_calls.hpp"

#include "core/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace emilua {

namespace {

/// 1, or 0 and -1 with the reason in errno: not now, or not to be known.
int is_ready(int fd, short events) noexcept {
    pollfd p{fd, events, 0};
    const int n = ::poll(&p, 1, 0);
    if (n == 0) errno = EAGAIN;
    return n;
}

/// Files never make anybody wait in the sense of poll().
bool is_file(int fd) noexcept {
    struct stat s;
    return ::fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISBLK(s.st_mode));
}

bool waits_for_nothing(int fd) noexcept {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags != -1 && (flags & O_NONBLOCK) != 0;
}

/// `call` is preadv2 or pwritev2 with RWF_NOWAIT; `plain` the same without it,
/// for where the kernel does not know the flag.
template <class Call, class Plain>
ssize_t without_waiting(int fd, short events, Call call, Plain plain) noexcept {
    const ssize_t n = call();
    if (n != -1 || !(errno == EAGAIN ? is_file(fd)
                                     : errno == EOPNOTSUPP || errno == ENOSYS))
        return n;
    return is_ready(fd, events) == 1 ? plain() : -1;
}

} // namespace

ssize_t shared_calls::read(int fd, void* data, std::size_t size, int,
                           bool&) noexcept {
    const iovec v{data, size};
    return without_waiting(
        fd, POLLIN, [&] { return ::preadv2(fd, &v, 1, -1, RWF_NOWAIT); },
        [&] { return ::read(fd, data, size); });
}

ssize_t shared_calls::write(int fd, const void* data, std::size_t size,
                            int) noexcept {
    const iovec v{const_cast<void*>(data), size};
    return without_waiting(
        fd, POLLOUT, [&] { return ::pwritev2(fd, &v, 1, -1, RWF_NOWAIT); },
        [&] {
            if (is_file(fd) || waits_for_nothing(fd))
                return ::write(fd, data, size);
            if (const auto own = terminal_without_waiting(fd))
                return ::write(own.get(), data, size);
            return ::write(fd, data, std::min<std::size_t>(size, PIPE_BUF));
        });
}

} // namespace emilua
