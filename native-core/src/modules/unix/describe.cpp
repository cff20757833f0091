// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/unix/unix.hpp"

namespace emilua::unix {
namespace {

template <class Socket>
Socket make(vm& owner, std::optional<consumed<file_descriptor>> fd) {
    return Socket{owner, std::move(fd)};
}

template <class Socket, cut_off Cut>
void receive(Socket& s, mutable_bytes buffer, flags_of<message_flag> flags,
             handler<std::size_t> h) {
    s.receive(buffer, flags, Cut, std::move(h));
}
template <class Socket, cut_off Cut>
auto receive_now(Socket& s, vm& owner, mutable_bytes buffer,
                 flags_of<message_flag> flags) {
    return s.receive_now(owner, buffer, flags, Cut);
}
template <class Socket, cut_off Cut>
void receive_with_fds(Socket& s, mutable_bytes buffer, descriptor_count maxfds,
                      handler<std::size_t, received_fds> h) {
    s.receive_with_fds(buffer, maxfds, Cut, std::move(h));
}
template <class Socket, cut_off Cut>
auto receive_with_fds_now(Socket& s, vm& owner, mutable_bytes buffer,
                          descriptor_count maxfds) {
    return s.receive_with_fds_now(owner, buffer, maxfds, Cut);
}
template <cut_off Cut>
void receive_from(datagram_socket& s, mutable_bytes buffer,
                  flags_of<message_flag> flags, handler<std::size_t, path> h) {
    s.receive_from(buffer, flags, Cut, std::move(h));
}
template <cut_off Cut>
auto receive_from_now(datagram_socket& s, vm& owner, mutable_bytes buffer,
                      flags_of<message_flag> flags) {
    return s.receive_from_now(owner, buffer, flags, Cut);
}
template <cut_off Cut>
void receive_from_with_fds(datagram_socket& s, mutable_bytes buffer,
                           descriptor_count maxfds,
                           handler<std::size_t, path, received_fds> h) {
    s.receive_from_with_fds(buffer, maxfds, Cut, std::move(h));
}

constexpr auto pathname_doc =
    "A path, or a NUL and an abstract name; at most 108 bytes.";
constexpr auto flags_doc = "Any of peek.";
constexpr auto send_flags_doc = "Any of end_of_record.";
constexpr auto maxfds_doc =
    "How many descriptors are wanted at most; a message carries 253.";
constexpr auto fds_doc = "At most 253 descriptors.";

constexpr auto receive_details =
    "Suspends. Gives the number of bytes kept: what does not fit the buffer "
    "is lost. recv(2).";
constexpr auto receive_whole_details =
    "Suspends. Gives the number of bytes. EMSGSIZE when the message is longer "
    "than the buffer: its front is there, the rest is lost; with the flag "
    "\"peek\" it is no error. recv(2).";
constexpr auto receive_fds_details =
    "Suspends. More descriptors than wanted are closed. EMFILE when the "
    "process has no room for the wanted ones: the message is lost then. They "
    "are closed on exec. recvmsg(2), unix(7).";
constexpr auto receive_whole_fds_details =
    "Suspends. More descriptors than wanted are closed. EMFILE when the "
    "process has no room for the wanted ones, EMSGSIZE when the message is "
    "longer than the buffer: it is lost then, and no descriptor is kept. They "
    "are closed on exec. recvmsg(2), unix(7).";
constexpr auto send_details =
    "Suspends. A message is sent whole or not at all: EMSGSIZE when it is too "
    "long. ECONNREFUSED, ECONNRESET or EPIPE when the peer is gone; never a "
    "SIGPIPE. send(2).";
constexpr auto send_fds_details =
    "Suspends. The receiver gets copies: those of the sender stay open, "
    "whether or not it succeeds, and may be closed before it does. EINVAL for "
    "more than 253, EBADF for a closed one, ETOOMANYREFS when too many are on "
    "their way. sendmsg(2), unix(7).";
constexpr auto send_to_details =
    "Suspends while messages of this socket are on their way; EAGAIN when the "
    "receiver has no room because of others, and nothing would tell when it "
    "has: after connect, waiting works. ENOENT, ECONNREFUSED, EMSGSIZE. "
    "sendto(2).";

/// What sockets and acceptors have.
template <class Socket> void describe_named(class_builder<Socket>& c) {
    c.moves()
        .constructor("new", fn<&make<Socket>>,
                     {{"fd", "A descriptor of a socket of this kind."}},
                     "Makes a closed one, or one of a descriptor, which is "
                     "taken as assign does.")
        .sync("open", fn<&Socket::open>, {}, "Opens it.",
              "{@error already_open} when it is open. EMFILE when the process "
              "has too many descriptors. socket(2).")
        .sync("bind", fn<&Socket::bind>, {{"pathname", pathname_doc}},
              "Gives it a name, and makes a file of that name unless it is "
              "abstract.",
              "Opens what is closed. An empty path lets the system choose an "
              "abstract name. EADDRINUSE when there is a file of that name: "
              "nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), "
              "unix(7).")
        .sync("close", fn<&Socket::close>, {}, "Closes it.",
              "Pending operations fail with {@error operation_aborted}. "
              "Closing again does nothing. Its file stays. close(2).")
        .sync("cancel", fn<&Socket::cancel>, {},
              "Ends all its pending operations.",
              "They fail with {@error operation_aborted}; what has succeeded "
              "already is delivered. EBADF when it is closed.")
        .sync("assign", fn<&Socket::assign>,
              {{"fd", "A descriptor of a socket of this kind."}},
              "Takes a socket that was opened elsewhere.",
              "The descriptor belongs to this object then, is non-blocking, "
              "and the given one is closed. EINVAL for \"fd\" when it is none "
              "of this kind; {@error already_open} when this object is open.")
        .sync("release", fn<&Socket::release>, {}, "Gives the descriptor away.",
              "Pending operations fail with {@error operation_aborted}; this "
              "object is closed afterwards and may be opened again. EBADF when "
              "it is closed.")
        .property("is_open", fn<&Socket::is_open>, "Whether it is open.")
        .property("local_path", fn<&Socket::local_path>,
                  "Its name: a path, a NUL and an abstract name, or empty.",
                  "EBADF when it is closed. getsockname(2).");
}

/// What every socket has.
template <class Socket> void describe_socket(class_builder<Socket>& c) {
    describe_named(c);
    c.function("pair", fn<&pair<Socket>>, {},
               "Makes two sockets that are connected with each other.",
               "They have no names. EMFILE when the process has too many "
               "descriptors. socketpair(2).")
        .tuple()
        .async("send_with_fds", fn<&Socket::send_with_fds>,
               fn<&Socket::send_with_fds_now>,
               {{"buffer", "The data."}, {"fds", fds_doc}},
               "Sends data and descriptors to the peer.", send_fds_details)
        .sync("disconnect", fn<&Socket::disconnect>, {}, "Forgets the peer.",
              "Connects to an address of no family (AF_UNSPEC). EINVAL for a "
              "kind that cannot. connect(2).")
        .sync("shutdown", fn<&Socket::shutdown>,
              {{"what", "The directions to end."}},
              "Ends one direction of the socket, or both, for every holder of "
              "its descriptor.",
              "ENOTCONN when it is not connected. shutdown(2).")
        .sync("io_control", fn<&Socket::io_control>,
              {{"command", "What to ask."}},
              "Asks the system about the socket.", "EBADF, EINVAL. ioctl(2).")
        .sync("set_option", fn<&Socket::set_option>,
              {{"opt", "The option."}, {"val", "Its new value."}},
              "Sets an option of the socket.",
              "EINVAL for an unknown option or a value of another kind; what "
              "the system says otherwise. setsockopt(2), socket(7).")
        .sync("get_option", fn<&Socket::get_option>, {{"opt", "The option."}},
              "An option of the socket.", "getsockopt(2), unix(7).")
        .property("remote_path", fn<&Socket::remote_path>,
                  "The peer's name: a path, a NUL and an abstract name, or "
                  "empty.",
                  "ENOTCONN before it is connected, EBADF when it is closed. "
                  "getpeername(2).");
}

template <class Socket> void describe_connection(class_builder<Socket>& c) {
    describe_socket(c);
    c.async("connect", fn<&Socket::connect>, {{"pathname", pathname_doc}},
            "Connects to whoever listens under a name.",
            "Opens what is closed. Never waits: EAGAIN when as many wait to be "
            "accepted as the acceptor allows. ENOENT, ECONNREFUSED, EACCES, "
            "EPROTOTYPE for an acceptor of another kind, EISCONN. connect(2), "
            "unix(7).");
}

template <class Socket> void describe_messages(class_builder<Socket>& c) {
    constexpr auto success = cut_off::success;
    constexpr auto error = cut_off::error;
    const parameters with_flags = {{"buffer", "Where the message goes."},
                                   {"flags", flags_doc}};
    const parameters with_fds = {{"buffer", "Where the message goes."},
                                 {"maxfds", maxfds_doc}};
    c.async("receive", fn<&receive<Socket, success>>,
            fn<&receive_now<Socket, success>>, with_flags,
            "Receives a message.", receive_details)
        .only(languages::lua)
        .async("receive", fn<&receive<Socket, error>>,
               fn<&receive_now<Socket, error>>, with_flags,
               "Receives a message.", receive_whole_details)
        .only(languages::typescript)
        .async("receive_with_fds", fn<&receive_with_fds<Socket, success>>,
               fn<&receive_with_fds_now<Socket, success>>, with_fds,
               "Receives a message, and the descriptors in it.",
               receive_fds_details)
        .results({"size", "fds"})
        .only(languages::lua)
        .async("receive_with_fds", fn<&receive_with_fds<Socket, error>>,
               fn<&receive_with_fds_now<Socket, error>>, with_fds,
               "Receives a message, and the descriptors in it.",
               receive_whole_fds_details)
        .results({"size", "fds"})
        .only(languages::typescript)
        .async("send", fn<&Socket::send>, fn<&Socket::send_now>,
               {{"buffer", "The message."}, {"flags", send_flags_doc}},
               "Sends a message to the peer.", send_details);
}

void describe_datagram(module_builder& m) {
    constexpr auto success = cut_off::success;
    constexpr auto error = cut_off::error;
    const parameters with_flags = {{"buffer", "Where the datagram goes."},
                                   {"flags", flags_doc}};
    const parameters with_fds = {{"buffer", "Where the datagram goes."},
                                 {"maxfds", maxfds_doc}};
    auto c = m.cls<datagram_socket>(
        "datagram.socket",
        "Sends and receives messages, without a connection. None is lost or "
        "overtaken within the machine.");
    describe_socket(c);
    describe_messages(c);
    c.async("connect", fn<&datagram_socket::connect>,
            {{"pathname", pathname_doc}},
            "Sets the peer: whom send means, and whom alone it receives from.",
            "Opens what is closed. Never waits. ENOENT, ECONNREFUSED, EACCES, "
            "EPROTOTYPE for a socket of another kind, EPERM where that one is "
            "connected to another peer. connect(2), unix(7).")
        .async("receive_from", fn<&receive_from<success>>,
               fn<&receive_from_now<success>>, with_flags,
               "Receives a datagram and tells who sent it.", receive_details)
        .results({"size", "path"})
        .only(languages::lua)
        .async("receive_from", fn<&receive_from<error>>,
               fn<&receive_from_now<error>>, with_flags,
               "Receives a datagram and tells who sent it.",
               receive_whole_details)
        .results({"size", "path"})
        .only(languages::typescript)
        .async("receive_from_with_fds", fn<&receive_from_with_fds<success>>,
               with_fds,
               "Receives a datagram and the descriptors in it, and tells who "
               "sent it.",
               receive_fds_details)
        .results({"size", "path", "fds"})
        .only(languages::lua)
        .async("receive_from_with_fds", fn<&receive_from_with_fds<error>>,
               with_fds,
               "Receives a datagram and the descriptors in it, and tells who "
               "sent it.",
               receive_whole_fds_details)
        .results({"size", "path", "fds"})
        .only(languages::typescript)
        .async("send_to", fn<&datagram_socket::send_to>,
               fn<&datagram_socket::send_to_now>,
               {{"buffer", "The datagram."},
                {"pathname", pathname_doc},
                {"flags", send_flags_doc}},
               "Sends a datagram to anybody.", send_to_details)
        .async("send_to_with_fds", fn<&datagram_socket::send_to_with_fds>,
               {{"buffer", "The datagram."},
                {"pathname", pathname_doc},
                {"fds", fds_doc}},
               "Sends a datagram with descriptors to anybody.",
               send_fds_details);
}

void describe_stream(module_builder& m) {
    auto c = m.cls<stream_socket>("stream.socket",
                                  "A connection that carries bytes.");
    c.trait("read_stream").trait("write_stream");
    describe_connection(c);
    c.async("read_some", fn<&stream_socket::read_some>,
            {{"buffer", "Where the data goes."}},
            "Reads what has arrived, and waits if nothing has.",
            "Suspends. Gives the number of bytes, at least one; 0 for an empty "
            "buffer. The end of the stream is the error {@error eof}. "
            "Descriptors among the bytes are closed. ECONNRESET when the peer "
            "closed before it had read everything. recv(2).")
        .async("write_some", fn<&stream_socket::write_some>,
               {{"buffer", "The data."}},
               "Writes as much as fits, and waits if nothing does.",
               "Suspends. Gives the number of bytes taken, which can be fewer "
               "than asked for: see {@ref stream.write_all}. EPIPE when the "
               "peer is gone; never a SIGPIPE. send(2).")
        .async("receive_with_fds", fn<&stream_socket::receive_with_fds>,
               fn<&stream_socket::receive_with_fds_now>,
               {{"buffer", "Where the data goes."}, {"maxfds", maxfds_doc}},
               "Reads what has arrived, and the descriptors in it, and waits "
               "if nothing has.",
               "Suspends. Gives at least one byte unless the buffer is empty, "
               "and no more behind the first that descriptors came with. The "
               "end of the stream is the error {@error eof}. More descriptors "
               "than wanted are closed. EMFILE when the process has no room "
               "for the wanted ones: the bytes are lost then. They are closed "
               "on exec. recvmsg(2), unix(7).")
        .results({"size", "fds"});
}

template <class Acceptor>
void describe_acceptor(module_builder& m, const char* name) {
    auto c = m.cls<Acceptor>(name, "Accepts connections under a name.");
    c.trait("acceptor");
    describe_named(c);
    c.sync("listen", fn<&Acceptor::listen>,
           {{"backlog", "How many connections may wait to be accepted; nothing "
                        "means as many as the system allows."}},
           "Starts listening.",
           "Connections are made from now on, whether or not somebody accepts "
           "them. EINVAL before it is bound. listen(2).")
        .async("accept", fn<&Acceptor::accept>, {},
               "Takes the next connection, and waits for one.",
               "Suspends. EMFILE when the process has too many descriptors: "
               "the connection stays queued. accept(2).")
        .async("wait", fn<&Acceptor::wait>,
               {{"wait_type", "What to wait for."}},
               "Waits until the acceptor is ready.",
               "Suspends; consumes nothing. For what must see readiness "
               "itself, as socket activation does. poll(2).")
        .sync("set_option", fn<&Acceptor::set_option>,
              {{"opt", "The option."}, {"val", "Its new value."}},
              "Sets an option of the acceptor.",
              "EINVAL for an unknown option; what the system says otherwise. "
              "setsockopt(2).")
        .sync("get_option", fn<&Acceptor::get_option>, {{"opt", "The option."}},
              "An option of the acceptor.", "getsockopt(2).");
}

constexpr auto ep_doc = "A path; text that begins with \"@\" is an abstract "
                        "name.";

template <class Socket>
void describe_dial(module_builder& m, const char* name) {
    m.async(name, fn<&dial<Socket>>, {{"ep", ep_doc}},
            "Opens a socket that is connected to a name.",
            "Never waits: EAGAIN when as many wait to be accepted as the "
            "acceptor allows. ENOENT, ECONNREFUSED, EACCES, EPROTOTYPE for a "
            "socket of another kind. connect(2), unix(7).");
}

template <class Acceptor>
void describe_listen(module_builder& m, const char* name) {
    m.sync(name, fn<&listen<Acceptor>>,
           {{"ep", ep_doc},
            {"mode", "The permissions of the file, of which 0777 count; "
                     "nothing leaves them to the umask. Abstract names have "
                     "none."}},
           "Opens an acceptor that listens under a name.",
           "EADDRINUSE when there is a file of that name: nothing is ever "
           "removed, not by close either. fchmod(2), bind(2), chmod(2), "
           "listen(2), in this order.");
}

} // namespace

void describe(module_builder& m) {
    m.doc("UNIX domain sockets: within the machine, under paths and abstract "
          "names, with descriptors in messages.");
    describe_datagram(m);
    describe_stream(m);
    describe_acceptor<stream_acceptor>(m, "stream.acceptor");
    auto c = m.cls<seqpacket_socket>(
        "seqpacket.socket",
        "A connection that carries messages. One without bytes and without "
        "descriptors is its end ({@error eof}): the system tells no "
        "difference.");
    describe_connection(c);
    describe_messages(c);
    describe_acceptor<seqpacket_acceptor>(m, "seqpacket.acceptor");
    describe_dial<stream_socket>(m, "stream.dial");
    describe_dial<seqpacket_socket>(m, "seqpacket.dial");
    describe_dial<datagram_socket>(m, "datagram.dial");
    describe_listen<stream_acceptor>(m, "stream.listen");
    describe_listen<seqpacket_acceptor>(m, "seqpacket.listen");
}

} // namespace emilua::unix
