// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/subprocess.hpp"

#include "core/perform.hpp"

#include <fcntl.h>

namespace emilua::system {

namespace {

struct reaping {
    std::shared_ptr<child_process> child;

    attempt operator()(int, error_code& ec) {
        try {
            return child->reap() ? attempt::done : attempt::would_block;
        } catch (const failure& f) {
            ec = f.code;
            return attempt::done;
        }
    }
};

void require_reaped(const child_process& child, const char* property) {
    if (!child.reaped())
        throw_invalid_argument(property, "a process that was waited for");
}

} // namespace

void subprocess::wait(handler<> h) {
    if (child_->reap()) {
        close_if_idle();
        if (h.may_complete_inline()) return h(error_code{});
        return h.complete_later(error_code{});
    }
    if (!io_.is_open()) {
        unique_descriptor fd{::fcntl(child_->pidfd(), F_DUPFD_CLOEXEC, 3)};
        if (!fd) throw_errno("fcntl");
        io_.open(std::move(fd), true);
    }
    perform(io_, io_direction::read, at_once::no, reaping{child_}, std::move(h),
            "waitid", [this](handler<>& h, reaping&) {
                // Closed on the VM's turn, where nobody begins to wait.
                h.continue_later([this](handler<>& h) {
                    close_if_idle();
                    h(error_code{});
                });
            });
}

void subprocess::close_if_idle() noexcept {
    if (io_.is_open() && io_.pending(io_direction::read) == 0) io_.close();
}

linux_capabilities subprocess::cap_get() const {
    return child_->with_pid([](pid_t pid) {
        return linux_capabilities{::cap_get_pid(pid), "capget"};
    });
}

int subprocess::exit_code() const {
    require_reaped(*child_, "exit_code");
    return child_->exit_code();
}

std::optional<int> subprocess::exit_signal() const {
    require_reaped(*child_, "exit_signal");
    const int signal = child_->exit_signal();
    return signal == 0 ? std::nullopt : std::optional{signal};
}

std::optional<int> subprocess::pid() const {
    return child_->reaped() ? std::nullopt : std::optional{child_->pid()};
}

} // namespace emilua::system
