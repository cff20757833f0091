// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/ip/describe_tcp.hpp"

#include "modules/ip/tcp.hpp"

namespace emilua::ip {

namespace {

tcp_socket new_socket(vm& owner) { return tcp_socket{owner}; }
tcp_acceptor new_acceptor(vm& owner) { return tcp_acceptor{owner}; }

using option_value = socket::value_of<tcp_socket_option>;

option_value get_option(const tcp_socket& s, tcp_socket_option opt) {
    return {s.get_option(opt)};
}
void set_option(tcp_socket& s, tcp_socket_option opt, option_value val) {
    // That is for two arguments.
    if (std::holds_alternative<bool>(val.value) &&
        socket::line_of(opt).kind == kind::linger)
        throw_invalid_argument("val", "{ enabled, timeout }");
    s.set_option(opt, val.value, std::nullopt);
}

constexpr auto family_doc =
    "\"v4\", \"v6\", or an address of the version that is meant.";
constexpr auto open_details = "{@error already_open} when it is open. EMFILE "
                              "when the process has too many "
                              "descriptors. socket(2).";
constexpr auto bind_details =
    "Opens what is closed with the address's version. Port 0 lets the system "
    "choose. EADDRINUSE, EADDRNOTAVAIL, EACCES; EINVAL for text that is no "
    "address. bind(2).";
constexpr auto close_details =
    "Pending operations fail with {@error operation_aborted}. Closing again "
    "does "
    "nothing. Never waits: with \"linger\" the system goes on sending by "
    "itself, and a timeout of 0 resets the connection. close(2).";
constexpr auto cancel_details =
    "They fail with {@error operation_aborted}; what has succeeded already is "
    "delivered. EBADF when it is closed.";
constexpr auto assign_details =
    "The descriptor belongs to this object then, is non-blocking, and the "
    "given one is closed. EINVAL for \"fd\" when it is none of that version "
    "and kind; {@error already_open} when this object is open.";
constexpr auto release_details =
    "Pending operations fail with {@error operation_aborted}; this object is "
    "closed "
    "afterwards and may be opened again. EBADF when it is closed.";
constexpr auto wait_details =
    "Suspends; consumes nothing. For what must see readiness itself, as "
    "socket activation does: read and write where data is meant. poll(2).";
constexpr auto read_details =
    "Suspends. Gives the number of bytes, at least one; 0 for an empty "
    "buffer. The end of the stream is the error {@error eof}. ECONNRESET when "
    "the peer "
    "reset the connection. recv(2).";
constexpr auto write_details =
    "Suspends. Gives the number of bytes taken, which can be fewer than "
    "asked for: see {@ref stream.write_all}. EPIPE or ECONNRESET when the "
    "peer is gone; never a SIGPIPE. send(2).";
constexpr auto set_option_details =
    "EINVAL for an unknown option or a value of another kind; what the system "
    "says otherwise. setsockopt(2), tcp(7), socket(7).";
constexpr auto address_details = "EBADF when it is closed. getsockname(2).";
constexpr auto peer_details =
    "ENOTCONN before it is connected, EBADF when it is closed. "
    "getpeername(2).";

void describe_socket(module_builder& m) {
    m.cls<tcp_socket>("tcp.socket", "A TCP connection, or one to be.")
        .moves()
        .trait("read_stream")
        .trait("write_stream")
        .constructor("new", fn<&new_socket>, {}, "Makes a closed socket.")
        .sync("open", fn<&tcp_socket::open>, {{"address_family", family_doc}},
              "Opens the socket.", open_details)
        .sync("bind", fn<&tcp_socket::bind>,
              {{"addr", "A local address, or its text."},
               {"port", "A port; 0 lets the system choose."}},
              "Binds the socket to an address of this machine.", bind_details)
        .async("connect", fn<&tcp_socket::connect>,
               {{"addr", "The peer's address, or its text."},
                {"port", "The peer's port."}},
               "Connects to a peer.",
               "Suspends. A closed socket is opened with the address's "
               "version first. ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EISCONN. "
               "After a failure or a cancellation close it before you try "
               "again. connect(2).")
        .sync("disconnect", fn<&tcp_socket::disconnect>, {},
              "Dissolves the connection and keeps the socket.",
              "Connects to an address of no family (AF_UNSPEC): the peer sees "
              "a reset. connect(2).")
        .async("read_some", fn<&tcp_socket::read_some>,
               {{"buffer", "Where the data goes."}},
               "Reads what has arrived, and waits if nothing has.",
               read_details)
        .async("write_some", fn<&tcp_socket::write_some>,
               {{"buffer", "The data."}},
               "Writes as much as fits, and waits if nothing does.",
               write_details)
        .async("receive", fn<&tcp_socket::receive>,
               {{"buffer", "Where the data goes."},
                {"flags", "Any of peek, out_of_band, do_not_route."}},
               "Reads with flags.", read_details)
        .async("send", fn<&tcp_socket::send>,
               {{"buffer", "The data."},
                {"flags", "Any of out_of_band, do_not_route, end_of_record."}},
               "Writes with flags.", write_details)
        .async("wait", fn<&tcp_socket::wait>,
               {{"wait_type", "What to wait for."}},
               "Waits until the socket is ready.", wait_details)
        .sync("shutdown", fn<&tcp_socket::shutdown>,
              {{"what", "The directions to end."}},
              "Ends one direction of the connection, or both.",
              "ENOTCONN when it is not connected. shutdown(2).")
        .sync("close", fn<&tcp_socket::close>, {}, "Closes the socket.",
              close_details)
        .sync("cancel", fn<&tcp_socket::cancel>, {},
              "Ends all pending operations of the socket.", cancel_details)
        .sync("assign", fn<&tcp_socket::assign>,
              {{"address_family", family_doc},
               {"fd", "A descriptor of a TCP socket."}},
              "Takes a socket that was opened elsewhere.", assign_details)
        .sync("release", fn<&tcp_socket::release>, {},
              "Gives the descriptor away.", release_details)
        .sync("io_control", fn<&tcp_socket::io_control>,
              {{"command", "What to ask."}},
              "Asks the system about the socket.", "EBADF, EINVAL. ioctl(2).")
        .sync("set_option", fn<&tcp_socket::set_option>,
              {{"opt", "The option."},
               {"val", "Its new value: a boolean, an integer or, for "
                       "\"linger\", { enabled, timeout }."},
               {"timeout",
                "For \"linger\" with a boolean: how long, in seconds."}},
              "Sets an option of the socket.", set_option_details)
        .only(languages::lua)
        .sync("set_option", fn<&set_option>,
              {{"opt", "The option."}, {"val", "Its new value."}},
              "Sets an option of the socket.", set_option_details)
        .only(languages::typescript)
        .sync("get_option", fn<&get_option>, {{"opt", "The option."}},
              "An option of the socket.",
              "A boolean, an integer or, for \"linger\", { enabled, timeout "
              "}. getsockopt(2).")
        .property("is_open", fn<&tcp_socket::is_open>,
                  "Whether the socket is open.")
        .property("local_address", fn<&tcp_socket::local_address>,
                  "The address at this end.", address_details)
        .property("local_port", fn<&tcp_socket::local_port>,
                  "The port at this end.", address_details)
        .property("remote_address", fn<&tcp_socket::remote_address>,
                  "The peer's address.", peer_details)
        .property("remote_port", fn<&tcp_socket::remote_port>,
                  "The peer's port.", peer_details)
        .property("at_mark", fn<&tcp_socket::at_mark>,
                  "Whether the next byte to read is at the urgent mark.",
                  "Needs the option \"out_of_band_inline\" and {@ref wait}. "
                  "sockatmark(3).");
}

void describe_acceptor(module_builder& m) {
    m.cls<tcp_acceptor>("tcp.acceptor", "Accepts TCP connections.")
        .moves()
        .trait("acceptor")
        .constructor("new", fn<&new_acceptor>, {}, "Makes a closed acceptor.")
        .sync("open", fn<&tcp_acceptor::open>, {{"address_family", family_doc}},
              "Opens the acceptor.", open_details)
        .sync("bind", fn<&tcp_acceptor::bind>,
              {{"addr", "A local address, or its text."},
               {"port", "A port; 0 lets the system choose."}},
              "Binds the acceptor to an address of this machine.", bind_details)
        .sync("listen", fn<&tcp_acceptor::listen>,
              {{"backlog", "How many connections may wait to be accepted; "
                           "nothing means as many as the system allows."}},
              "Starts listening.",
              "Connections are made from now on, whether or not somebody "
              "accepts them. EADDRINUSE. listen(2).")
        .async("accept", fn<&tcp_acceptor::accept>, {},
               "Takes the next connection, and waits for one.",
               "Suspends. EMFILE when the process has too many descriptors: "
               "the connection stays queued. accept(2).")
        .async("wait", fn<&tcp_acceptor::wait>,
               {{"wait_type", "What to wait for."}},
               "Waits until the acceptor is ready.", wait_details)
        .sync("close", fn<&tcp_acceptor::close>, {}, "Closes the acceptor.",
              close_details)
        .sync("cancel", fn<&tcp_acceptor::cancel>, {},
              "Ends all pending operations of the acceptor.", cancel_details)
        .sync("assign", fn<&tcp_acceptor::assign>,
              {{"address_family", family_doc},
               {"fd", "A descriptor of a listening TCP socket."}},
              "Takes an acceptor that was opened elsewhere.", assign_details)
        .sync("release", fn<&tcp_acceptor::release>, {},
              "Gives the descriptor away.", release_details)
        .sync("set_option", fn<&tcp_acceptor::set_option>,
              {{"opt", "The option."}, {"val", "Its new value."}},
              "Sets an option of the acceptor.",
              "EINVAL for an unknown option; what the system says otherwise. "
              "setsockopt(2).")
        .sync("get_option", fn<&tcp_acceptor::get_option>,
              {{"opt", "The option."}}, "An option of the acceptor.",
              "getsockopt(2).")
        .property("is_open", fn<&tcp_acceptor::is_open>,
                  "Whether the acceptor is open.")
        .property("local_address", fn<&tcp_acceptor::local_address>,
                  "The address that it listens at.", address_details)
        .property("local_port", fn<&tcp_acceptor::local_port>,
                  "The port that it listens at.", address_details);
}

} // namespace

void describe_tcp(module_builder& m) {
    describe_socket(m);
    describe_acceptor(m);
}

} // namespace emilua::ip
