---@meta ip
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---TCP and UDP over IPv4 and IPv6, and the names behind addresses.
---@class ip
local ip = {}

---@alias family
---| '"v4"' # IPv4 (ip(7)).
---| '"v6"' # IPv6 (ipv6(7)).

---@alias io_command
---| '"bytes_readable"' # How much can be read without waiting (FIONREAD).

---@alias message_flag
---| '"do_not_route"' # Send to hosts on the same network only (MSG_DONTROUTE).
---| '"end_of_record"' # The data ends a record (MSG_EOR).
---| '"out_of_band"' # Urgent data, past the stream (MSG_OOB).
---| '"peek"' # Leave what is received in the queue (MSG_PEEK).

---@alias resolver_flag
---| '"address_configured"' # Only versions that this machine has a non-loopback address of (AI_ADDRCONFIG).
---| '"all_matching"' # With v4_mapped: IPv6 and mapped IPv4 addresses alike (AI_ALL).
---| '"canonical_name"' # Also find the host's canonical name (AI_CANONNAME).
---| '"passive"' # The addresses are to be bound to (AI_PASSIVE).
---| '"v4_mapped"' # Where IPv6 was asked for and there is none, IPv4 addresses mapped into it (AI_V4MAPPED).

---@alias shutdown_type
---| '"receive"' # No more receiving.
---| '"send"' # No more sending: the peer reads the end of the stream.
---| '"both"' # Neither.

---@alias tcp_acceptor_option
---| '"reuse_address"' # Bind although connections of an earlier acceptor linger (SO_REUSEADDR).
---| '"enable_connection_aborted"' # accept fails with ECONNABORTED where a connection ended before it was accepted, instead of taking the next.
---| '"debug"' # SO_DEBUG; needs CAP_NET_ADMIN.
---| '"v6_only"' # No IPv4 through an IPv6 acceptor (IPV6_V6ONLY).

---@alias tcp_socket_option
---| '"tcp_no_delay"' # Boolean: send small writes at once (TCP_NODELAY).
---| '"send_low_watermark"' # Integer: SO_SNDLOWAT. Linux: cannot be set.
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_low_watermark"' # Integer: bytes that make the socket readable (SO_RCVLOWAT).
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.
---| '"out_of_band_inline"' # Boolean: urgent data stays in the stream (SO_OOBINLINE).
---| '"linger"' # Record: what close does with unsent data (SO_LINGER).
---| '"keep_alive"' # Boolean: probe idle connections (SO_KEEPALIVE).
---| '"keep_alive_idle"' # Integer: seconds of silence before the first probe (TCP_KEEPIDLE).
---| '"keep_alive_interval"' # Integer: seconds between probes (TCP_KEEPINTVL).
---| '"keep_alive_count"' # Integer: probes without answer that end a connection (TCP_KEEPCNT).
---| '"do_not_route"' # Boolean: local networks only (SO_DONTROUTE).
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"v6_only"' # Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY).

---@alias udp_socket_option
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"broadcast"' # Boolean: sending to broadcast addresses is allowed (SO_BROADCAST).
---| '"do_not_route"' # Boolean: local networks only (SO_DONTROUTE).
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.
---| '"reuse_address"' # Boolean: share the port with others that say so (SO_REUSEADDR).
---| '"multicast_loop"' # Boolean: this machine receives what it sends to its groups.
---| '"multicast_hops"' # Integer: how many routers a datagram to a group passes.
---| '"join_multicast_group"' # Address: receive what is sent to this group; an IPv6 scope_id chooses the interface.
---| '"leave_multicast_group"' # Address: receive it no longer.
---| '"multicast_interface"' # An IPv4 address of this machine or, for IPv6, an interface's number: where datagrams to groups leave.
---| '"unicast_hops"' # Integer: how many routers a datagram to one host passes.
---| '"v6_only"' # Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY).

