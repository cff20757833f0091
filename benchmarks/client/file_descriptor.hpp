// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace emilua::benchmark {

[[noreturn]] inline void throw_errno(const char* what)
{
    throw std::system_error{errno, std::system_category(), what};
}

class file_descriptor
{
public:
    file_descriptor() = default;

    explicit file_descriptor(int fd)
        : fd_{fd}
    {}

    file_descriptor(file_descriptor&& other) noexcept
        : fd_{std::exchange(other.fd_, -1)}
    {}

    file_descriptor& operator=(file_descriptor&& other) noexcept
    {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }

    ~file_descriptor() { reset(); }

    void reset()
    {
        if (fd_ != -1)
            ::close(std::exchange(fd_, -1));
    }

    int get() const { return fd_; }

private:
    int fd_ = -1;
};

} // namespace emilua::benchmark
