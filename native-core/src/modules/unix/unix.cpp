// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/unix/unix.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace emilua::unix {
namespace {

constexpr auto sent = [](auto& a) { return std::tuple{a.sent}; };
constexpr auto received = [](auto& a) { return std::tuple{a.received}; };
constexpr auto received_from = [](auto& a) {
    return std::tuple{a.received, a.sender.to_path()};
};
constexpr auto received_with_fds = [](auto& a) {
    return std::tuple{a.received, std::move(a.fds)};
};
constexpr auto received_from_with_fds = [](auto& a) {
    return std::tuple{a.received, a.sender.to_path(), std::move(a.fds)};
};

int bits(flags_of<message_flag> flags) noexcept {
    return static_cast<int>(flags.bits);
}

constexpr no_bytes empty_is(socket_kind kind) noexcept {
    return kind == socket_kind::datagram ? no_bytes::message
                                         : no_bytes::end_of_stream;
}

using receive_attempt = socket::receive_from_attempt<name>;
using send_attempt = emilua::send_attempt<socket::socket_calls>;

/// `Attempt` to a receiver that the socket is not connected to. The system
/// tells that it has room again only when it takes a message of ours: where
/// there is none on the way, waiting would never end.
template <class Attempt> struct unconnected : Attempt {
    attempt operator()(int fd, error_code& ec) {
        for (bool again = true;; again = false) {
            const auto outcome = Attempt::operator()(fd, ec);
            if (outcome != attempt::would_block) return outcome;
            int on_the_way = 0;
            if (::ioctl(fd, SIOCOUTQ, &on_the_way) != 0) {
                ec = last_error();
                return attempt::done;
            }
            if (on_the_way != 0) return outcome;
            // It may have taken the last one in between.
            if (again) continue;
            ec = {EAGAIN, boost::system::system_category()};
            return attempt::done;
        }
    }
};

using send_to_attempt = unconnected<socket::send_to_attempt<name>>;

/// Sends at once, with the program's own descriptors.
prompt<std::size_t> send_promptly(vm& owner, io_descriptor& io,
                                  const lent_descriptors& fds,
                                  const_bytes buffer) {
    return perform_promptly(owner, io, io_direction::write,
                            send_lent_attempt{buffer, fds}, "sendmsg", sent);
}

template <class Attempt>
void start_sending(io_descriptor& io, Attempt a, handler<std::size_t> h) {
    perform(io, io_direction::write, at_once::no, std::move(a), std::move(h),
            "sendmsg", completes_with{sent});
}

std::size_t limit(descriptor_count maxfds) noexcept {
    return std::min(static_cast<std::size_t>(maxfds.value), most_descriptors);
}

} // namespace

