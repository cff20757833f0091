// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/shared_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace emilua {

namespace {

bool is_ready(int fd, short events) noexcept {
    pollfd p{fd, events, 0};
    return ::poll(&p, 1, 0) == 1;
}

/// Files never make anybody wait in the sense of poll().
bool is_file(int fd) noexcept {
    struct stat s;
    return ::fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISBLK(s.st_mode));
}

/// `call` is preadv2 or pwritev2 with RWF_NOWAIT; `plain` the same without it,
/// for where the kernel does not know the flag.
template <class Call, class Plain>
ssize_t without_waiting(int fd, short events, Call call, Plain plain) noexcept {
    const ssize_t n = call();
    if (n != -1 || !(errno == EAGAIN ? is_file(fd)
                                     : errno == EOPNOTSUPP || errno == ENOSYS))
        return n;
    if (is_ready(fd, events)) return plain();
    errno = EAGAIN;
    return -1;
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
            const auto most =
                is_file(fd) ? size : std::min<std::size_t>(size, PIPE_BUF);
            return ::write(fd, data, most);
        });
}

} // namespace emilua
