// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/byte_stream.hpp"
#include "core/shared_calls.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua::serial_port {

using file_descriptor::file_descriptor;

enum class flow_control { software, hardware };
enum class parity { odd, even };
enum class stop_bits { one, one_point_five, two };
using character_size = ranged<5, 8>;

struct window_size {
    ranged<0, 65535> rows, columns;
};

/// The end of what a master is read from, its last program gone, is EIO to
/// the kernel.
struct terminal_calls : shared_calls {
    static ssize_t read(int fd, void* data, std::size_t size, int flags,
                        bool& more) noexcept;
};

/// A serial port, or another terminal: either end of a pseudoterminal.
class serial_port : public byte_stream<terminal_calls> {
public:
    using byte_stream::byte_stream;
    serial_port(vm& owner, std::optional<consumed<file_descriptor>> fd)
        : byte_stream{owner} {
        if (fd) assign(*fd);
    }

    static serial_port unpack(vm& owner, parcel p) {
        serial_port s{owner};
        s.adopt(std::move(p));
        return s;
    }

    /// Opens a device and sets it to raw bytes.
    void open(const c_string& device);
    /// Takes `fd` if it is a terminal, with its settings; otherwise throws,
    /// and the caller keeps it.
    void assign(consumed<file_descriptor> fd);
    file_descriptor release();

    /// Takes as long as the device has something to send, and a quarter of a
    /// second.
    void send_break();
    void send_break_meanwhile(handler<> h);

    bool isatty() const;
    int tcgetpgrp() const;
    void tcsetpgrp(int pgrp_id);

    std::uint32_t get_baud_rate() const;
    void set_baud_rate(std::uint32_t rate);
    std::optional<flow_control> get_flow_control() const;
    void set_flow_control(std::optional<flow_control> v);
    std::optional<parity> get_parity() const;
    void set_parity(std::optional<parity> v);
    stop_bits get_stop_bits() const;
    void set_stop_bits(stop_bits v);
    character_size get_character_size() const;
    void set_character_size(character_size bits);
    window_size get_window_size() const;
    void set_window_size(window_size v);
};

/// Throws `failure`: EMFILE, ENFILE, ENOSPC.
std::tuple<serial_port, file_descriptor> ptypair(vm& owner);

} // namespace emilua::serial_port