---@alias udp_socket_state
---| '"debug"' # Boolean: SO_DEBUG; needs CAP_NET_ADMIN.
---| '"broadcast"' # Boolean: sending to broadcast addresses is allowed (SO_BROADCAST).
---| '"do_not_route"' # Boolean: local networks only (SO_DONTROUTE).
---| '"send_buffer_size"' # Integer: SO_SNDBUF. Linux doubles what is set.
---| '"receive_buffer_size"' # Integer: SO_RCVBUF. Linux doubles what is set.
---| '"reuse_address"' # Boolean: share the port with others that say so (SO_REUSEADDR).
---| '"multicast_loop"' # Boolean: this machine receives what it sends to its groups.
---| '"multicast_hops"' # Integer: how many routers a datagram to a group passes.
---| '"unicast_hops"' # Integer: how many routers a datagram to one host passes.
---| '"v6_only"' # Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY).

---@alias wait_type
---| '"read"' # There is something to read.
---| '"write"' # There is room to write.
---| '"error"' # There is an error or urgent data.

---@class address_info
---@field address ip.address An address of the host.
---@field port integer The service's port.
---@field canonical_name? string The host's canonical name, where it was asked for.

---@class linger
---@field enabled boolean Whether close waits at all.
---@field timeout? integer How long, in seconds.

---@class name_info
---@field host_name string The host's name, or its address where it has none.
---@field service_name string The service's name, or the port's number where it has none.

ip.tcp = {}

ip.udp = {}

---An IPv4 or IPv6 address.
---@class ip.address
---@field is_loopback boolean Whether it means this machine itself.
---@field is_multicast boolean Whether it means a group of machines.
---@field is_unspecified boolean Whether it is 0.0.0.0 or ::.
---@field is_v4 boolean Whether it is IPv4.
---@field is_v6 boolean Whether it is IPv6.
---@field is_link_local boolean Whether it is only valid on one link (fe80::/10).
---@field is_multicast_global boolean Whether it is a multicast address of global scope.
---@field is_multicast_link_local boolean Whether it is a multicast address of link-local scope.
---@field is_multicast_node_local boolean Whether it is a multicast address that stays in the machine.
---@field is_multicast_org_local boolean Whether it is a multicast address of organisation scope.
---@field is_multicast_site_local boolean Whether it is a multicast address of site-local scope.
---@field is_site_local boolean Whether it is only valid at one site (fec0::/10).
---@field is_v4_mapped boolean Whether it stands for an IPv4 address (::ffff:0:0/96).
---@field scope_id integer The number of the interface that a link-local address belongs to; 0 where none was given.
ip.address = {}

---Makes an address from its usual text.
---
---EINVAL when the text is no address. No name is ever resolved. inet_pton(3).
---@param str? string "192.0.2.1", "2001:db8::1" or "fe80::1%eth0"; nothing means 0.0.0.0.
---@return ip.address
function ip.address.new(str) end

---The IPv4 address 0.0.0.0.
---
---Binding to it means every IPv4 address of the machine.
---@return ip.address
function ip.address.any_v4() end

---The IPv6 address ::.
---
---Binding to it means every IPv6 address of the machine, and its IPv4 ones too unless the option "v6_only" is set.
---@return ip.address
function ip.address.any_v6() end

---The IPv4 address 127.0.0.1, this machine itself.
---@return ip.address
function ip.address.loopback_v4() end

---The IPv6 address ::1, this machine itself.
---@return ip.address
function ip.address.loopback_v6() end

---The IPv4 address 255.255.255.255.
---
---Everybody on the local network.
---@return ip.address
function ip.address.broadcast_v4() end

---The IPv6 address that stands for this IPv4 one.
---
---192.0.2.1 becomes ::ffff:192.0.2.1. EAFNOSUPPORT for an IPv6 address. RFC 4291, 2.5.5.2.
---@return ip.address
function ip.address:to_v6() end

