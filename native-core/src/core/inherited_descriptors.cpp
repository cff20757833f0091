// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/inherited_descriptors.hpp"

#include <array>
#include <mutex>

#include <fcntl.h>

namespace emilua {

namespace {

constexpr int lowest = 3, highest = 9;

struct registry {
    registry() {
        for (int fd = lowest; fd <= highest; ++fd) {
            const int flags = ::fcntl(fd, F_GETFD);
            if (flags == -1 || (flags & FD_CLOEXEC)) continue;
            ::fcntl(fd, F_SETFD, FD_CLOEXEC);
            there[static_cast<std::size_t>(fd)] = true;
        }
    }

    std::mutex mutex;
    std::array<bool, highest + 1> there{};
};

registry& inherited() {
    static registry r;
    return r;
}

} // namespace

void note_inherited_descriptors() { inherited(); }

unique_descriptor take_inherited(int fd) {
    auto& r = inherited();
    const std::lock_guard lock{r.mutex};
    if (fd < lowest || fd > highest) return {};
    bool& there = r.there[static_cast<std::size_t>(fd)];
    if (!there) return {};
    there = false;
    return unique_descriptor{fd};
}

} // namespace emilua
