// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/describe_udp.hpp"

#include "modules/ip/udp.hpp"

namespace emilua::ip {

namespace {

udp_socket new_socket(vm& owner) { return udp_socket{owner}; }

socket::value_of<udp_socket_state> get_option(const udp_socket& s,
                                              udp_socket_state opt) {
    return {s.get_option(opt)};
}
void set_option(udp_socket& s, udp_socket_option opt,
                named_by<udp_socket_option, udp_option_value> val) {
    s.set_option(opt, val.value);
}

template <cut_off Cut>
void receive(udp_socket& s, mutable_bytes buffer, flags_of<message_flag> flags,
             handler<std::size_t> h) {
    s.receive(buffer, flags, Cut, std::move(h));
}
template <cut_off Cut>
auto receive_now(udp_socket& s, vm& owner, mutable_bytes buffer,
                 flags_of<message_flag> flags) {
    return s.receive_now(owner, buffer, flags, Cut);
}
template <cut_off Cut>
void receive_from(udp_socket& s, mutable_bytes buffer,
                  flags_of<message_flag> flags,
                  handler<std::size_t, address, std::uint16_t> h) {
    s.receive_from(buffer, flags, Cut, std::move(h));
}
template <cut_off Cut>
auto receive_from_now(udp_socket& s, vm& owner, mutable_bytes buffer,
                      flags_of<message_flag> flags) {
    return s.receive_from_now(owner, buffer, flags, Cut);
}

constexpr auto family_doc =
    "\"v4\", \"v6\", or an address of the version that is meant.";
constexpr auto receive_flags = "Any of peek, out_of_band, do_not_route.";
constexpr auto send_flags = "Any of do_not_route, end_of_record, out_of_band.";
constexpr auto receive_details =
    "Suspends. Gives the number of bytes kept: what does not fit the buffer "
    "is lost. ECONNREFUSED when an earlier datagram met nobody there. "
    "recv(2).";
constexpr auto receive_whole_details =
    "Suspends. Gives the number of bytes. EMSGSIZE when the datagram is longer "
    "than the buffer: its front is there, the rest is lost; with the flag "
    "\"peek\" it is no error. ECONNREFUSED when an earlier datagram met nobody "
    "there. recv(2).";
constexpr auto send_details =
    "Suspends. A datagram is sent whole or not at all: EMSGSIZE when it is "
    "too long. send(2).";
constexpr auto address_details = "EBADF when it is closed. getsockname(2).";
constexpr auto peer_details =
    "ENOTCONN before it is connected, EBADF when it is closed. "
    "getpeername(2).";

} // namespace

void describe_udp(module_builder& m) {
    m.cls<udp_socket>("udp.socket", "Sends and receives datagrams.")
        .moves()
        .constructor("new", fn<&new_socket>, {}, "Makes a closed socket.")
        .sync("open", fn<&udp_socket::open>, {{"address_family", family_doc}},
              "Opens the socket.",
              "{@error already_open} when it is open. EMFILE when the process "
              "has too "
              "many descriptors. socket(2).")
        .sync("bind", fn<&udp_socket::bind>,
              {{"addr", "A local address, or its text."},
               {"port", "A port; 0 lets the system choose."}},
              "Binds the socket to an address of this machine.",
              "Opens a closed socket with the address's version. EADDRINUSE, "
              "EADDRNOTAVAIL, EACCES; EINVAL for text that is no address. "
              "bind(2).")
        .async(
            "connect", fn<&udp_socket::connect>,
            {{"addr", "The peer's address, or its text."},
             {"port", "The peer's port."}},
            "Sets the peer that {@ref send} sends to and {@ref receive} hears.",
            "Suspends. Opens a closed socket. Nothing is sent. connect(2).")
        .sync("disconnect", fn<&udp_socket::disconnect>, {},
              "Forgets the peer that connect set.",
              "Connects to an address of no family (AF_UNSPEC). connect(2).")
        .async(
            "receive", fn<&receive<cut_off::success>>,
            fn<&receive_now<cut_off::success>>,
            {{"buffer", "Where the datagram goes."}, {"flags", receive_flags}},
            "Receives a datagram.", receive_details)
        .only(languages::lua)
        .async(
            "receive", fn<&receive<cut_off::error>>,
            fn<&receive_now<cut_off::error>>,
            {{"buffer", "Where the datagram goes."}, {"flags", receive_flags}},
            "Receives a datagram.", receive_whole_details)
        .only(languages::typescript)
        .async(
            "receive_from", fn<&receive_from<cut_off::success>>,
            fn<&receive_from_now<cut_off::success>>,
            {{"buffer", "Where the datagram goes."}, {"flags", receive_flags}},
            "Receives a datagram and tells who sent it.", receive_details)
        .results({"size", "address", "port"})
        .only(languages::lua)
        .async(
            "receive_from", fn<&receive_from<cut_off::error>>,
            fn<&receive_from_now<cut_off::error>>,
            {{"buffer", "Where the datagram goes."}, {"flags", receive_flags}},
            "Receives a datagram and tells who sent it.", receive_whole_details)
        .results({"size", "address", "port"})
        .only(languages::typescript)
        .async("send", fn<&udp_socket::send>, fn<&udp_socket::send_now>,
               {{"buffer", "The datagram."}, {"flags", send_flags}},
               "Sends a datagram to the connected peer.",
               "EDESTADDRREQ before connect. Suspends. A datagram is sent "
               "whole or not at all: EMSGSIZE when it is too long. send(2).")
        .async("send_to", fn<&udp_socket::send_to>,
               fn<&udp_socket::send_to_now>,
               {{"buffer", "The datagram."},
                {"remote_addr", "The receiver's address."},
                {"remote_port", "The receiver's port."},
                {"flags", send_flags}},
               "Sends a datagram to anybody.", send_details)
        .sync("shutdown", fn<&udp_socket::shutdown>,
              {{"what", "The directions to end."}},
              "Ends one direction of the socket, or both, for every holder of "
              "its descriptor.",
              "Nothing is sent. ENOTCONN when it is not connected. "
              "shutdown(2).")
        .sync("close", fn<&udp_socket::close>, {}, "Closes the socket.",
              "Pending operations fail with {@error operation_aborted}. "
              "Closing again "
              "does nothing. close(2).")
        .sync("cancel", fn<&udp_socket::cancel>, {},
              "Ends all pending operations of the socket.",
              "They fail with {@error operation_aborted}. EBADF when it is "
              "closed.")
        .sync("assign", fn<&udp_socket::assign>,
              {{"address_family", family_doc},
               {"fd", "A descriptor of a UDP socket."}},
              "Takes a socket that was opened elsewhere.",
              "The descriptor belongs to this object then, is non-blocking, "
              "and the given one is closed. EINVAL for \"fd\" when it is none "
              "of that version and kind.")
        .sync("release", fn<&udp_socket::release>, {},
              "Gives the descriptor away.",
              "Pending operations fail with {@error operation_aborted}; this "
              "object "
              "is closed afterwards. EBADF when it is closed.")
        .sync("io_control", fn<&udp_socket::io_control>,
              {{"command", "What to ask."}},
              "Asks the system about the socket.", "EBADF, EINVAL. ioctl(2).")
        .sync("set_option", fn<&set_option>,
              {{"opt", "The option."},
               {"val", "Its new value: a boolean, an integer or an address."}},
              "Sets an option of the socket.",
              "EINVAL for an unknown option or a value of another kind; what "
              "the system says otherwise. setsockopt(2), udp(7), ip(7), "
              "ipv6(7).")
        .sync("get_option", fn<&get_option>, {{"opt", "The option."}},
              "An option of the socket.",
              "A boolean or an integer. getsockopt(2).")
        .property("is_open", fn<&udp_socket::is_open>,
                  "Whether the socket is open.")
        .property("local_address", fn<&udp_socket::local_address>,
                  "The address at this end.", address_details)
        .property("local_port", fn<&udp_socket::local_port>,
                  "The port at this end.", address_details)
        .property("remote_address", fn<&udp_socket::remote_address>,
                  "The connected peer's address.", peer_details)
        .property("remote_port", fn<&udp_socket::remote_port>,
                  "The connected peer's port.", peer_details);
}

} // namespace emilua::ip
