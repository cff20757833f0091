// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/options.hpp"

namespace emilua::ip {

enum class tcp_socket_option {
    tcp_no_delay,
    send_low_watermark,
    send_buffer_size,
    receive_low_watermark,
    receive_buffer_size,
    out_of_band_inline,
    linger,
    keep_alive,
    do_not_route,
    debug,
    v6_only,
};

class tcp_socket : public stream_socket {
public:
    using stream_socket::stream_socket;

    void open(family_argument family);
    void bind(address_argument addr, port_number port) {
        bind_socket(io_, addr, port);
    }
    void connect(const address& addr, port_number port, handler<> h);
    void disconnect() { disconnect_socket(io_); }
    void assign(family_argument family, file_descriptor& fd);
    file_descriptor release() { return release_socket(io_); }

    void receive(mutable_bytes buffer, flags_of<message_flag> flags,
                 handler<std::size_t> h) {
        stream_socket::receive(buffer, static_cast<int>(flags.bits),
                               std::move(h));
    }
    void send(const_bytes buffer, flags_of<message_flag> flags,
              handler<std::size_t> h) {
        stream_socket::send(buffer, static_cast<int>(flags.bits), std::move(h));
    }

    void set_option(tcp_socket_option opt, option_value val,
                    std::optional<int> timeout);
    option_value get_option(tcp_socket_option opt) const;
    std::size_t io_control(io_command) const { return bytes_readable(io_); }

    address local_address() const {
        return address{local_endpoint(io_).address()};
    }
    std::uint16_t local_port() const { return local_endpoint(io_).port(); }
    address remote_address() const {
        return address{remote_endpoint(io_).address()};
    }
    std::uint16_t remote_port() const { return remote_endpoint(io_).port(); }
    bool at_mark() const;

    /// As `connect`, for what is written in C++: see `stream_socket::connect`.
    template <class Handler>
    std::optional<error_code>
    connect_to(const boost::asio::ip::tcp::endpoint& e, bool at_once,
               Handler h) {
        if (!is_open()) open_ip_socket(io_, e.data()->sa_family, SOCK_STREAM);
        return stream_socket::connect(
            e.data(), static_cast<socklen_t>(e.size()), at_once, std::move(h));
    }
};

enum class tcp_acceptor_option {
    reuse_address,
    enable_connection_aborted,
    debug,
    v6_only,
};

class tcp_acceptor : public socket_object {
public:
    explicit tcp_acceptor(vm& owner) : socket_object{owner} {}
    tcp_acceptor(tcp_acceptor&& o) noexcept
        : socket_object{std::move(o)}, burst_{o.burst_.load()},
          report_aborted_{o.report_aborted_} {}

    void open(family_argument family);
    void bind(address_argument addr, port_number port) {
        bind_socket(io_, addr, port);
    }
    void listen(std::optional<int> backlog);
    void accept(handler<tcp_socket> h);
    void assign(family_argument family, file_descriptor& fd);
    file_descriptor release() { return release_socket(io_); }

    void set_option(tcp_acceptor_option opt, bool val);
    bool get_option(tcp_acceptor_option opt) const;

    address local_address() const {
        return address{local_endpoint(io_).address()};
    }
    std::uint16_t local_port() const { return local_endpoint(io_).port(); }

private:
    /// The last accept found a connection, so others may be waiting.
    std::atomic<bool> burst_ = false;
    bool report_aborted_ = false;
};

} // namespace emilua::ip
