// SPDX-License-Identifier: MIT OR BSL-1.0
// A guest before it is told what it is.
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"

#include <emilua/error.hpp>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <vector>

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
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

/// Right now the processors have something better to do. One that has work of
/// its own ahead is in nobody's way for longer than one that has none.
constexpr std::chrono::microseconds moment_of(guest_kind k) noexcept {
    return std::chrono::microseconds{k == guest_kind::actor ? 100 : 2000};
}

std::chrono::microseconds patience_left(const guest_birth& b) noexcept {
    if (b.patience < 0) return std::chrono::microseconds{-1};
    const auto until = b.born + std::chrono::milliseconds{b.patience};
    return std::max(std::chrono::duration_cast<std::chrono::microseconds>(
                        until - std::chrono::steady_clock::now()),
                    std::chrono::microseconds{0});
}

struct piece {
    std::uintptr_t from, to;
    bool is_written;
};

/// More is reserved for something else, such as the shadow of a sanitizer.
constexpr std::size_t largest_piece = 16 * 1024 * 1024;

/// What is mapped here, and in copies of this process.
std::vector<piece> mapped_memory() {
    std::vector<piece> all;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0, to = 0;
        char may[5] = "", kind = 0;
        if (std::sscanf(line.c_str(),
                        "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %c", &from, &to,
                        may, &kind) < 3)
            continue;
        // What the kernel maps by itself is there.
        const bool is_kernels = kind == '[' && may[1] != 'w';
        if (may[0] == 'r' && !is_kernels && to - from <= largest_piece)
            all.push_back({from, to, may[1] == 'w'});
    }
    return all;
}

const std::vector<piece>& memory_of_server() {
    static const auto all = mapped_memory();
    return all;
}

/// Has the kernel do now what it does at the first use of each page: a hundred
/// times a microsecond. What is written is copied, where Linux (not
/// before 5.14) can be asked for it; of a file one page brings those beside it
/// along. Until the guest is wanted.
void touch_memory(const guest_birth& b) {
    constexpr std::uintptr_t brought_along = 64 * 1024;
    for (const bool is_written : {true, false}) {
        for (const auto& p : memory_of_server()) {
            if (p.is_written != is_written) continue;
            for (auto at = p.from; at < p.to;) {
                const auto next = std::min(
                    at / brought_along * brought_along + brought_along, p.to);
                ::madvise(
                    reinterpret_cast<void*>(at), is_written ? next - at : 1,
                    is_written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
                if (is_set_up(b)) return;
                at = next;
            }
        }
    }
}

} // namespace

void look_at_memory() { static_cast<void>(memory_of_server()); }

std::optional<part> receive_setup(const guest_birth& b, int other,
                                  unique_descriptor* left) {
    if (b.ahead) {
        auto n = wait_for(b.setup, other, moment_of(b.shape.runs));
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
