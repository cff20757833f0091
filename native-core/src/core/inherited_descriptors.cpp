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
    explicit registry(const std::array<bool, highest - lowest + 1>& known) {
        std::ranges::copy(known, there.begin() + lowest);
        for (int fd = lowest; fd <= highest; ++fd)
            if (there[static_cast<std::size_t>(fd)])
                ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
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

std::once_flag looked_once;
std::optional<registry> the_registry;

/// As the first call says.
template <class Known> registry& inherited(const Known& known) {
    std::call_once(looked_once, [&] { the_registry.emplace(known); });
    return *the_registry;
}

} // namespace

void note_inherited_descriptors() { inherited(false); }

void note_descriptors_of_host() { inherited(true); }

void note_inherited_descriptors(const std::array<bool, 7>& there) {
    inherited(there);
}

unique_descriptor take_inherited(int fd) {
    auto& r = inherited(false);
    const std::lock_guard lock{r.mutex};
    if (fd < lowest || fd > highest) return {};
    bool& there = r.there[static_cast<std::size_t>(fd)];
    if (!there) return {};
    there = false;
    return unique_descriptor{fd};
}

} // namespace emilua
