---@meta unix
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---UNIX domain sockets: within the machine, under paths and abstract names, with descriptors in messages.
---@class unix
local unix = {}

---@alias io_command
---| '"bytes_readable"' # How much can be read without waiting (FIONREAD).

---@alias message_flag
---| '"do_not_route"' # Send to hosts on the same network only (MSG_DONTROUTE).
---| '"end_of_record"' # The data ends a record (MSG_EOR).
---| '"out_of_band"' # Urgent data, past the stream (MSG_OOB).
---| '"peek"' # Leave what is received in the queue (MSG_PEEK).

---@alias shutdown_type
---| '"receive"' # No more receiving.
---| '"send"' # No more sending: the peer reads the end of the stream.
---| '"both"' # Neither.

---@alias unix_acceptor_option
---| '"enable_connection_aborted"' # accept fails with ECONNABORTED where a connection ended before it was accepted, instead of taking the next.
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.

---@alias unix_datagram_option
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.

---@alias unix_seqpacket_option
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.

---@alias unix_seqpacket_state
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.
---| '"remote_credentials"' # Record: who connected, or listened, at the other end (SO_PEERCRED). ENOTCONN before it is connected.
---| '"remote_security_label"' # String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a security module that has labels.

---@alias unix_stream_option
---| '"send_low_watermark"' # Integer: SO_SNDLOWAT. Linux: cannot be set.
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_low_watermark"' # Integer: bytes that make the socket readable (SO_RCVLOWAT).
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.

---@alias unix_stream_state
---| '"send_low_watermark"' # Integer: SO_SNDLOWAT. Linux: cannot be set.
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_low_watermark"' # Integer: bytes that make the socket readable (SO_RCVLOWAT).
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"remote_credentials"' # Record: who connected, or listened, at the other end (SO_PEERCRED). ENOTCONN before it is connected.
---| '"remote_security_label"' # String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a security module that has labels.

---@alias wait_type
---| '"read"' # There is something to read.
---| '"write"' # There is room to write.
---| '"error"' # There is an error or urgent data.

---@class remote_credentials
---@field uid integer Its effective user.
---@field groups integer[] Its effective group, and no other.
---@field pid integer Its number then: by now another process may have it. 0 where this one cannot see it.

unix.datagram = {}

unix.stream = {}

unix.seqpacket = {}

---Sends and receives messages, without a connection. None is lost or overtaken within the machine.
---@class unix.datagram.socket
---@field is_open boolean Whether it is open.
---@field local_path filesystem.path Its name: a path, a NUL and an abstract name, or empty.
---@field remote_path filesystem.path The peer's name: a path, a NUL and an abstract name, or empty.
unix.datagram.socket = {}

---Makes a closed one, or one of a descriptor, which is taken as assign does.
---@param fd? file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
---@return unix.datagram.socket
function unix.datagram.socket.new(fd) end

---Opens it.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
function unix.datagram.socket:open() end

---Gives it a name, and makes a file of that name unless it is abstract.
---
---Opens what is closed. An empty path lets the system choose an abstract name. EADDRINUSE when there is a file of
---that name: nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), unix(7).
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.datagram.socket:bind(pathname) end

---Closes it.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Its file stays. close(2).
function unix.datagram.socket:close() end

---Ends all its pending operations.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function unix.datagram.socket:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of this kind; already_open when this object is open.
---@param fd file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
function unix.datagram.socket:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function unix.datagram.socket:release() end

---Makes two sockets that are connected with each other.
---
---They have no names. EMFILE when the process has too many descriptors. socketpair(2).
---@return unix.datagram.socket
---@return unix.datagram.socket
function unix.datagram.socket.pair() end

---Sends data and descriptors to the peer.
---
---Suspends. The receiver gets copies: those of the sender stay open, whether or not it succeeds, and may be closed
---before it does. EINVAL for more than 253, EBADF for a closed one, ETOOMANYREFS when too many are on their way.
---sendmsg(2), unix(7).
---@async
---@param buffer byte_span|string The data.
---@param fds file_descriptor.file_descriptor[] At most 253 descriptors.
---@return integer
function unix.datagram.socket:send_with_fds(buffer, fds) end

