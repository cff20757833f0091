// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/serial_port/serial_port.hpp"

#include "core/terminal.hpp"

#include <emilua/blocking.hpp>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

namespace emilua::serial_port {
namespace {

void send_break_to(int fd) {
    if (::tcsendbreak(fd, 0) != 0) throw_errno("tcsendbreak");
}

} // namespace

ssize_t terminal_calls::read(int fd, void* data, std::size_t size, int flags,
                             bool& more) noexcept {
    const auto n = shared_calls::read(fd, data, size, flags, more);
    if (n != -1 || errno != EIO) return n;
    if (is_pty_master(fd)) return 0;
    errno = EIO;
    return -1;
}

void serial_port::open(const c_string& device) {
    if (is_open()) throw failure{boost::asio::error::already_open};
    // Without O_NONBLOCK, opening may wait for a carrier.
    unique_descriptor fd{
        ::open(device.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!fd) throw_errno("open", "device");
    termios settings;
    if (::tcgetattr(fd.get(), &settings) != 0)
        throw_errno("tcgetattr", "device");
    ::cfmakeraw(&settings);
    settings.c_iflag |= IGNPAR;
    settings.c_cflag |= CREAD | CLOCAL;
    if (::tcsetattr(fd.get(), TCSANOW, &settings) != 0)
        throw_errno("tcsetattr", "device");
    io_.open(std::move(fd));
}

void serial_port::assign(consumed<file_descriptor> consumed_fd) {
    auto& fd = *consumed_fd;
    if (is_open()) throw failure{boost::asio::error::already_open};
    if (::isatty(fd.get()) != 1)
        throw_invalid_argument("fd", "a descriptor of a terminal");
    // Nothing else keeps a write to a master from waiting.
    if (is_pty_master(fd.get())) fd.set_non_blocking(true);
    auto taken = fd.take();
    try {
        io_.open(std::move(taken), true);
    } catch (failure& f) {
        fd = file_descriptor{std::move(taken)};
        f.argument = "fd";
        throw;
    }
}

file_descriptor serial_port::release() {
    require_open(io_);
    return file_descriptor{io_.release()};
}

void serial_port::send_break() {
    require_open(io_);
    send_break_to(io_.get());
}

void serial_port::send_break_meanwhile(handler<> h) {
    require_open(io_);
    // A thread is at it, whatever becomes of this object.
    unique_descriptor own{::fcntl(io_.get(), F_DUPFD_CLOEXEC, 0)};
    if (!own) throw_errno("fcntl");
    run_blocking(blocking_policy::finish, std::move(h),
                 [own = std::move(own)] { send_break_to(own.get()); });
}

bool serial_port::isatty() const {
    require_open(io_);
    return ::isatty(io_.get()) == 1;
}

int serial_port::tcgetpgrp() const {
    require_open(io_);
    return foreground_group(io_.get());
}

void serial_port::tcsetpgrp(int pgrp_id) {
    require_open(io_);
    set_foreground_group(io_.get(), pgrp_id, "pgrp_id");
}

window_size serial_port::get_window_size() const {
    require_open(io_);
    winsize size;
    if (::ioctl(io_.get(), TIOCGWINSZ, &size) != 0) throw_errno("ioctl");
    return {{size.ws_row}, {size.ws_col}};
}

void serial_port::set_window_size(window_size v) {
    require_open(io_);
    winsize size{};
    size.ws_row = static_cast<unsigned short>(v.rows.value);
    size.ws_col = static_cast<unsigned short>(v.columns.value);
    if (::ioctl(io_.get(), TIOCSWINSZ, &size) != 0) throw_errno("ioctl");
}

std::tuple<serial_port, file_descriptor> ptypair(vm& owner) {
    constexpr int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
    unique_descriptor master{::posix_openpt(flags | O_NONBLOCK)};
    if (!master) throw_errno("posix_openpt");
    if (::unlockpt(master.get()) != 0) throw_errno("unlockpt");
    // By its number, a path could lead to one of another mount.
    unique_descriptor slave{::ioctl(master.get(), TIOCGPTPEER, flags)};
    if (!slave) throw_errno("ioctl");
    return {serial_port{owner, std::move(master)},
            file_descriptor{std::move(slave)}};
}

} // namespace emilua::serial_port
