// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/terminal.hpp"

#include "core/signal_hub.hpp"

#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace emilua {

bool is_pty_master(int fd) noexcept {
    unsigned number;
    return ::ioctl(fd, TIOCGPTN, &number) == 0;
}

unique_descriptor terminal_without_waiting(int fd) noexcept {
    // A master's file is the way to a new pseudoterminal.
    if (::isatty(fd) != 1 || is_pty_master(fd)) return {};
    char path[32];
    std::snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return unique_descriptor{
        ::open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
}

int foreground_group(int fd) {
    const int group = ::tcgetpgrp(fd);
    if (group == -1) throw_errno("tcgetpgrp");
    return group;
}

void set_foreground_group(int fd, int group, const char* argument) {
    // A group in the background is not sent SIGTTOU, for which the call would
    // be made again and again, where the program ignores it.
    const bool ignored = signal_hub::instance().swallows(SIGTTOU);
    sigset_t out, before;
    ::sigemptyset(&out);
    if (ignored) ::sigaddset(&out, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &out, &before);
    const int r = ::tcsetpgrp(fd, group);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (r == -1) throw_errno("tcsetpgrp", argument);
}

} // namespace emilua
