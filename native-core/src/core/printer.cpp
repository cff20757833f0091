// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/printer.hpp"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

namespace emilua {
namespace {

constexpr std::size_t portion = 32768;

} // namespace

printer& printer::instance() {
    static printer p;
    return p;
}

printer::printer() : at_once_{::isatty(STDOUT_FILENO) == 1} {
    ::pthread_atfork([] { instance().before_fork(); },
                     [] { instance().after_fork(false); },
                     [] { instance().after_fork(true); });
}

// What is left belongs to one process.
void printer::before_fork() noexcept {
    mutex_.lock();
    if (!left_.empty()) write();
}

// A child may end or become another program at any time, and tells nobody.
void printer::after_fork(bool in_child) noexcept {
    at_once_ |= in_child;
    mutex_.unlock();
}

error_code printer::print(std::string_view text) {
    const std::lock_guard lock{mutex_};
    if (broken_) return std::exchange(broken_, {});
    left_ += text;
    if (!at_once_ && left_.size() < portion) return {};
    write();
    return std::exchange(broken_, {});
}

void printer::flush() noexcept {
    const std::lock_guard lock{mutex_};
    if (!left_.empty()) write();
}

error_code printer::finish() noexcept {
    const std::lock_guard lock{mutex_};
    if (!left_.empty()) write();
    return std::exchange(broken_, {});
}

// The lock is held.
void printer::write() noexcept {
    // What C libraries of the program printed came first.
    std::fflush(stdout);
    std::size_t done = 0;
    while (done < left_.size()) {
        const auto n =
            ::write(STDOUT_FILENO, left_.data() + done, left_.size() - done);
        if (n >= 0) {
            done += static_cast<std::size_t>(n);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) {
            broken_.assign(errno, boost::system::system_category());
            break;
        }
        pollfd p{STDOUT_FILENO, POLLOUT, 0};
        ::poll(&p, 1, -1);
    }
    left_.clear();
}

} // namespace emilua
