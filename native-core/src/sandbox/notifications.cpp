// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/notifications.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// A number behind `name` in a file of /proc.
std::optional<unsigned long> number_in(const std::string& file,
                                       std::string_view name, int base) {
    std::ifstream f{file};
    for (std::string line; std::getline(f, line);)
        if (line.starts_with(name))
            return std::strtoul(line.c_str() + name.size(), nullptr, base);
    return std::nullopt;
}

std::string in_proc(pid_t tid, const char* file) {
    std::string r{"/proc/"};
    r += std::to_string(tid);
    return r += file;
}

} // namespace

notifications::notifications(unique_descriptor listener)
    : listener_{std::move(listener)} {
    seccomp_notif_sizes sizes{};
    if (::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == -1)
        throw_errno("seccomp");
    buffer_.resize(std::max<std::size_t>(
        {sizes.seccomp_notif, sizes.seccomp_notif_resp, sizeof(seccomp_notif),
         sizeof(seccomp_notif_resp)}));
}

notifications::state notifications::receive(seccomp_notif& to) {
    for (;;) {
        pollfd p{listener_.get(), POLLIN, 0};
        // Without a call that waits, the next one would be waited for.
        if (::poll(&p, 1, 0) != 1) return state::none;
        if (!(p.revents & POLLIN)) return state::over;
        std::fill(buffer_.begin(), buffer_.end(), '\0');
        if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV,
                    buffer_.data()) == 0) {
            std::memcpy(&to, buffer_.data(), sizeof(to));
            return state::one;
        }
        // Whoever it was has been killed meanwhile.
        if (errno != ENOENT && errno != EINTR) return state::over;
    }
}

bool notifications::is_waiting(const seccomp_notif& n) const noexcept {
    auto id = n.id;
    return ::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

void notifications::send(const seccomp_notif& n, int error,
                         unsigned flags) noexcept {
    std::fill(buffer_.begin(), buffer_.end(), '\0');
    seccomp_notif_resp r{};
    r.id = n.id;
    r.error = -error;
    r.flags = flags;
    std::memcpy(buffer_.data(), &r, sizeof(r));
    // Who does not wait any more needs no answer.
    ::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, buffer_.data());
}

void notifications::answer(const seccomp_notif& n, int error) noexcept {
    send(n, error, 0);
}

void notifications::go_on(const seccomp_notif& n) noexcept {
    send(n, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

bool notifications::replace(const seccomp_notif& n, int number, int fd,
                            bool close_on_exec) noexcept {
    seccomp_notif_addfd a{};
    a.id = n.id;
    a.flags = SECCOMP_ADDFD_FLAG_SETFD;
    a.srcfd = static_cast<unsigned>(fd);
    a.newfd = static_cast<unsigned>(number);
    a.newfd_flags = close_on_exec ? O_CLOEXEC : 0;
    return ::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &a) != -1;
}

std::optional<std::string> read_memory(pid_t pid, std::uint64_t address,
                                       std::size_t size) {
    std::string r(size, '\0');
    const iovec here{r.data(), size};
    const iovec there{reinterpret_cast<void*>(address), size};
    const auto n = ::process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (n != static_cast<ssize_t>(size)) return std::nullopt;
    return r;
}

std::optional<std::string> read_text(pid_t pid, std::uint64_t address) {
    // Page by page: what is behind the end need not be there.
    constexpr std::size_t page = 4096;
    std::string r;
    while (r.size() < PATH_MAX) {
        const auto size = page - (address + r.size()) % page;
        const auto part = read_memory(pid, address + r.size(), size);
        if (!part) return std::nullopt;
        const auto end = part->find('\0');
        r.append(*part, 0, end);
        if (end != part->npos) return r;
    }
    return std::nullopt;
}

unique_descriptor descriptor_of(pid_t tid, int number) {
    // Threads have pidfds from Linux 6.9 on; before, their process has one.
    constexpr unsigned of_a_thread = O_EXCL;
    unique_descriptor process{
        static_cast<int>(::syscall(SYS_pidfd_open, tid, 0))};
    if (!process)
        process = unique_descriptor{
            static_cast<int>(::syscall(SYS_pidfd_open, tid, of_a_thread))};
    if (!process) {
        const auto leader = number_in(in_proc(tid, "/status"), "Tgid:", 10);
        if (leader)
            process = unique_descriptor{static_cast<int>(
                ::syscall(SYS_pidfd_open, static_cast<pid_t>(*leader), 0))};
    }
    if (!process) return {};
    return unique_descriptor{
        static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), number, 0))};
}

bool closes_on_exec(pid_t tid, int number) {
    auto file = in_proc(tid, "/fdinfo/");
    file += std::to_string(number);
    const auto flags = number_in(file, "flags:", 8);
    return !flags || (*flags & O_CLOEXEC);
}

} // namespace emilua::sandbox
