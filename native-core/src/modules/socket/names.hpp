// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <sys/socket.h>

/// The words that sockets of every address family take.

namespace emilua::socket {

enum class wait_type { read = 1, write, error };
enum class shutdown_type {
    receive = SHUT_RD,
    send = SHUT_WR,
    both = SHUT_RDWR
};
enum class message_flag : unsigned {
    do_not_route = MSG_DONTROUTE,
    end_of_record = MSG_EOR,
    out_of_band = MSG_OOB,
    peek = MSG_PEEK,
};
enum class io_command { bytes_readable };

} // namespace emilua::socket

namespace emilua {

template <> struct enum_names<socket::wait_type> {
    using o = socket::wait_type;
    static constexpr auto name = "wait_type";
    static constexpr enum_item<o> items[] = {
        {"read", o::read, "There is something to read."},
        {"write", o::write, "There is room to write."},
        {"error", o::error, "There is an error or urgent data."},
    };
};

template <> struct enum_names<socket::shutdown_type> {
    using o = socket::shutdown_type;
    static constexpr auto name = "shutdown_type";
    static constexpr enum_item<o> items[] = {
        {"receive", o::receive, "No more receiving."},
        {"send", o::send,
         "No more sending: the peer reads the end of the stream."},
        {"both", o::both, "Neither."},
    };
};

template <> struct enum_names<socket::message_flag> {
    using o = socket::message_flag;
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

template <> struct enum_names<socket::io_command> {
    using o = socket::io_command;
    static constexpr auto name = "io_command";
    static constexpr enum_item<o> items[] = {
        {"bytes_readable", o::bytes_readable,
         "How much can be read without waiting (FIONREAD)."},
    };
};

} // namespace emilua