---Forgets the peer.
---
---Connects to an address of no family (AF_UNSPEC). EINVAL for a kind that cannot. connect(2).
function unix.datagram.socket:disconnect() end

---Ends one direction of the socket, or both, for every holder of its descriptor.
---
---ENOTCONN when it is not connected. shutdown(2).
---@param what shutdown_type The directions to end.
function unix.datagram.socket:shutdown(what) end

---Asks the system about the socket.
---
---EBADF, EINVAL. ioctl(2).
---@param command io_command What to ask.
---@return integer
function unix.datagram.socket:io_control(command) end

---Sets an option of the socket.
---
---EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2),
---socket(7).
---@param opt unix_datagram_option The option.
---@param val boolean|integer Its new value.
function unix.datagram.socket:set_option(opt, val) end

---An option of the socket.
---
---getsockopt(2), unix(7).
---@param opt unix_datagram_option The option.
---@return boolean|integer
---@overload fun(self: unix.datagram.socket, opt: "debug"): boolean
---@overload fun(self: unix.datagram.socket, opt: "send_buffer_size"|"receive_buffer_size"): integer
function unix.datagram.socket:get_option(opt) end

---Receives a message.
---
---Suspends. Gives the number of bytes kept: what does not fit the buffer is lost. recv(2).
---@async
---@param buffer byte_span Where the message goes.
---@param flags? message_flag[] Any of peek.
---@return integer
function unix.datagram.socket:receive(buffer, flags) end

---Receives a message, and the descriptors in it.
---
---Suspends. More descriptors than wanted are closed. EMFILE when the process has no room for the wanted ones: the
---message is lost then. They are closed on exec. recvmsg(2), unix(7).
---@async
---@param buffer byte_span Where the message goes.
---@param maxfds integer How many descriptors are wanted at most; a message carries 253. Not negative.
---@return integer size
---@return file_descriptor.file_descriptor[] fds
function unix.datagram.socket:receive_with_fds(buffer, maxfds) end

---Sends a message to the peer.
---
---Suspends. A message is sent whole or not at all: EMSGSIZE when it is too long. ECONNREFUSED, ECONNRESET or EPIPE
---when the peer is gone; never a SIGPIPE. send(2).
---@async
---@param buffer byte_span|string The message.
---@param flags? message_flag[] Any of end_of_record.
---@return integer
function unix.datagram.socket:send(buffer, flags) end

---Sets the peer: whom send means, and whom alone it receives from.
---
---Opens what is closed. Never waits. ENOENT, ECONNREFUSED, EACCES, EPROTOTYPE for a socket of another kind, EPERM
---where that one is connected to another peer. connect(2), unix(7).
---@async
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.datagram.socket:connect(pathname) end

---Receives a datagram and tells who sent it.
---
---Suspends. Gives the number of bytes kept: what does not fit the buffer is lost. recv(2).
---@async
---@param buffer byte_span Where the datagram goes.
---@param flags? message_flag[] Any of peek.
---@return integer size
---@return filesystem.path path
function unix.datagram.socket:receive_from(buffer, flags) end

---Receives a datagram and the descriptors in it, and tells who sent it.
---
---Suspends. More descriptors than wanted are closed. EMFILE when the process has no room for the wanted ones: the
---message is lost then. They are closed on exec. recvmsg(2), unix(7).
---@async
---@param buffer byte_span Where the datagram goes.
---@param maxfds integer How many descriptors are wanted at most; a message carries 253. Not negative.
---@return integer size
---@return filesystem.path path
---@return file_descriptor.file_descriptor[] fds
function unix.datagram.socket:receive_from_with_fds(buffer, maxfds) end

---Sends a datagram to anybody.
---
---Suspends while messages of this socket are on their way; EAGAIN when the receiver has no room because of others,
---and nothing would tell when it has: after connect, waiting works. ENOENT, ECONNREFUSED, EMSGSIZE. sendto(2).
---@async
---@param buffer byte_span|string The datagram.
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
---@param flags? message_flag[] Any of end_of_record.
---@return integer
function unix.datagram.socket:send_to(buffer, pathname, flags) end

