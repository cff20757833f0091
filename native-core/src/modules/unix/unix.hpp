// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/socket/acceptor.hpp"
#include "modules/unix/options.hpp"
#include "modules/unix/rights.hpp"
#include "modules/unix/unix_socket.hpp"

namespace emilua::unix {

using socket::message_flag;
using received_fds = std::vector<file_descriptor>;

/// Of a stream within the machine. A read ends where descriptors were in the
/// stream, whatever comes behind them.
struct stream_calls : socket::socket_calls {
    static constexpr auto read_name = "recvmsg";
    static ssize_t read(int fd, void* data, std::size_t size, int flags,
                        bool& more) noexcept;
};

class stream_socket
    : public connectable<byte_stream<stream_calls, socket::socket_object>,
                         socket_kind::stream> {
public:
    using connectable::connectable;
    static stream_socket unpack(vm& owner, parcel p) {
        stream_socket s{owner};
        s.adopt(std::move(p));
        return s;
    }

    void receive_with_fds(mutable_bytes buffer, descriptor_count maxfds,
                          handler<std::size_t, received_fds> h);
    prompt<std::size_t, received_fds>
    receive_with_fds_now(vm& owner, mutable_bytes buffer,
                         descriptor_count maxfds);
    void send_with_fds(message_data buffer, lent_descriptors fds,
                       handler<std::size_t> h);
    prompt<std::size_t> send_with_fds_now(vm& owner, const message_data& buffer,
                                          const lent_descriptors& fds);

    void set_option(stream_option opt,
                    named_by<stream_option, option_value> val) {
        unix::set_option(io_, socket::line_of(opt), val.value);
    }
    named_by<stream_state, state_value> get_option(stream_state opt) const {
        return {unix::get_option(io_, socket::line_of(opt))};
    }
};

/// What receives messages, each whole or cut off where the buffer ends.
template <socket_kind Kind>
class message_socket : public connectable<socket::socket_object, Kind> {
public:
    using connectable<socket::socket_object, Kind>::connectable;
    message_socket(vm& owner, unique_descriptor fd)
        : connectable<socket::socket_object, Kind>{owner} {
        this->io_.open(std::move(fd));
    }

    // Each has a form that gives the results if it need not wait.

    void receive(mutable_bytes buffer, flags_of<message_flag> flags,
                 cut_off when_cut_off, handler<std::size_t> h);
    prompt<std::size_t> receive_now(vm& owner, mutable_bytes buffer,
                                    flags_of<message_flag> flags,
                                    cut_off when_cut_off);
    void receive_with_fds(mutable_bytes buffer, descriptor_count maxfds,
                          cut_off when_cut_off,
                          handler<std::size_t, received_fds> h);
    prompt<std::size_t, received_fds>
    receive_with_fds_now(vm& owner, mutable_bytes buffer,
                         descriptor_count maxfds, cut_off when_cut_off);
    void send(message_data buffer, flags_of<message_flag> flags,
              handler<std::size_t> h);
    prompt<std::size_t> send_now(vm& owner, const message_data& buffer,
                                 flags_of<message_flag> flags);
    void send_with_fds(message_data buffer, lent_descriptors fds,
                       handler<std::size_t> h);
    prompt<std::size_t> send_with_fds_now(vm& owner, const message_data& buffer,
                                          const lent_descriptors& fds);
};

class seqpacket_socket : public message_socket<socket_kind::seqpacket> {
public:
    using message_socket::message_socket;
    static seqpacket_socket unpack(vm& owner, parcel p) {
        seqpacket_socket s{owner};
        s.adopt(std::move(p));
        return s;
    }

    void set_option(seqpacket_option opt,
                    named_by<seqpacket_option, option_value> val) {
        unix::set_option(io_, socket::line_of(opt), val.value);
    }
    named_by<seqpacket_state, state_value>
    get_option(seqpacket_state opt) const {
        return {unix::get_option(io_, socket::line_of(opt))};
    }
};

class datagram_socket : public message_socket<socket_kind::datagram> {
public:
    using message_socket::message_socket;
    static datagram_socket unpack(vm& owner, parcel p) {
        datagram_socket s{owner};
        s.adopt(std::move(p));
        return s;
    }

    void receive_from(mutable_bytes buffer, flags_of<message_flag> flags,
                      cut_off when_cut_off, handler<std::size_t, path> h);
    prompt<std::size_t, path> receive_from_now(vm& owner, mutable_bytes buffer,
                                               flags_of<message_flag> flags,
                                               cut_off when_cut_off);
    void receive_from_with_fds(mutable_bytes buffer, descriptor_count maxfds,
                               cut_off when_cut_off,
                               handler<std::size_t, path, received_fds> h);
    void send_to(message_data buffer, const operand& pathname,
                 flags_of<message_flag> flags, handler<std::size_t> h);
    prompt<std::size_t> send_to_now(vm& owner, const message_data& buffer,
                                    const operand& pathname,
                                    flags_of<message_flag> flags);
    void send_to_with_fds(message_data buffer, const operand& pathname,
                          lent_descriptors fds, handler<std::size_t> h);

    void set_option(datagram_option opt,
                    named_by<datagram_option, option_value> val) {
        unix::set_option(io_, socket::line_of(opt), val.value);
    }
    named_by<datagram_option, option_value>
    get_option(datagram_option opt) const;
};

template <class Socket>
class acceptor : public named<socket::acceptor<Socket>, Socket::kind> {
public:
    using named<socket::acceptor<Socket>, Socket::kind>::named;
    static acceptor unpack(vm& owner, parcel p) {
        acceptor a{owner};
        a.adopt(std::move(p));
        return a;
    }

    void set_option(acceptor_option opt, bool val) {
        this->set_boolean_option(socket::line_of(opt), val);
    }
    bool get_option(acceptor_option opt) const {
        return this->get_boolean_option(socket::line_of(opt));
    }
};

using stream_acceptor = acceptor<stream_socket>;
using seqpacket_acceptor = acceptor<seqpacket_socket>;

template <class Socket> std::tuple<Socket, Socket> pair(vm& owner) {
    auto [a, b] = socket_pair(Socket::kind);
    return {Socket{owner, std::move(a)}, Socket{owner, std::move(b)}};
}

/// Opens a socket that is connected to `ep`.
template <class Socket>
void dial(vm& owner, const operand& ep, handler<Socket> h) {
    const auto to = name::of_endpoint(ep);
    Socket s{owner};
    if (const auto ec = s.connect_to(to))
        h.fail(ec, "connect");
    else
        h({}, std::move(s));
}

/// Opens an acceptor that listens at `ep`, which nobody else may use yet.
/// `mode`: the permissions of the file that is made.
template <class Acceptor>
Acceptor listen(vm& owner, const operand& ep, std::optional<std::int64_t> mode);

} // namespace emilua::unix