---The IPv4 address that this IPv6 one stands for.
---
---EAFNOSUPPORT unless the address is v4-mapped.
---@return ip.address
function ip.address:to_v4() end

---A TCP connection, or one to be.
---@class ip.tcp.socket
---@field is_open boolean Whether the socket is open.
---@field local_address ip.address The address at this end.
---@field local_port integer The port at this end.
---@field remote_address ip.address The peer's address.
---@field remote_port integer The peer's port.
---@field at_mark boolean Whether the next byte to read is at the urgent mark.
ip.tcp.socket = {}

---Makes a closed socket.
---@return ip.tcp.socket
function ip.tcp.socket.new() end

---Opens the socket.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
---@param address_family family|ip.address "v4", "v6", or an address of the version that is meant.
function ip.tcp.socket:open(address_family) end

---Binds the socket to an address of this machine.
---
---Opens what is closed with the address's version. Port 0 lets the system choose. EADDRINUSE, EADDRNOTAVAIL,
---EACCES; EINVAL for text that is no address. bind(2).
---@param addr ip.address|string A local address, or its text.
---@param port integer A port; 0 lets the system choose. From 0 to 65535.
function ip.tcp.socket:bind(addr, port) end

---Connects to a peer.
---
---Suspends. A closed socket is opened with the address's version first. ECONNREFUSED, ETIMEDOUT, ENETUNREACH,
---EISCONN. After a failure or a cancellation close it before you try again. connect(2).
---@async
---@param addr ip.address|string The peer's address, or its text.
---@param port integer The peer's port. From 0 to 65535.
function ip.tcp.socket:connect(addr, port) end

---Dissolves the connection and keeps the socket.
---
---Connects to an address of no family (AF_UNSPEC): the peer sees a reset. connect(2).
function ip.tcp.socket:disconnect() end

---Reads what has arrived, and waits if nothing has.
---
---Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end of the stream is the error eof.
---ECONNRESET when the peer reset the connection. recv(2).
---@async
---@param buffer byte_span Where the data goes.
---@return integer
function ip.tcp.socket:read_some(buffer) end

---Writes as much as fits, and waits if nothing does.
---
---Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `stream.write_all`. EPIPE or
---ECONNRESET when the peer is gone; never a SIGPIPE. send(2).
---@async
---@param buffer byte_span The data.
---@return integer
function ip.tcp.socket:write_some(buffer) end

---Reads with flags.
---
---Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end of the stream is the error eof.
---ECONNRESET when the peer reset the connection. recv(2).
---@async
---@param buffer byte_span Where the data goes.
---@param flags? message_flag[] Any of peek, out_of_band, do_not_route.
---@return integer
function ip.tcp.socket:receive(buffer, flags) end

---Writes with flags.
---
---Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `stream.write_all`. EPIPE or
---ECONNRESET when the peer is gone; never a SIGPIPE. send(2).
---@async
---@param buffer byte_span The data.
---@param flags? message_flag[] Any of out_of_band, do_not_route, end_of_record.
---@return integer
function ip.tcp.socket:send(buffer, flags) end

---Waits until the socket is ready.
---
---Suspends; consumes nothing. For what must see readiness itself, as socket activation does: read and write where
---data is meant. poll(2).
---@async
---@param wait_type wait_type What to wait for.
function ip.tcp.socket:wait(wait_type) end

---Ends one direction of the connection, or both.
---
---ENOTCONN when it is not connected. shutdown(2).
---@param what shutdown_type The directions to end.
function ip.tcp.socket:shutdown(what) end

---Closes the socket.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Never waits: with "linger" the system
---goes on sending by itself, and a timeout of 0 resets the connection. close(2).
function ip.tcp.socket:close() end

