// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/serial_port/baud_rate.hpp"

#include <emilua/error.hpp>

// The kernel's own structure, which <termios.h> hides, has rates as numbers.
#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace emilua::serial_port {
namespace {

/// Those with a name, which is all that programs beside us may know.
constexpr struct {
    std::uint32_t rate;
    unsigned name;
} named_rates[] = {
    {0, B0},
    {50, B50},
    {75, B75},
    {110, B110},
    {134, B134},
    {150, B150},
    {200, B200},
    {300, B300},
    {600, B600},
    {1200, B1200},
    {1800, B1800},
    {2400, B2400},
    {4800, B4800},
    {9600, B9600},
    {19200, B19200},
    {38400, B38400},
    {57600, B57600},
    {115200, B115200},
    {230400, B230400},
    {460800, B460800},
    {500000, B500000},
    {576000, B576000},
    {921600, B921600},
    {1000000, B1000000},
    {1152000, B1152000},
    {1500000, B1500000},
    {2000000, B2000000},
    {2500000, B2500000},
    {3000000, B3000000},
    {3500000, B3500000},
    {4000000, B4000000},
};

unsigned name_of(std::uint32_t rate) noexcept {
    for (const auto& r : named_rates)
        if (r.rate == rate) return r.name;
    return BOTHER;
}

termios2 settings_of(int fd) {
    termios2 t;
    if (::ioctl(fd, TCGETS2, &t) != 0) throw_errno("ioctl");
    return t;
}

} // namespace

std::uint32_t baud_rate_of(int fd) { return settings_of(fd).c_ospeed; }

void change_baud_rate(int fd, std::uint32_t rate) {
    auto t = settings_of(fd);
    const auto name = name_of(rate);
    constexpr unsigned mask = CBAUD | CBAUD << IBSHIFT;
    t.c_cflag = (t.c_cflag & ~mask) | name | name << IBSHIFT;
    t.c_ispeed = t.c_ospeed = rate;
    if (::ioctl(fd, TCSETS2, &t) != 0) throw_errno("ioctl");
}

} // namespace emilua::serial_port
