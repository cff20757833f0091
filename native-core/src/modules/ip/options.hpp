// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/ip/address.hpp"

#include "core/stream_socket.hpp"

#include <netinet/in.h>

/// The words that the sockets of this module take and what they mean to the
/// system.

namespace emilua::ip {

using file_descriptor::file_descriptor;

enum class ip_family { v4 = AF_INET, v6 = AF_INET6 };

/// A version, by name or by example.
using family_argument = std::variant<ip_family, address>;

int to_family(const family_argument& f) noexcept;

enum class message_flag : unsigned {
    do_not_route = MSG_DONTROUTE,
    end_of_record = MSG_EOR,
    out_of_band = MSG_OOB,
    peek = MSG_PEEK,
};

enum class io_command { bytes_readable };

/// What close(2) does with data that has not been sent.
struct linger_option {
    bool enabled = false;
    int timeout = 0;

    friend bool operator==(const linger_option&,
                           const linger_option&) = default;
};

using option_value = std::variant<bool, std::int64_t, linger_option>;

/// Where an option lives, and whether programs see it as a boolean.
struct option_place {
    int level;
    int name;
    bool boolean;
};

option_value get_option(const io_descriptor& d, const option_place& p);
/// Throws EINVAL for "val" when `v` is of another kind.
void set_option(const io_descriptor& d, const option_place& p,
                const option_value& v);

/// What every socket of this module does with its own address.
void open_ip_socket(io_descriptor& d, int family, int type);
void bind_socket(const io_descriptor& d, const address_argument& addr,
                 port_number port);
boost::asio::ip::tcp::endpoint local_endpoint(const io_descriptor& d);
boost::asio::ip::tcp::endpoint remote_endpoint(const io_descriptor& d);
/// Throws when `fd` is no socket of that kind; then the caller keeps it.
void assign_socket(io_descriptor& d, int family, int type, file_descriptor& fd);
file_descriptor release_socket(io_descriptor& d);
void disconnect_socket(const io_descriptor& d);

} // namespace emilua::ip

namespace emilua {

template <> struct enum_names<ip::ip_family> {
    using o = ip::ip_family;
    static constexpr auto name = "family";
    static constexpr enum_item<o> items[] = {
        {"v4", o::v4, "IPv4 (ip(7))."},
        {"v6", o::v6, "IPv6 (ipv6(7))."},
    };
};

template <> struct enum_names<ip::message_flag> {
    using o = ip::message_flag;
    static constexpr auto name = "message_flag";
    static constexpr enum_item<o> items[] = {
        {"do_not_route", o::do_not_route,
         "Send to hosts on the same network only (MSG_DONTROUTE)."},
        {"end_of_record", o::end_of_record,
         "The data ends a record (MSG_EOR)."},
        {"out_of_band", o::out_of_band,
         "Urgent data, past the stream (MSG_OOB)."},
        {"peek", o::peek, "Leave what is received in the queue (MSG_PEEK)."},
    };
};

template <> struct enum_names<ip::io_command> {
    static constexpr auto name = "io_command";
    static constexpr enum_item<ip::io_command> items[] = {
        {"bytes_readable", ip::io_command::bytes_readable,
         "How much can be read without waiting (FIONREAD)."},
    };
};

template <> struct enum_names<wait_type> {
    static constexpr auto name = "wait_type";
    static constexpr enum_item<wait_type> items[] = {
        {"read", wait_type::read, "There is something to read."},
        {"write", wait_type::write, "There is room to write."},
        {"error", wait_type::error, "There is an error or urgent data."},
    };
};

template <> struct enum_names<shutdown_type> {
    static constexpr auto name = "shutdown_type";
    static constexpr enum_item<shutdown_type> items[] = {
        {"receive", shutdown_type::receive, "No more receiving."},
        {"send", shutdown_type::send,
         "No more sending: the peer reads the end of the stream."},
        {"both", shutdown_type::both, "Neither."},
    };
};

template <> struct record_traits<ip::linger_option> {
    static const record_description& describe();
    static ip::linger_option read(const value& v);
    static value write(ip::linger_option v);
};

} // namespace emilua
