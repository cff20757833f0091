// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/serial_port/baud_rate.hpp"
#include "modules/serial_port/serial_port.hpp"

#include <termios.h>

namespace emilua::serial_port {
namespace {

termios settings_of(const io_descriptor& io) {
    require_open(io);
    termios t;
    if (::tcgetattr(io.get(), &t) != 0) throw_errno("tcgetattr");
    return t;
}

template <class Change>
void change_settings(const io_descriptor& io, Change change) {
    auto t = settings_of(io);
    change(t);
    if (::tcsetattr(io.get(), TCSANOW, &t) != 0) throw_errno("tcsetattr");
}

void set(tcflag_t& flags, tcflag_t mask, bool on) noexcept {
    flags = on ? flags | mask : flags & ~mask;
}

} // namespace

std::uint32_t serial_port::get_baud_rate() const {
    require_open(io_);
    return baud_rate_of(io_.get());
}

void serial_port::set_baud_rate(std::uint32_t rate) {
    require_open(io_);
    change_baud_rate(io_.get(), rate);
}

std::optional<flow_control> serial_port::get_flow_control() const {
    const auto t = settings_of(io_);
    if (t.c_iflag & (IXOFF | IXON)) return flow_control::software;
    if (t.c_cflag & CRTSCTS) return flow_control::hardware;
    return std::nullopt;
}

void serial_port::set_flow_control(std::optional<flow_control> v) {
    change_settings(io_, [v](termios& t) {
        set(t.c_iflag, IXOFF | IXON, v == flow_control::software);
        set(t.c_cflag, CRTSCTS, v == flow_control::hardware);
    });
}

std::optional<parity> serial_port::get_parity() const {
    const auto t = settings_of(io_);
    if (!(t.c_cflag & PARENB)) return std::nullopt;
    return t.c_cflag & PARODD ? parity::odd : parity::even;
}

void serial_port::set_parity(std::optional<parity> v) {
    change_settings(io_, [v](termios& t) {
        set(t.c_cflag, PARENB, v.has_value());
        set(t.c_cflag, PARODD, v == parity::odd);
        set(t.c_iflag, IGNPAR, !v);
        if (!v) return;
        // A character that came wrong is read as NUL.
        set(t.c_iflag, PARMRK, false);
        set(t.c_iflag, INPCK, true);
    });
}

stop_bits serial_port::get_stop_bits() const {
    return settings_of(io_).c_cflag & CSTOPB ? stop_bits::two : stop_bits::one;
}

void serial_port::set_stop_bits(stop_bits v) {
    require_open(io_);
    if (v == stop_bits::one_point_five)
        throw failure{boost::asio::error::operation_not_supported};
    change_settings(
        io_, [v](termios& t) { set(t.c_cflag, CSTOPB, v == stop_bits::two); });
}

character_size serial_port::get_character_size() const {
    switch (settings_of(io_).c_cflag & CSIZE) {
    case CS5:
        return {5};
    case CS6:
        return {6};
    case CS7:
        return {7};
    default:
        return {8};
    }
}

void serial_port::set_character_size(character_size bits) {
    static constexpr tcflag_t sizes[] = {CS5, CS6, CS7, CS8};
    change_settings(io_, [bits](termios& t) {
        set(t.c_cflag, CSIZE, false);
        set(t.c_cflag, sizes[bits.value - 5], true);
    });
}

} // namespace emilua::serial_port
