// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/guest_reports.hpp"

#include <cerrno>
#include <csignal>

#include <sys/socket.h>

namespace emilua::sandbox {

bool receive_report(int socket, program_report& r, bool& over) noexcept {
    ssize_t n;
    while ((n = ::recv(socket, &r, sizeof(r), MSG_DONTWAIT)) == -1 &&
           errno == EINTR)
        ;
    if (n == -1 && errno == EAGAIN) return false;
    if (n != sizeof(r)) {
        // By somebody else's hand.
        over = true;
        r = {};
        r.what = program_report::kind::ended;
        r.status = SIGKILL;
    }
    r.syscall[sizeof(r.syscall) - 1] = '\0';
    r.path[sizeof(r.path) - 1] = '\0';
    return true;
}

// The lock is held.
void guest_reports::read_all() noexcept {
    program_report r{};
    while (!over_ && receive_report(socket_.get(), r, over_)) {
        if (!start_) start_ = r;
        if (!over_ && r.what == program_report::kind::ended) end_ = r;
    }
}

std::optional<program_report> guest_reports::start() {
    const std::lock_guard lock{mutex_};
    read_all();
    return start_;
}

std::optional<program_report> guest_reports::end() {
    const std::lock_guard lock{mutex_};
    read_all();
    return end_;
}

} // namespace emilua::sandbox