---Sends a datagram with descriptors to anybody.
---
---Suspends. The receiver gets copies: those of the sender stay open, whether or not it succeeds, and may be closed
---before it does. EINVAL for more than 253, EBADF for a closed one, ETOOMANYREFS when too many are on their way.
---sendmsg(2), unix(7).
---@async
---@param buffer byte_span|string The datagram.
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
---@param fds file_descriptor.file_descriptor[] At most 253 descriptors.
---@return integer
function unix.datagram.socket:send_to_with_fds(buffer, pathname, fds) end

---A connection that carries bytes.
---@class unix.stream.socket
---@field is_open boolean Whether it is open.
---@field local_path filesystem.path Its name: a path, a NUL and an abstract name, or empty.
---@field remote_path filesystem.path The peer's name: a path, a NUL and an abstract name, or empty.
unix.stream.socket = {}

---Makes a closed one, or one of a descriptor, which is taken as assign does.
---@param fd? file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
---@return unix.stream.socket
function unix.stream.socket.new(fd) end

---Opens it.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
function unix.stream.socket:open() end

---Gives it a name, and makes a file of that name unless it is abstract.
---
---Opens what is closed. An empty path lets the system choose an abstract name. EADDRINUSE when there is a file of
---that name: nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), unix(7).
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.stream.socket:bind(pathname) end

---Closes it.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Its file stays. close(2).
function unix.stream.socket:close() end

---Ends all its pending operations.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function unix.stream.socket:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of this kind; already_open when this object is open.
---@param fd file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
function unix.stream.socket:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function unix.stream.socket:release() end

---Makes two sockets that are connected with each other.
---
---They have no names. EMFILE when the process has too many descriptors. socketpair(2).
---@return unix.stream.socket
---@return unix.stream.socket
function unix.stream.socket.pair() end

---Sends data and descriptors to the peer.
---
---Suspends. The receiver gets copies: those of the sender stay open, whether or not it succeeds, and may be closed
---before it does. EINVAL for more than 253, EBADF for a closed one, ETOOMANYREFS when too many are on their way.
---sendmsg(2), unix(7).
---@async
---@param buffer byte_span|string The data.
---@param fds file_descriptor.file_descriptor[] At most 253 descriptors.
---@return integer
function unix.stream.socket:send_with_fds(buffer, fds) end

---Forgets the peer.
---
---Connects to an address of no family (AF_UNSPEC). EINVAL for a kind that cannot. connect(2).
function unix.stream.socket:disconnect() end

---Ends one direction of the socket, or both, for every holder of its descriptor.
---
---ENOTCONN when it is not connected. shutdown(2).
---@param what shutdown_type The directions to end.
function unix.stream.socket:shutdown(what) end

---Asks the system about the socket.
---
---EBADF, EINVAL. ioctl(2).
---@param command io_command What to ask.
---@return integer
function unix.stream.socket:io_control(command) end

---Sets an option of the socket.
---
---EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2),
---socket(7).
---@param opt unix_stream_option The option.
---@param val boolean|integer Its new value.
function unix.stream.socket:set_option(opt, val) end

---An option of the socket.
---
---getsockopt(2), unix(7).
---@param opt unix_stream_state The option.
---@return boolean|integer|remote_credentials|string
---@overload fun(self: unix.stream.socket, opt: "send_low_watermark"|"send_buffer_size"|"receive_low_watermark"|"receive_buffer_size"): integer
---@overload fun(self: unix.stream.socket, opt: "debug"): boolean
---@overload fun(self: unix.stream.socket, opt: "remote_credentials"): remote_credentials
---@overload fun(self: unix.stream.socket, opt: "remote_security_label"): string
function unix.stream.socket:get_option(opt) end

---Connects to whoever listens under a name.
---
---Opens what is closed. Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT,
---ECONNREFUSED, EACCES, EPROTOTYPE for an acceptor of another kind, EISCONN. connect(2), unix(7).
---@async
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.stream.socket:connect(pathname) end

---Reads what has arrived, and waits if nothing has.
---
---Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end of the stream is the error eof.
---Descriptors among the bytes are closed. ECONNRESET when the peer closed before it had read everything. recv(2).
---@async
---@param buffer byte_span Where the data goes.
---@return integer
function unix.stream.socket:read_some(buffer) end

