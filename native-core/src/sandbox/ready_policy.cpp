// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/steps.hpp"

#include <fcntl.h>
#include <poll.h>

namespace emilua::sandbox {
namespace {

/// As they are now; what is told of is what changes from now on.
unique_descriptor watch_mounts() {
    constexpr const char* path = "/proc/self/mountinfo";
    const unique_descriptor fd{::open(path, O_RDONLY | O_CLOEXEC)};
    if (!fd) refuse(layer::files, "open", path);
    // What comes along with a set-up has its place among the lowest numbers.
    unique_descriptor r{::fcntl(fd.get(), F_DUPFD_CLOEXEC, 10)};
    if (!r) refuse(layer::files, "fcntl");
    return r;
}

bool has_changed(const unique_descriptor& mounts) noexcept {
    pollfd p{mounts.get(), POLLPRI, 0};
    return ::poll(&p, 1, 0) != 0;
}

} // namespace

bool ready_policy::is_possible_for(const confinement& c) noexcept {
    // Of the others something is for one guest alone.
    return c.on == foundation::namespaces && !c.asks_to_connect &&
           c.replaced.path.empty();
}

ready_policy::ready_policy(const confinement& c,
                           const unique_descriptor& mounts)
    : of_{c}, table_{watch_mounts()}, named_{look_up(c)}, filled_{fill_mounts(
                                                              c, mounts,
                                                              named_)} {}

bool ready_policy::serves(const confinement& c) const {
    auto mine = of_;
    mine.directory = c.directory;
    if (mine != c) return false;
    try {
        // In this order: then they are what they were with these mounts.
        return look_up(c) == named_ && !has_changed(table_);
    } catch (const refusal&) {
        // Who looks for it once more tells why it is not there.
        return false;
    }
}

} // namespace emilua::sandbox