---Ends all pending operations of the socket.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function ip.tcp.socket:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of that version and kind; already_open when this object is open.
---@param address_family family|ip.address "v4", "v6", or an address of the version that is meant.
---@param fd file_descriptor.file_descriptor A descriptor of a TCP socket. Taken over: closed afterwards, if the call succeeds.
function ip.tcp.socket:assign(address_family, fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function ip.tcp.socket:release() end

---Asks the system about the socket.
---
---EBADF, EINVAL. ioctl(2).
---@param command io_command What to ask.
---@return integer
function ip.tcp.socket:io_control(command) end

---Sets an option of the socket.
---
---EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2), tcp(7),
---socket(7).
---@param opt tcp_socket_option The option.
---@param val boolean|integer|linger Its new value: a boolean, an integer or, for "linger", { enabled, timeout }.
---@param timeout? integer For "linger" with a boolean: how long, in seconds. From 0 to 65535.
function ip.tcp.socket:set_option(opt, val, timeout) end

---An option of the socket.
---
---A boolean, an integer or, for "linger", { enabled, timeout }. getsockopt(2).
---@param opt tcp_socket_option The option.
---@return boolean|integer|linger
---@overload fun(self: ip.tcp.socket, opt: "tcp_no_delay"|"out_of_band_inline"|"keep_alive"|"do_not_route"|"debug"|"v6_only"): boolean
---@overload fun(self: ip.tcp.socket, opt: "send_low_watermark"|"send_buffer_size"|"receive_low_watermark"|"receive_buffer_size"|"keep_alive_idle"|"keep_alive_interval"|"keep_alive_count"): integer
---@overload fun(self: ip.tcp.socket, opt: "linger"): linger
function ip.tcp.socket:get_option(opt) end

---Accepts TCP connections.
---@class ip.tcp.acceptor
---@field is_open boolean Whether the acceptor is open.
---@field local_address ip.address The address that it listens at.
---@field local_port integer The port that it listens at.
ip.tcp.acceptor = {}

---Makes a closed acceptor.
---@return ip.tcp.acceptor
function ip.tcp.acceptor.new() end

---Opens the acceptor.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
---@param address_family family|ip.address "v4", "v6", or an address of the version that is meant.
function ip.tcp.acceptor:open(address_family) end

---Binds the acceptor to an address of this machine.
---
---Opens what is closed with the address's version. Port 0 lets the system choose. EADDRINUSE, EADDRNOTAVAIL,
---EACCES; EINVAL for text that is no address. bind(2).
---@param addr ip.address|string A local address, or its text.
---@param port integer A port; 0 lets the system choose. From 0 to 65535.
function ip.tcp.acceptor:bind(addr, port) end

---Starts listening.
---
---Connections are made from now on, whether or not somebody accepts them. EADDRINUSE. listen(2).
---@param backlog? integer How many connections may wait to be accepted; nothing means as many as the system allows.
function ip.tcp.acceptor:listen(backlog) end

---Takes the next connection, and waits for one.
---
---Suspends. EMFILE when the process has too many descriptors: the connection stays queued. accept(2).
---@async
---@return ip.tcp.socket
function ip.tcp.acceptor:accept() end

---Waits until the acceptor is ready.
---
---Suspends; consumes nothing. For what must see readiness itself, as socket activation does: read and write where
---data is meant. poll(2).
---@async
---@param wait_type wait_type What to wait for.
function ip.tcp.acceptor:wait(wait_type) end

---Closes the acceptor.
---
---Pending operations fail with operation_aborted. Closing again does nothing. Never waits: with "linger" the system
---goes on sending by itself, and a timeout of 0 resets the connection. close(2).
function ip.tcp.acceptor:close() end

---Ends all pending operations of the acceptor.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function ip.tcp.acceptor:cancel() end