---Writes as much as fits, and waits if nothing does.
---
---Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `stream.write_all`. EPIPE when
---the peer is gone; never a SIGPIPE. send(2).
---@async
---@param buffer byte_span The data.
---@return integer
function unix.stream.socket:write_some(buffer) end

---Reads what has arrived, and the descriptors in it, and waits if nothing has.
---
---Suspends. Gives at least one byte unless the buffer is empty, and no more behind the first that descriptors came
---with. The end of the stream is the error eof. More descriptors than wanted are closed. EMFILE when the process
---has no room for the wanted ones: the bytes are lost then. They are closed on exec. recvmsg(2), unix(7).
---@async
---@param buffer byte_span Where the data goes.
---@param maxfds integer How many descriptors are wanted at most; a message carries 253. Not negative.
---@return integer size
---@return file_descriptor.file_descriptor[] fds
function unix.stream.socket:receive_with_fds(buffer, maxfds) end

---Accepts connections under a name.
---@class unix.stream.acceptor
---@field is_open boolean Whether it is open.
---@field local_path filesystem.path Its name: a path, a NUL and an abstract name, or empty.
unix.stream.acceptor = {}

---Makes a closed one, or one of a descriptor, which is taken as assign does.
---@param fd? file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
---@return unix.stream.acceptor
function unix.stream.acceptor.new(fd) end

---Opens it.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
function unix.stream.acceptor:open() end

---Gives it a name, and makes a file of that name unless it is abstract.
---
---Opens what is closed. An empty path lets the system choose an abstract name. EADDRINUSE when there is a file of
---that name: nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), unix(7).
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.stream.acceptor:bind(pathname) end

---Closes it.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Its file stays. close(2).
function unix.stream.acceptor:close() end

---Ends all its pending operations.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function unix.stream.acceptor:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of this kind; already_open when this object is open.
---@param fd file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
function unix.stream.acceptor:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function unix.stream.acceptor:release() end

---Starts listening.
---
---Connections are made from now on, whether or not somebody accepts them. EINVAL before it is bound. listen(2).
---@param backlog? integer How many connections may wait to be accepted; nothing means as many as the system allows.
function unix.stream.acceptor:listen(backlog) end

---Takes the next connection, and waits for one.
---
---Suspends. EMFILE when the process has too many descriptors: the connection stays queued. accept(2).
---@async
---@return unix.stream.socket
function unix.stream.acceptor:accept() end

---Waits until the acceptor is ready.
---
---Suspends; consumes nothing. For what must see readiness itself, as socket activation does. poll(2).
---@async
---@param wait_type wait_type What to wait for.
function unix.stream.acceptor:wait(wait_type) end

---Sets an option of the acceptor.
---
---EINVAL for an unknown option; what the system says otherwise. setsockopt(2).
---@param opt unix_acceptor_option The option.
---@param val boolean Its new value.
function unix.stream.acceptor:set_option(opt, val) end

---An option of the acceptor.
---
---getsockopt(2).
---@param opt unix_acceptor_option The option.
---@return boolean
function unix.stream.acceptor:get_option(opt) end

---A connection that carries messages. One without bytes and without descriptors is its end (eof): the system tells
---no difference.
---@class unix.seqpacket.socket
---@field is_open boolean Whether it is open.
---@field local_path filesystem.path Its name: a path, a NUL and an abstract name, or empty.
---@field remote_path filesystem.path The peer's name: a path, a NUL and an abstract name, or empty.
unix.seqpacket.socket = {}

---Makes a closed one, or one of a descriptor, which is taken as assign does.
---@param fd? file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
---@return unix.seqpacket.socket
function unix.seqpacket.socket.new(fd) end

---Opens it.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
function unix.seqpacket.socket:open() end

---Gives it a name, and makes a file of that name unless it is abstract.
---
---Opens what is closed. An empty path lets the system choose an abstract name. EADDRINUSE when there is a file of
---that name: nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), unix(7).
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.seqpacket.socket:bind(pathname) end

---Closes it.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Its file stays. close(2).
function unix.seqpacket.socket:close() end

---Ends all its pending operations.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function unix.seqpacket.socket:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of this kind; already_open when this object is open.
---@param fd file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
function unix.seqpacket.socket:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function unix.seqpacket.socket:release() end

