// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/unique_descriptor.hpp>

namespace emilua {

/// Whether `fd` is the end of a pseudoterminal that stands for the device.
bool is_pty_master(int fd) noexcept;

/// Opens the terminal behind `fd` once more, to write to it without waiting:
/// the flags of `fd` are those of everybody who shares it. Nothing for what is
/// no terminal, for a master, and where it may not be opened.
unique_descriptor terminal_without_waiting(int fd) noexcept;

/// Throws `failure`: ENOTTY, EBADF. tcgetpgrp(3).
int foreground_group(int fd);
/// Throws `failure`, for `argument`. tcsetpgrp(3).
void set_foreground_group(int fd, int group, const char* argument);

} // namespace emilua
