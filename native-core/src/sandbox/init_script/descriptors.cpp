// SPDX-License-Identifier: MIT OR BSL-1.0
// Reading, writing, sockets.
#include "sandbox/init_script/call.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/close_range.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

int read_bytes(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const std::size_t size = size_argument(L, 2);
    void* const buffer = lua_newuserdata(L, size);
    const ssize_t n = ::read(fd, buffer, size);
    if (n == -1) return fail_with_nil(L, errno);
    lua_pushlstring(L, static_cast<const char*>(buffer),
                    static_cast<std::size_t>(n));
    lua_pushinteger(L, 0);
    return 2;
}

int write_bytes(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const auto bytes = bytes_argument(L, 2);
    return finish(L,
                  static_cast<double>(::write(fd, bytes.data(), bytes.size())));
}

int write_all(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const auto bytes = bytes_argument(L, 2);
    for (auto rest = bytes; !rest.empty();) {
        const ssize_t n = ::write(fd, rest.data(), rest.size());
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) return fail(L, errno);
        rest = rest.subspan(static_cast<std::size_t>(n));
    }
    return finish(L, static_cast<double>(bytes.size()));
}

int close_from(lua_State* L) {
    const int lowest = argument<int>(L, 1);
    ::syscall(SYS_close_range, lowest < 0 ? 0 : lowest, ~0u, 0);
    return 0;
}

// Room for what the kernel hands over at most, of which one is wanted.
constexpr std::size_t most_descriptors = 253;

int first_descriptor(msghdr& m) {
    int found = -1;
    for (auto* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < n; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
            if (found == -1)
                found = fd;
            else
                ::close(fd);
        }
    }
    return found;
}

int receive_with_fd(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const std::size_t size = size_argument(L, 2);
    iovec v{lua_newuserdata(L, size), size};
    alignas(cmsghdr) char control[CMSG_SPACE(most_descriptors * sizeof(int))];
    msghdr m{};
    m.msg_iov = &v;
    m.msg_iovlen = 1;
    m.msg_control = control;
    m.msg_controllen = sizeof(control);
    const ssize_t n = ::recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
    if (n == -1) {
        const int error = errno;
        check_errexit(L, error);
        lua_pushnil(L);
        lua_pushinteger(L, -1);
        lua_pushinteger(L, error);
        return 3;
    }
    const int received = first_descriptor(m);
    lua_pushlstring(L, static_cast<const char*>(v.iov_base),
                    static_cast<std::size_t>(n));
    lua_pushinteger(L, received);
    lua_pushinteger(L, 0);
    return 3;
}

int send_with_fd(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const auto bytes = bytes_argument(L, 2);
    const int sent = argument<int>(L, 3);
    iovec v{const_cast<char*>(bytes.data()), bytes.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr m{};
    m.msg_iov = &v;
    m.msg_iovlen = 1;
    m.msg_control = control;
    m.msg_controllen = sizeof(control);
    auto* const c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(c), &sent, sizeof(int));
    return finish(L, static_cast<double>(::sendmsg(fd, &m, 0)));
}

int bind_unix(lua_State* L) {
    const int fd = argument<int>(L, 1);
    const auto path = bytes_argument(L, 2);
    const bool is_abstract = !path.empty() && path.front() == '\0';
    if (!is_abstract) text_argument(L, 2);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    // Without a path the kernel would make a name up.
    if (path.empty()) return fail(L, EINVAL);
    const std::size_t length = path.size() + (is_abstract ? 0 : 1);
    if (length > sizeof(a.sun_path)) return fail(L, ENAMETOOLONG);
    std::memcpy(a.sun_path, path.data(), path.size());
    return finish(L, ::bind(fd, reinterpret_cast<const sockaddr*>(&a),
                            static_cast<socklen_t>(
                                offsetof(sockaddr_un, sun_path) + length)));
}

constexpr c_function functions[] = {
    {"read", read_bytes},         {"write", write_bytes},
    {"dup", plain<&::dup>},       {"dup2", plain<&::dup2>},
    {"close", plain<&::close>},   {"closefrom", close_from},
    {"socket", plain<&::socket>}, {"listen", plain<&::listen>},
};

constexpr c_function helpers[] = {
    {"write_all", write_all},
    {"receive_with_fd", receive_with_fd},
    {"send_with_fd", send_with_fd},
    {"bind_unix", bind_unix},
};

} // namespace

const c_subject descriptor_calls{functions, helpers};

} // namespace emilua::sandbox