---Makes two sockets that are connected with each other.
---
---They have no names. EMFILE when the process has too many descriptors. socketpair(2).
---@return unix.seqpacket.socket
---@return unix.seqpacket.socket
function unix.seqpacket.socket.pair() end

---Sends data and descriptors to the peer.
---
---Suspends. The receiver gets copies: those of the sender stay open, whether or not it succeeds, and may be closed
---before it does. EINVAL for more than 253, EBADF for a closed one, ETOOMANYREFS when too many are on their way.
---sendmsg(2), unix(7).
---@async
---@param buffer byte_span|string The data.
---@param fds file_descriptor.file_descriptor[] At most 253 descriptors.
---@return integer
function unix.seqpacket.socket:send_with_fds(buffer, fds) end

---Forgets the peer.
---
---Connects to an address of no family (AF_UNSPEC). EINVAL for a kind that cannot. connect(2).
function unix.seqpacket.socket:disconnect() end

---Ends one direction of the socket, or both, for every holder of its descriptor.
---
---ENOTCONN when it is not connected. shutdown(2).
---@param what shutdown_type The directions to end.
function unix.seqpacket.socket:shutdown(what) end

---Asks the system about the socket.
---
---EBADF, EINVAL. ioctl(2).
---@param command io_command What to ask.
---@return integer
function unix.seqpacket.socket:io_control(command) end

---Sets an option of the socket.
---
---EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2),
---socket(7).
---@param opt unix_seqpacket_option The option.
---@param val boolean|integer Its new value.
function unix.seqpacket.socket:set_option(opt, val) end

---An option of the socket.
---
---getsockopt(2), unix(7).
---@param opt unix_seqpacket_state The option.
---@return boolean|integer|remote_credentials|string
---@overload fun(self: unix.seqpacket.socket, opt: "debug"): boolean
---@overload fun(self: unix.seqpacket.socket, opt: "send_buffer_size"|"receive_buffer_size"): integer
---@overload fun(self: unix.seqpacket.socket, opt: "remote_credentials"): remote_credentials
---@overload fun(self: unix.seqpacket.socket, opt: "remote_security_label"): string
function unix.seqpacket.socket:get_option(opt) end

---Connects to whoever listens under a name.
---
---Opens what is closed. Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT,
---ECONNREFUSED, EACCES, EPROTOTYPE for an acceptor of another kind, EISCONN. connect(2), unix(7).
---@async
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.seqpacket.socket:connect(pathname) end

---Receives a message.
---
---Suspends. Gives the number of bytes kept: what does not fit the buffer is lost. recv(2).
---@async
---@param buffer byte_span Where the message goes.
---@param flags? message_flag[] Any of peek.
---@return integer
function unix.seqpacket.socket:receive(buffer, flags) end

---Receives a message, and the descriptors in it.
---
---Suspends. More descriptors than wanted are closed. EMFILE when the process has no room for the wanted ones: the
---message is lost then. They are closed on exec. recvmsg(2), unix(7).
---@async
---@param buffer byte_span Where the message goes.
---@param maxfds integer How many descriptors are wanted at most; a message carries 253. Not negative.
---@return integer size
---@return file_descriptor.file_descriptor[] fds
function unix.seqpacket.socket:receive_with_fds(buffer, maxfds) end

---Sends a message to the peer.
---
---Suspends. A message is sent whole or not at all: EMSGSIZE when it is too long. ECONNREFUSED, ECONNRESET or EPIPE
---when the peer is gone; never a SIGPIPE. send(2).
---@async
---@param buffer byte_span|string The message.
---@param flags? message_flag[] Any of end_of_record.
---@return integer
function unix.seqpacket.socket:send(buffer, flags) end

---Accepts connections under a name.
---@class unix.seqpacket.acceptor
---@field is_open boolean Whether it is open.
---@field local_path filesystem.path Its name: a path, a NUL and an abstract name, or empty.
unix.seqpacket.acceptor = {}

---Makes a closed one, or one of a descriptor, which is taken as assign does.
---@param fd? file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
---@return unix.seqpacket.acceptor
function unix.seqpacket.acceptor.new(fd) end