ssize_t stream_calls::read(int fd, void* data, std::size_t size, int flags,
                           bool& more) noexcept {
    iovec v{data, size};
    msghdr m{};
    m.msg_iov = &v;
    m.msg_iovlen = 1;
    const auto n = ::recvmsg(fd, &m, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    // Something came along, and was dropped.
    more = (m.msg_flags & MSG_CTRUNC) != 0;
    return n;
}

void stream_socket::receive_with_fds(mutable_bytes buffer,
                                     descriptor_count maxfds,
                                     handler<std::size_t, received_fds> h) {
    if (buffer.size() == 0 && is_open()) return h({}, 0, {});
    perform(io_, io_direction::read, at_once::in_budget,
            receive_rights_attempt{buffer, limit(maxfds), cut_off::success,
                                   no_bytes::end_of_stream},
            std::move(h), "recvmsg", completes_with{received_with_fds});
}

void stream_socket::send_with_fds(message_data buffer, lent_descriptors fds,
                                  handler<std::size_t> h) {
    if (buffer.bytes.size() == 0 && is_open()) {
        // They travel with a byte; the system would drop them in silence.
        if (!fds.all.empty())
            throw_invalid_argument("buffer", "at least one byte");
        return h({}, 0);
    }
    start_sending(io_,
                  sends_data<send_rights_attempt>{
                      {buffer.bytes, copies_of(fds)}, std::move(buffer.text)},
                  std::move(h));
}

prompt<std::size_t, received_fds>
stream_socket::receive_with_fds_now(vm& owner, mutable_bytes buffer,
                                    descriptor_count maxfds) {
    if (buffer.size() == 0) return {};
    return perform_promptly(owner, io_, io_direction::read,
                            receive_rights_attempt{buffer, limit(maxfds),
                                                   cut_off::success,
                                                   no_bytes::end_of_stream},
                            "recvmsg", received_with_fds);
}

prompt<std::size_t>
stream_socket::send_with_fds_now(vm& owner, const message_data& buffer,
                                 const lent_descriptors& fds) {
    if (buffer.bytes.size() == 0) return {};
    return send_promptly(owner, io_, fds, buffer.bytes);
}

template <socket_kind Kind>
void message_socket<Kind>::receive(mutable_bytes buffer,
                                   flags_of<message_flag> flags,
                                   cut_off when_cut_off,
                                   handler<std::size_t> h) {
    perform(this->io_, io_direction::read, at_once::in_budget,
            receive_attempt{buffer, bits(flags), when_cut_off, empty_is(Kind)},
            std::move(h), "recvfrom", completes_with{received});
}

template <socket_kind Kind>
void message_socket<Kind>::receive_with_fds(
    mutable_bytes buffer, descriptor_count maxfds, cut_off when_cut_off,
    handler<std::size_t, received_fds> h) {
    perform(this->io_, io_direction::read, at_once::in_budget,
            receive_rights_attempt{buffer, limit(maxfds), when_cut_off,
                                   empty_is(Kind), MSG_TRUNC},
            std::move(h), "recvmsg", completes_with{received_with_fds});
}

template <socket_kind Kind>
prompt<std::size_t>
message_socket<Kind>::receive_now(vm& owner, mutable_bytes buffer,
                                  flags_of<message_flag> flags,
                                  cut_off when_cut_off) {
    return perform_promptly(
        owner, this->io_, io_direction::read,
        receive_attempt{buffer, bits(flags), when_cut_off, empty_is(Kind)},
        "recvfrom", received);
}

template <socket_kind Kind>
prompt<std::size_t, received_fds>
message_socket<Kind>::receive_with_fds_now(vm& owner, mutable_bytes buffer,
                                           descriptor_count maxfds,
                                           cut_off when_cut_off) {
    return perform_promptly(owner, this->io_, io_direction::read,
                            receive_rights_attempt{buffer, limit(maxfds),
                                                   when_cut_off, empty_is(Kind),
                                                   MSG_TRUNC},
                            "recvmsg", received_with_fds);
}

template <socket_kind Kind>
prompt<std::size_t>
message_socket<Kind>::send_now(vm& owner, const message_data& buffer,
                               flags_of<message_flag> flags) {
    return perform_promptly(owner, this->io_, io_direction::write,
                            send_attempt{buffer.bytes, bits(flags)}, "send",
                            sent);
}

template <socket_kind Kind>
prompt<std::size_t>
message_socket<Kind>::send_with_fds_now(vm& owner, const message_data& buffer,
                                        const lent_descriptors& fds) {
    return send_promptly(owner, this->io_, fds, buffer.bytes);
}

template <socket_kind Kind>
void message_socket<Kind>::send(message_data buffer,
                                flags_of<message_flag> flags,
                                handler<std::size_t> h) {
    perform(this->io_, io_direction::write, at_once::in_budget,
            sends_data<send_attempt>{{buffer.bytes, bits(flags)},
                                     std::move(buffer.text)},
            std::move(h), "send", completes_with{sent});
}

template <socket_kind Kind>
void message_socket<Kind>::send_with_fds(message_data buffer,
                                         lent_descriptors fds,
                                         handler<std::size_t> h) {
    start_sending(this->io_,
                  sends_data<send_rights_attempt>{
                      {buffer.bytes, copies_of(fds)}, std::move(buffer.text)},
                  std::move(h));
}

void datagram_socket::receive_from(mutable_bytes buffer,
                                   flags_of<message_flag> flags,
                                   cut_off when_cut_off,
                                   handler<std::size_t, path> h) {
    perform(io_, io_direction::read, at_once::in_budget,
            receive_attempt{buffer, bits(flags), when_cut_off}, std::move(h),
            "recvfrom", completes_with{received_from});
}

prompt<std::size_t, path>
datagram_socket::receive_from_now(vm& owner, mutable_bytes buffer,
                                  flags_of<message_flag> flags,
                                  cut_off when_cut_off) {
    return perform_promptly(owner, io_, io_direction::read,
                            receive_attempt{buffer, bits(flags), when_cut_off},
                            "recvfrom", received_from);
}

prompt<std::size_t> datagram_socket::send_to_now(vm& owner,
                                                 const message_data& buffer,
                                                 const operand& pathname,
                                                 flags_of<message_flag> flags) {
    return perform_promptly(owner, io_, io_direction::write,
                            send_to_attempt{{buffer.bytes, bits(flags),
                                             name::of(pathname, "pathname")}},
                            "sendto", sent);
}

void datagram_socket::receive_from_with_fds(
    mutable_bytes buffer, descriptor_count maxfds, cut_off when_cut_off,
    handler<std::size_t, path, received_fds> h) {
    perform(io_, io_direction::read, at_once::in_budget,
            receive_rights_from_attempt{{buffer, limit(maxfds), when_cut_off,
                                         no_bytes::message, MSG_TRUNC}},
            std::move(h), "recvmsg", completes_with{received_from_with_fds});
}

void datagram_socket::send_to(message_data buffer, const operand& pathname,
                              flags_of<message_flag> flags,
                              handler<std::size_t> h) {
    using attempt = sends_data<send_to_attempt>;
    perform(
        io_, io_direction::write, at_once::in_budget,
        attempt{{{buffer.bytes, bits(flags), name::of(pathname, "pathname")}},
                std::move(buffer.text)},
        std::move(h), "sendto", completes_with{sent});
}

void datagram_socket::send_to_with_fds(message_data buffer,
                                       const operand& pathname,
                                       lent_descriptors fds,
                                       handler<std::size_t> h) {
    using attempt = sends_data<unconnected<send_rights_to_attempt>>;
    start_sending(io_,
                  attempt{{{buffer.bytes, copies_of(fds),
                            name::of(pathname, "pathname")}},
                          std::move(buffer.text)},
                  std::move(h));
}

named_by<datagram_option, option_value>
datagram_socket::get_option(datagram_option opt) const {
    const auto v = unix::get_option(io_, socket::line_of(opt));
    if (auto* b = std::get_if<bool>(&v)) return {*b};
    return {std::get<std::int64_t>(v)};
}

template <class Acceptor>
Acceptor listen(vm& owner, const operand& ep,
                std::optional<std::int64_t> mode) {
    const auto to = name::of_endpoint(ep);
    const auto permissions = static_cast<mode_t>(mode.value_or(0) & 0777);
    Acceptor a{owner};
    a.open();
    // For the moment between bind and chmod: the file is made with no more.
    if (mode && ::fchmod(a.native_handle(), permissions) != 0)
        throw_errno("fchmod", "mode");
    const auto where = to.to_path();
    a.bind(where);
    if (mode && !to.is_abstract() &&
        ::chmod(where.c_str("ep"), permissions) != 0)
        throw_errno("chmod", "mode");
    a.listen(std::nullopt);
    return a;
}

template class message_socket<socket_kind::seqpacket>;
template class message_socket<socket_kind::datagram>;

template stream_acceptor listen(vm&, const operand&,
                                std::optional<std::int64_t>);
template seqpacket_acceptor listen(vm&, const operand&,
                                   std::optional<std::int64_t>);

} // namespace emilua::unix
