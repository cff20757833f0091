// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <unistd.h>

#include <utility>

namespace emilua {

/// Owns a file descriptor and closes it.
class unique_descriptor {
public:
    unique_descriptor() = default;
    explicit unique_descriptor(int fd) noexcept : fd_{fd} {}
    unique_descriptor(unique_descriptor&& o) noexcept
        : fd_{std::exchange(o.fd_, -1)} {}
    unique_descriptor& operator=(unique_descriptor&& o) noexcept {
        if (this != &o) {
            reset();
            fd_ = std::exchange(o.fd_, -1);
        }
        return *this;
    }
    ~unique_descriptor() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset() noexcept {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

private:
    int fd_ = -1;
};

} // namespace emilua
