// SPDX-License-Identifier: MIT OR BSL-1.0
// A guest before it is told what it is.
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"

#include <emilua/error.hpp>

#include <cinttypes>
#include <cstdio>
#include <fstream>

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

bool is_wanted(const guest_birth& b, int milliseconds) noexcept {
    pollfd p{b.setup, POLLIN, 0};
    int n;
    while ((n = ::poll(&p, 1, milliseconds)) == -1 && errno == EINTR)
        ;
    return n != 0;
}

/// Milliseconds.
constexpr int moment = 2;

/// More is reserved for something else, such as the shadow of a sanitizer.
constexpr std::size_t largest_part = 16 * 1024 * 1024;

/// Has the kernel do now what it does at the first use of each page: a hundred
/// times a microsecond. Linux before 5.14 does not.
void touch_memory() {
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0, to = 0;
        char may[5] = "";
        if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s", &from,
                        &to, may) != 3)
            continue;
        if (to - from > largest_part) continue;
        const bool is_written = may[1] == 'w', runs = may[2] == 'x';
        if (is_written || runs)
            ::madvise(reinterpret_cast<void*>(from), to - from,
                      is_written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
    }
}

} // namespace

part receive_setup(const guest_birth& b) {
    // Right now the processors have something better to do.
    if (b.ahead && !is_wanted(b, moment)) {
        touch_memory();
        // From here on nothing more can be sent; what was is there.
        if (!is_wanted(b, b.patience)) ::shutdown(b.setup, SHUT_RD);
    }
    try {
        return receive_part(b.setup);
    } catch (const failure& f) {
        if (f.code == boost::system::errc::broken_pipe) ::_exit(0);
        throw;
    }
}

void make_own_mounts(const guest_birth& b) {
    if (b.ahead && (b.shape.namespaces & CLONE_NEWNS) &&
        ::unshare(CLONE_NEWNS) == -1)
        throw_errno("unshare");
}

} // namespace emilua::sandbox