---Opens it.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
function unix.seqpacket.acceptor:open() end

---Gives it a name, and makes a file of that name unless it is abstract.
---
---Opens what is closed. An empty path lets the system choose an abstract name. EADDRINUSE when there is a file of
---that name: nothing is ever removed. ENOENT, EACCES, ENAMETOOLONG. bind(2), unix(7).
---@param pathname filesystem.path|string A path, or a NUL and an abstract name; at most 108 bytes.
function unix.seqpacket.acceptor:bind(pathname) end

---Closes it.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Its file stays. close(2).
function unix.seqpacket.acceptor:close() end

---Ends all its pending operations.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function unix.seqpacket.acceptor:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of this kind; already_open when this object is open.
---@param fd file_descriptor.file_descriptor A descriptor of a socket of this kind. Taken over: closed afterwards, if the call succeeds.
function unix.seqpacket.acceptor:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function unix.seqpacket.acceptor:release() end

---Starts listening.
---
---Connections are made from now on, whether or not somebody accepts them. EINVAL before it is bound. listen(2).
---@param backlog? integer How many connections may wait to be accepted; nothing means as many as the system allows.
function unix.seqpacket.acceptor:listen(backlog) end

---Takes the next connection, and waits for one.
---
---Suspends. EMFILE when the process has too many descriptors: the connection stays queued. accept(2).
---@async
---@return unix.seqpacket.socket
function unix.seqpacket.acceptor:accept() end

---Waits until the acceptor is ready.
---
---Suspends; consumes nothing. For what must see readiness itself, as socket activation does. poll(2).
---@async
---@param wait_type wait_type What to wait for.
function unix.seqpacket.acceptor:wait(wait_type) end

---Sets an option of the acceptor.
---
---EINVAL for an unknown option; what the system says otherwise. setsockopt(2).
---@param opt unix_acceptor_option The option.
---@param val boolean Its new value.
function unix.seqpacket.acceptor:set_option(opt, val) end

---An option of the acceptor.
---
---getsockopt(2).
---@param opt unix_acceptor_option The option.
---@return boolean
function unix.seqpacket.acceptor:get_option(opt) end

---Opens a socket that is connected to a name.
---
---Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT, ECONNREFUSED, EACCES,
---EPROTOTYPE for a socket of another kind. connect(2), unix(7).
---@async
---@param ep filesystem.path|string A path; text that begins with "@" is an abstract name.
---@return unix.stream.socket
function unix.stream.dial(ep) end

---Opens a socket that is connected to a name.
---
---Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT, ECONNREFUSED, EACCES,
---EPROTOTYPE for a socket of another kind. connect(2), unix(7).
---@async
---@param ep filesystem.path|string A path; text that begins with "@" is an abstract name.
---@return unix.seqpacket.socket
function unix.seqpacket.dial(ep) end

---Opens a socket that is connected to a name.
---
---Never waits: EAGAIN when as many wait to be accepted as the acceptor allows. ENOENT, ECONNREFUSED, EACCES,
---EPROTOTYPE for a socket of another kind. connect(2), unix(7).
---@async
---@param ep filesystem.path|string A path; text that begins with "@" is an abstract name.
---@return unix.datagram.socket
function unix.datagram.dial(ep) end

---Opens an acceptor that listens under a name.
---
---EADDRINUSE when there is a file of that name: nothing is ever removed, not by close either. fchmod(2), bind(2),
---chmod(2), listen(2), in this order.
---@param ep filesystem.path|string A path; text that begins with "@" is an abstract name.
---@param mode? integer The permissions of the file, of which 0777 count; nothing leaves them to the umask. Abstract names have none.
---@return unix.stream.acceptor
function unix.stream.listen(ep, mode) end

---Opens an acceptor that listens under a name.
---
---EADDRINUSE when there is a file of that name: nothing is ever removed, not by close either. fchmod(2), bind(2),
---chmod(2), listen(2), in this order.
---@param ep filesystem.path|string A path; text that begins with "@" is an abstract name.
---@param mode? integer The permissions of the file, of which 0777 count; nothing leaves them to the umask. Abstract names have none.
---@return unix.seqpacket.acceptor
function unix.seqpacket.listen(ep, mode) end

return unix
