// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <alloca.h>
#include <cstddef>
#include <cstring>
#include <span>

#include <sys/socket.h>

namespace emilua::test {

/// Sends bytes and descriptors as they are, as anybody can. Whether all went.
inline bool send_raw(int socket, const void* bytes, std::size_t size,
                     std::span<const int> fds) {
    iovec part{const_cast<void*>(bytes), size};
    msghdr m{};
    m.msg_iov = &part;
    m.msg_iovlen = 1;
    if (!fds.empty()) {
        m.msg_controllen = CMSG_SPACE(fds.size_bytes());
        m.msg_control = alloca(m.msg_controllen);
        std::memset(m.msg_control, 0, m.msg_controllen);
        auto* const c = CMSG_FIRSTHDR(&m);
        *c = {CMSG_LEN(fds.size_bytes()), SOL_SOCKET, SCM_RIGHTS};
        std::memcpy(CMSG_DATA(c), fds.data(), fds.size_bytes());
    }
    return ::sendmsg(socket, &m, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
}

} // namespace emilua::test
