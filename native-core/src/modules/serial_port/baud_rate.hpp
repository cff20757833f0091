// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstdint>

namespace emilua::serial_port {

/// In bits a second. Both throw `failure`. termios(3), ioctl_tty(2).
std::uint32_t baud_rate_of(int fd);
/// Of both directions, any number that the device can do.
void change_baud_rate(int fd, std::uint32_t rate);

} // namespace emilua::serial_port