---Takes an acceptor that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of that version and kind; already_open when this object is open.
---@param address_family family|ip.address "v4", "v6", or an address of the version that is meant.
---@param fd file_descriptor.file_descriptor A descriptor of a listening TCP socket. Taken over: closed afterwards, if the call succeeds.
function ip.tcp.acceptor:assign(address_family, fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function ip.tcp.acceptor:release() end

---Sets an option of the acceptor.
---
---EINVAL for an unknown option; what the system says otherwise. setsockopt(2).
---@param opt tcp_acceptor_option The option.
---@param val boolean Its new value.
function ip.tcp.acceptor:set_option(opt, val) end

---An option of the acceptor.
---
---getsockopt(2).
---@param opt tcp_acceptor_option The option.
---@return boolean
function ip.tcp.acceptor:get_option(opt) end

---Sends and receives datagrams.
---@class ip.udp.socket
---@field is_open boolean Whether the socket is open.
---@field local_address ip.address The address at this end.
---@field local_port integer The port at this end.
---@field remote_address ip.address The connected peer's address.
---@field remote_port integer The connected peer's port.
ip.udp.socket = {}

---Makes a closed socket.
---@return ip.udp.socket
function ip.udp.socket.new() end

---Opens the socket.
---
---already_open when it is open. EMFILE when the process has too many descriptors. socket(2).
---@param address_family family|ip.address "v4", "v6", or an address of the version that is meant.
function ip.udp.socket:open(address_family) end

---Binds the socket to an address of this machine.
---
---Opens a closed socket with the address's version. EADDRINUSE, EADDRNOTAVAIL, EACCES; EINVAL for text that is no
---address. bind(2).
---@param addr ip.address|string A local address, or its text.
---@param port integer A port; 0 lets the system choose. From 0 to 65535.
function ip.udp.socket:bind(addr, port) end

---Sets the peer that `send` sends to and `receive` hears.
---
---Suspends. Opens a closed socket. Nothing is sent. connect(2).
---@async
---@param addr ip.address|string The peer's address, or its text.
---@param port integer The peer's port. From 0 to 65535.
function ip.udp.socket:connect(addr, port) end

---Forgets the peer that connect set.
---
---Connects to an address of no family (AF_UNSPEC). connect(2).
function ip.udp.socket:disconnect() end

---Receives a datagram.
---
---Suspends. Gives the number of bytes kept: what does not fit the buffer is lost. ECONNREFUSED when an earlier
---datagram met nobody there. recv(2).
---@async
---@param buffer byte_span Where the datagram goes.
---@param flags? message_flag[] Any of peek, out_of_band, do_not_route.
---@return integer
function ip.udp.socket:receive(buffer, flags) end

---Receives a datagram and tells who sent it.
---
---Suspends. Gives the number of bytes kept: what does not fit the buffer is lost. ECONNREFUSED when an earlier
---datagram met nobody there. recv(2).
---@async
---@param buffer byte_span Where the datagram goes.
---@param flags? message_flag[] Any of peek, out_of_band, do_not_route.
---@return integer size
---@return ip.address address
---@return integer port
function ip.udp.socket:receive_from(buffer, flags) end

---Sends a datagram to the connected peer.
---
---EDESTADDRREQ before connect. Suspends. A datagram is sent whole or not at all: EMSGSIZE when it is too long.
---send(2).
---@async
---@param buffer byte_span The datagram.
---@param flags? message_flag[] Any of do_not_route, end_of_record, out_of_band.
---@return integer
function ip.udp.socket:send(buffer, flags) end

---Sends a datagram to anybody.
---
---Suspends. A datagram is sent whole or not at all: EMSGSIZE when it is too long. send(2).
---@async
---@param buffer byte_span The datagram.
---@param remote_addr ip.address The receiver's address.
---@param remote_port integer The receiver's port. From 0 to 65535.
---@param flags? message_flag[] Any of do_not_route, end_of_record, out_of_band.
---@return integer
function ip.udp.socket:send_to(buffer, remote_addr, remote_port, flags) end

---Ends one direction of the socket, or both, for every holder of its descriptor.
---
---Nothing is sent. ENOTCONN when it is not connected. shutdown(2).
---@param what shutdown_type The directions to end.
function ip.udp.socket:shutdown(what) end

---Closes the socket.
---
---Pending operations fail with operation_aborted. Closing again does nothing. close(2).
function ip.udp.socket:close() end

---Ends all pending operations of the socket.
---
---They fail with operation_aborted. EBADF when it is closed.
function ip.udp.socket:cancel() end

---Takes a socket that was opened elsewhere.
---
---The descriptor belongs to this object then, is non-blocking, and the given one is closed. EINVAL for "fd" when it
---is none of that version and kind.
---@param address_family family|ip.address "v4", "v6", or an address of the version that is meant.
---@param fd file_descriptor.file_descriptor A descriptor of a UDP socket. Taken over: closed afterwards, if the call succeeds.
function ip.udp.socket:assign(address_family, fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards. EBADF when it is closed.
---@return file_descriptor.file_descriptor
function ip.udp.socket:release() end

---Asks the system about the socket.
---
---EBADF, EINVAL. ioctl(2).
---@param command io_command What to ask.
---@return integer
function ip.udp.socket:io_control(command) end

---Sets an option of the socket.
---
---EINVAL for an unknown option or a value of another kind; what the system says otherwise. setsockopt(2), udp(7),
---ip(7), ipv6(7).
---@param opt udp_socket_option The option.
---@param val boolean|integer|ip.address Its new value: a boolean, an integer or an address.
function ip.udp.socket:set_option(opt, val) end

---An option of the socket.
---
---A boolean or an integer. getsockopt(2).
---@param opt udp_socket_state The option.
---@return boolean|integer|linger
---@overload fun(self: ip.udp.socket, opt: "debug"|"broadcast"|"do_not_route"|"reuse_address"|"multicast_loop"|"v6_only"): boolean
---@overload fun(self: ip.udp.socket, opt: "send_buffer_size"|"receive_buffer_size"|"multicast_hops"|"unicast_hops"): integer
function ip.udp.socket:get_option(opt) end

---Finds the addresses of a host and the port of a service.
---
---Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
---numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
---cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
---netdb and addrinfo (host_not_found, service_not_found).
---@async
---@param host ip.address|string A name, or an address.
---@param service integer|string A name such as "http", or a port.
---@param flags? resolver_flag[] Nothing means address_configured and v4_mapped.
---@return address_info[]
function ip.tcp.get_address_info(host, service, flags) end

---Finds the IPv4 addresses of a host and the port of a service.
---
---Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
---numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
---cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
---netdb and addrinfo (host_not_found, service_not_found).
---@async
---@param host ip.address|string A name, or an address.
---@param service integer|string A name such as "http", or a port.
---@param flags? resolver_flag[] Nothing means address_configured and v4_mapped.
---@return address_info[]
function ip.tcp.get_address_v4_info(host, service, flags) end

---Finds the IPv6 addresses of a host and the port of a service.
---
---Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
---numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
---cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
---netdb and addrinfo (host_not_found, service_not_found).
---@async
---@param host ip.address|string A name, or an address.
---@param service integer|string A name such as "http", or a port.
---@param flags? resolver_flag[] Nothing means address_configured and v4_mapped.
---@return address_info[]
function ip.tcp.get_address_v6_info(host, service, flags) end

---Finds the names of a host and of a service.
---
---Suspends. An address without a name comes back as its text, a port without one as its number. getnameinfo(3).
---@async
---@param a ip.address The address.
---@param port integer The port. From 0 to 65535.
---@return name_info[]
function ip.tcp.get_name_info(a, port) end

---Finds the addresses of a host and the port of a service.
---
---Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
---numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
---cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
---netdb and addrinfo (host_not_found, service_not_found).
---@async
---@param host ip.address|string A name, or an address.
---@param service integer|string A name such as "http", or a port.
---@param flags? resolver_flag[] Nothing means address_configured and v4_mapped.
---@return address_info[]
function ip.udp.get_address_info(host, service, flags) end

---Finds the IPv4 addresses of a host and the port of a service.
---
---Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
---numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
---cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
---netdb and addrinfo (host_not_found, service_not_found).
---@async
---@param host ip.address|string A name, or an address.
---@param service integer|string A name such as "http", or a port.
---@param flags? resolver_flag[] Nothing means address_configured and v4_mapped.
---@return address_info[]
function ip.udp.get_address_v4_info(host, service, flags) end

---Finds the IPv6 addresses of a host and the port of a service.
---
---Suspends. An address or a numeric name of the host is never looked up, nor is a numeric service; if both are
---numbers nobody is asked at all. Without flags: address_configured and v4_mapped. What the system's resolver
---cannot interrupt goes on behind the scenes after a cancellation. Errors of getaddrinfo(3) come in the categories
---netdb and addrinfo (host_not_found, service_not_found).
---@async
---@param host ip.address|string A name, or an address.
---@param service integer|string A name such as "http", or a port.
---@param flags? resolver_flag[] Nothing means address_configured and v4_mapped.
---@return address_info[]
function ip.udp.get_address_v6_info(host, service, flags) end

---Finds the names of a host and of a service.
---
---Suspends. An address without a name comes back as its text, a port without one as its number. getnameinfo(3).
---@async
---@param a ip.address The address.
---@param port integer The port. From 0 to 65535.
---@return name_info[]
function ip.udp.get_name_info(a, port) end

---Connects to a service by name.
---
---Suspends. Resolves the host and the service and tries what was found one after the other; fails as the last
---attempt did. EINVAL when `ep` has no service or an IPv6 address outside brackets.
---@async
---@param ep string "host:service", "192.0.2.1:80" or "[::1]:80".
---@return ip.tcp.socket
function ip.tcp.dial(ep) end

---Opens an acceptor that listens at an endpoint.
---
---Suspends where names are to be resolved. Sets "reuse_address". For every address it serves IPv4 and IPv6 at once,
---and IPv4 alone where the machine has no IPv6. Of several addresses the first that the machine has is meant. Port
---0 lets the system choose: see `tcp.acceptor.local_port`. EADDRINUSE (bind) where somebody else listens there.
---@async
---@param ep string "host:service", "127.0.0.1:0", "[::]:80" or ":80" for every address.
---@return ip.tcp.acceptor
function ip.tcp.listen(ep) end

---Opens a socket that is connected to a service by name.
---
---Suspends. Nothing is sent, so nobody has to be there. EINVAL when `ep` has no service or an IPv6 address outside
---brackets.
---@async
---@param ep string "host:service", "192.0.2.1:53" or "[::1]:53".
---@return ip.udp.socket
function ip.udp.dial(ep) end

---Connects to the first endpoint that answers and gives it.
---
---Suspends. Fails as the last attempt did; not_found when none was tried.
---@async
---@param socket any A socket of TCP or UDP; it is opened anew for each endpoint.
---@param endpoints address_info[] What get_address_info gave.
---@param condition? fun(value1: any, value2: ip.address, value3: integer): boolean Called with the last error, an address and a port: whether to try it. May suspend.
---@return ip.address address
---@return integer port
function ip.connect(socket, endpoints, condition) end

---The name of this machine.
---
---gethostname(2).
---@return string
function ip.host_name() end

---Writes an endpoint as text.
---
---"192.0.2.1:80", "[2001:db8::1]:80"; without a port as the address alone. RFC 5952.
---@param addr ip.address The address.
---@param port? integer Nothing leaves it out. From 0 to 65535.
---@return string
function ip.tostring(addr, port) end

---Reads an endpoint from its text.
---
---EINVAL when it is none: nothing is ever resolved.
---@param ep string "192.0.2.1:80" or "[2001:db8::1]:80".
---@return ip.address address
---@return integer port
function ip.toendpoint(ep) end

return ip
