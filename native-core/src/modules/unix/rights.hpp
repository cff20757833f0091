// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"
#include "modules/socket/datagram_io.hpp"
#include "modules/unix/name.hpp"

#include <memory>
#include <vector>

/// Descriptors in messages (SCM_RIGHTS).

namespace emilua::unix {

using file_descriptor::file_descriptor;
using socket::cut_off;
using socket::no_bytes;

/// What one message can carry (SCM_MAX_FD of Linux).
inline constexpr std::size_t most_descriptors = 253;

/// How many descriptors a program wants at most.
using descriptor_count = ranged<0, std::numeric_limits<int>::max()>;

/// Descriptors that the program lends to a call.
struct lent_descriptors {
    std::vector<ref<file_descriptor>> all;
};

/// The descriptors in what `recvmsg` wrote to `m.msg_control`; those of
/// SCM_RIGHTS come first. Whatever the bytes are, none outside is looked at.
struct descriptors_in {
    std::vector<int> rights, others;
    explicit descriptors_in(const msghdr& m);
};

/// What a message is made of: bytes, or text, which is kept until it is sent.
struct message_data {
    const_bytes bytes{};
    std::unique_ptr<std::string> text{};
};

/// `Attempt` that sends what a `message_data` has.
template <class Attempt> struct sends_data : Attempt {
    std::unique_ptr<std::string> text;
    using Attempt::operator();
};

/// Sends bytes and the descriptors that the program lends, at once.
struct send_lent_attempt {
    const_bytes buffer;
    const lent_descriptors& fds;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec);
};

/// Sends bytes and copies of descriptors as one message.
struct send_rights_attempt {
    const_bytes buffer;
    /// Its own: the program may close those that they were made of.
    std::vector<unique_descriptor> fds;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec);
};

/// The same to a receiver.
struct send_rights_to_attempt {
    const_bytes buffer;
    std::vector<unique_descriptor> fds;
    name to;
    std::size_t sent = 0;

    attempt operator()(int fd, error_code& ec);
};

/// Throws `failure`.
std::vector<unique_descriptor> copies_of(const lent_descriptors& fds);

/// Receives one message, or bytes of a stream, with what comes along.
struct receive_rights_attempt {
    mutable_bytes buffer;
    std::size_t most;
    cut_off when_cut_off = cut_off::success;
    no_bytes when_empty = no_bytes::message;
    int flags = 0;
    std::size_t received = 0;
    std::vector<file_descriptor> fds{};

    attempt operator()(int fd, error_code& ec) {
        return receive(fd, ec, nullptr);
    }

protected:
    attempt receive(int fd, error_code& ec, name* sender);
};

/// The same, and whose it is.
struct receive_rights_from_attempt : receive_rights_attempt {
    name sender{};

    attempt operator()(int fd, error_code& ec) {
        return receive(fd, ec, &sender);
    }
};

} // namespace emilua::unix

template <>
struct emilua::type_traits<emilua::unix::message_data> : traits_base {
    using either = type_traits<std::variant<const_bytes, std::string>>;
    static constexpr const type& description = either::description;
    static constexpr bool borrows = true, has_buffers = true;
    static unix::message_data read(reader& r, place p);
    static void bind(unix::message_data& m, operation& op) {
        if (!m.text) m.bytes.bind(op);
    }
};

template <>
struct emilua::type_traits<emilua::unix::lent_descriptors> : traits_base {
    using list =
        type_traits<std::vector<ref<emilua::file_descriptor::file_descriptor>>>;
    static constexpr const type& description = list::description;
    static constexpr bool borrows = true;
    static unix::lent_descriptors read(reader& r, place p);
};
