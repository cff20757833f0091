// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

// What opens files and changes descriptors, failing.
#include "faults.hpp"

#include <cstdarg>

#include <fcntl.h>

extern "C" {
int __real_openat(int at, const char* path, int how, ...);
int __wrap_openat(int at, const char* path, int how, ...) {
    va_list more;
    va_start(more, how);
    const auto mode = va_arg(more, mode_t);
    va_end(more);
    return fails("openat") ? -1 : __real_openat(at, path, how, mode);
}

int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...) {
    va_list more;
    va_start(more, what);
    const auto argument = va_arg(more, long);
    va_end(more);
    return fails("fcntl") ? -1 : __real_fcntl(fd, what, argument);
}
}
