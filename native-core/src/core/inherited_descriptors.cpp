// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/inherited_descriptors.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>

namespace emilua {

namespace {

constexpr int lowest = 3, highest = 9;

/// Whether libuv opened what is behind `fd`.
class of_host {
public:
    of_host() {
        std::error_code ec;
        for (const auto& e :
             std::filesystem::directory_iterator{"/proc/self/fd", ec})
            all_.push_back(std::filesystem::read_symlink(e.path(), ec));
    }
    bool operator()(int fd) const {
        std::error_code ec;
        const auto what = std::filesystem::read_symlink(
            "/proc/self/fd/" + std::to_string(fd), ec);
        return ec || what.native().starts_with("anon_inode:") ||
               (what.native().starts_with("pipe:") &&
                std::count(all_.begin(), all_.end(), what) > 1);
    }

private:
    std::vector<std::filesystem::path> all_;
};

struct registry {
    explicit registry(bool in_host) {
        std::optional<of_host> opened_here;
        if (in_host) opened_here.emplace();
        for (int fd = lowest; fd <= highest; ++fd) {
            const int flags = ::fcntl(fd, F_GETFD);
            if (flags == -1) continue;
            if ((flags & FD_CLOEXEC) && (!opened_here || (*opened_here)(fd)))
                continue;
            ::fcntl(fd, F_SETFD, FD_CLOEXEC);
            there[static_cast<std::size_t>(fd)] = true;
        }
    }

    std::mutex mutex;
    std::array<bool, highest + 1> there{};
};

/// As the first call says.
registry& inherited(bool in_host = false) {
    static registry r{in_host};
    return r;
}

} // namespace

void note_inherited_descriptors() { inherited(); }

void note_descriptors_of_host() { inherited(true); }

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
