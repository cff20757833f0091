// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/file_descriptor/file_descriptor.hpp"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace emilua::file_descriptor {
namespace {

// False also for what is no socket at all.
bool socket_option_is(int fd, int name, int wanted) {
    int value = 0;
    socklen_t size = sizeof(value);
    if (::getsockopt(fd, SOL_SOCKET, name, &value, &size) != 0) {
        if (errno == ENOTSOCK) return false;
        throw_errno("getsockopt");
    }
    return value == wanted;
}

/// Nothing, with errno, where fstat fails.
std::optional<file_kind> kind_of(int fd) noexcept {
    struct stat st;
    if (::fstat(fd, &st) != 0) return std::nullopt;
    switch (st.st_mode & S_IFMT) {
    case S_IFREG:
        return file_kind::regular;
    case S_IFDIR:
        return file_kind::directory;
    case S_IFLNK:
        return file_kind::symlink;
    case S_IFBLK:
        return file_kind::block;
    case S_IFCHR:
        return file_kind::character;
    case S_IFIFO:
        return file_kind::fifo;
    case S_IFSOCK:
        return file_kind::socket;
    default:
        return file_kind::unknown;
    }
}

} // namespace

int file_descriptor::get() const {
    if (!fd_)
        throw failure{error_code{EBADF, boost::system::system_category()}};
    return fd_.get();
}

unique_descriptor file_descriptor::take() {
    was_ = kind_of(get());
    return std::move(fd_);
}

void file_descriptor::close() {
    if (!fd_) return;
    // The descriptor is gone whatever close says.
    if (::close(fd_.release()) != 0) throw_errno("close");
}

file_descriptor file_descriptor::dup() const {
    unique_descriptor copy{::fcntl(get(), F_DUPFD_CLOEXEC, 0)};
    if (!copy) throw_errno("fcntl");
    return file_descriptor{std::move(copy)};
}

bool file_descriptor::is_socket(socket_family family,
                                std::optional<socket_kind> type,
                                std::optional<socket_protocol> protocol) const {
    const int fd = get();
    static constexpr int families[] = {AF_UNIX, AF_INET, AF_INET6};
    static constexpr int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    static constexpr int protocols[] = {IPPROTO_TCP, IPPROTO_UDP};
    auto is = [fd](int name, int wanted) {
        return socket_option_is(fd, name, wanted);
    };
    return is(SO_DOMAIN, families[static_cast<int>(family)]) &&
           (!type || is(SO_TYPE, types[static_cast<int>(*type)])) &&
           (!protocol ||
            is(SO_PROTOCOL, protocols[static_cast<int>(*protocol)]));
}

int file_descriptor::kcmp(const file_descriptor& other) const {
    const auto self = ::getpid();
    const long r =
        ::syscall(SYS_kcmp, self, self, KCMP_FILE, get(), other.get());
    if (r < 0) throw_errno("kcmp");
    return static_cast<int>(r);
}

file_descriptor file_descriptor::openat(filesystem::path path,
                                        flags_of<filesystem::openat_flag> flags,
                                        std::optional<std::uint32_t> mode) {
    return file_descriptor{filesystem::open_file(get(), path, flags, mode)};
}

file_descriptor
file_descriptor::openat_bytes(std::variant<filesystem::path, value::bytes> path,
                              flags_of<filesystem::openat_flag> flags,
                              std::optional<std::uint32_t> mode) {
    if (auto* p = std::get_if<filesystem::path>(&path))
        return openat(std::move(*p), flags, mode);
    return openat(filesystem::path{std::filesystem::path{
                      std::move(std::get<value::bytes>(path).data)}},
                  flags, mode);
}

filesystem::linux_capabilities file_descriptor::cap_get() const {
    return filesystem::linux_capabilities{::cap_get_fd(get()), "fgetxattr"};
}

void file_descriptor::cap_set(filesystem::capabilities_to_set caps) {
    if (::cap_set_fd(get(), caps.caps ? caps.caps->get() : nullptr) != 0)
        throw_errno(caps.caps ? "fsetxattr" : "fremovexattr");
}

void file_descriptor::cap_set_text(filesystem::capability_text caps) {
    cap_set(filesystem::capabilities_of(caps));
}

bool file_descriptor::non_blocking() const {
    const int flags = ::fcntl(get(), F_GETFL);
    if (flags < 0) throw_errno("fcntl");
    return (flags & O_NONBLOCK) != 0;
}

void file_descriptor::set_non_blocking(bool v) {
    const int flags = ::fcntl(get(), F_GETFL);
    if (flags < 0) throw_errno("fcntl");
    const int wanted = v ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    if (wanted != flags && ::fcntl(get(), F_SETFL, wanted) != 0)
        throw_errno("fcntl");
}

file_kind file_descriptor::type() const {
    const auto kind = kind_of(get());
    if (!kind) throw_errno("fstat");
    return *kind;
}

std::string file_descriptor::to_string() const {
    return fd_ ? "/dev/fd/" + std::to_string(fd_.get())
               : std::string{"closed file descriptor"};
}

} // namespace emilua::file_descriptor
