// SPDX-License-Identifier: MIT OR BSL-1.0
// A guest before it is told what it is.
#include "sandbox/fork_server.hpp"
#include "sandbox/guest_memory.hpp"
#include "sandbox/part.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <chrono>

#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

enum class news { none, setup, other };

news wait_for(int setup, int other, std::chrono::microseconds time) noexcept {
    const timespec t{time.count() / 1'000'000,
                     time.count() % 1'000'000 * 1'000};
    pollfd p[] = {{setup, POLLIN, 0}, {other, POLLPRI, 0}};
    int n;
    while ((n = ::ppoll(p, 2, time.count() < 0 ? nullptr : &t, nullptr)) ==
               -1 &&
           errno == EINTR)
        ;
    if (n == 0) return news::none;
    // It is told once, so that it comes first.
    return p[1].revents != 0 ? news::other : news::setup;
}

/// Whether what it needs is not all there when it is born.
bool has_work_ahead(const guest_shape& s) noexcept {
    return s.runs != guest_kind::actor || s.namespaces != 0;
}

/// Right now the processors have something better to do. One that has work of
/// its own ahead is in nobody's way for longer than one that has none.
std::chrono::microseconds moment_of(const guest_shape& s) noexcept {
    const int n = s.runs != guest_kind::actor ? 2000
                  : has_work_ahead(s)         ? 100
                                              : 20;
    return std::chrono::microseconds{n};
}

std::chrono::microseconds patience_left(const guest_birth& b) noexcept {
    if (b.patience < 0) return std::chrono::microseconds{-1};
    const auto until = b.born + std::chrono::milliseconds{b.patience};
    return std::max(std::chrono::duration_cast<std::chrono::microseconds>(
                        until - std::chrono::steady_clock::now()),
                    std::chrono::microseconds{0});
}

/// Until the guest is wanted.
void touch_memory(const guest_birth& b) {
    const bool is_rehearsed = b.shape.runs == guest_kind::actor && b.rehearsed;
    for (const auto& p : is_rehearsed ? *b.rehearsed : memory_of_server()) {
        if (is_set_up(b)) return;
        map_now(p);
    }
}

} // namespace

void give_way(const guest_birth& b) noexcept {
    if (b.ahead && !has_work_ahead(b.shape))
        wait_for(b.setup, -1, moment_of(b.shape));
}

std::optional<part> receive_setup(const guest_birth& b, int other,
                                  unique_descriptor* left) {
    if (b.ahead) {
        auto n = has_work_ahead(b.shape)
                     ? wait_for(b.setup, other, moment_of(b.shape))
                     : news::none;
        if (n == news::none) {
            if (left) left->reset();
            touch_memory(b);
            n = wait_for(b.setup, other, patience_left(b));
        }
        if (n == news::other) return std::nullopt;
        // From here on nothing more can be sent; what was is there.
        if (n == news::none) ::shutdown(b.setup, SHUT_RD);
    }
    try {
        return receive_part(b.setup);
    } catch (const failure& f) {
        if (f.code == boost::system::errc::broken_pipe) ::_exit(0);
        throw;
    }
}

bool is_set_up(const guest_birth& b) noexcept {
    return wait_for(b.setup, -1, std::chrono::microseconds{0}) == news::setup;
}

void make_own_mounts(const guest_birth& b) {
    if (b.ahead && (b.shape.namespaces & CLONE_NEWNS) &&
        ::unshare(CLONE_NEWNS) == -1)
        throw_errno("unshare");
}

} // namespace emilua::sandbox
