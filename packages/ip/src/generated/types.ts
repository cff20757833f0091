// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import type { Address } from './address.js'

/** What `addressFamily` of `tcp.Socket.open` may be. */
export type Family =
  /** IPv4 (ip(7)). */
  | 'v4'
  /** IPv6 (ipv6(7)). */
  | 'v6'

/** What `command` of `tcp.Socket.ioControl` may be. */
export type IoCommand =
  /** How much can be read without waiting (FIONREAD). */
  | 'bytes_readable'

/** What `flags` of `tcp.Socket.receive` may be. */
export type MessageFlag =
  /** Send to hosts on the same network only (MSG_DONTROUTE). */
  | 'do_not_route'
  /** The data ends a record (MSG_EOR). */
  | 'end_of_record'
  /** Urgent data, past the stream (MSG_OOB). */
  | 'out_of_band'
  /** Leave what is received in the queue (MSG_PEEK). */
  | 'peek'

/** What `flags` of `tcp.getAddressInfo` may be. */
export type ResolverFlag =
  /** Only versions that this machine has a non-loopback address of (AI_ADDRCONFIG). */
  | 'address_configured'
  /** With v4_mapped: IPv6 and mapped IPv4 addresses alike (AI_ALL). */
  | 'all_matching'
  /** Also find the host's canonical name (AI_CANONNAME). */
  | 'canonical_name'
  /** The addresses are to be bound to (AI_PASSIVE). */
  | 'passive'
  /** Where IPv6 was asked for and there is none, IPv4 addresses mapped into it (AI_V4MAPPED). */
  | 'v4_mapped'

/** What `what` of `tcp.Socket.shutdown` may be. */
export type ShutdownType =
  /** No more receiving. */
  | 'receive'
  /** No more sending: the peer reads the end of the stream. */
  | 'send'
  /** Neither. */
  | 'both'

/** What `opt` of `tcp.Acceptor.setOption` may be. */
export type TcpAcceptorOption =
  /** Bind although connections of an earlier acceptor linger (SO_REUSEADDR). */
  | 'reuse_address'
  /** accept fails with ECONNABORTED where a connection ended before it was accepted, instead of taking the next. */
  | 'enable_connection_aborted'
  /** SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** No IPv4 through an IPv6 acceptor (IPV6_V6ONLY). */
  | 'v6_only'

/** What `opt` of `tcp.Socket.setOption` may be. */
export type TcpSocketOption =
  /** Boolean: send small writes at once (TCP_NODELAY). */
  | 'tcp_no_delay'
  /** Integer: SO_SNDLOWAT. Linux: cannot be set. */
  | 'send_low_watermark'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: bytes that make the socket readable (SO_RCVLOWAT). */
  | 'receive_low_watermark'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'
  /** Boolean: urgent data stays in the stream (SO_OOBINLINE). */
  | 'out_of_band_inline'
  /** Record: what close does with unsent data (SO_LINGER). */
  | 'linger'
  /** Boolean: probe idle connections (SO_KEEPALIVE). */
  | 'keep_alive'
  /** Integer: seconds of silence before the first probe (TCP_KEEPIDLE). */
  | 'keep_alive_idle'
  /** Integer: seconds between probes (TCP_KEEPINTVL). */
  | 'keep_alive_interval'
  /** Integer: probes without answer that end a connection (TCP_KEEPCNT). */
  | 'keep_alive_count'
  /** Boolean: local networks only (SO_DONTROUTE). */
  | 'do_not_route'
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY). */
  | 'v6_only'

/** What `opt` of `udp.Socket.setOption` may be. */
export type UdpSocketOption =
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Boolean: sending to broadcast addresses is allowed (SO_BROADCAST). */
  | 'broadcast'
  /** Boolean: local networks only (SO_DONTROUTE). */
  | 'do_not_route'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'
  /** Boolean: share the port with others that say so (SO_REUSEADDR). */
  | 'reuse_address'
  /** Boolean: this machine receives what it sends to its groups. */
  | 'multicast_loop'
  /** Integer: how many routers a datagram to a group passes. */
  | 'multicast_hops'
  /** Address: receive what is sent to this group; an IPv6 scope_id chooses the interface. */
  | 'join_multicast_group'
  /** Address: receive it no longer. */
  | 'leave_multicast_group'
  /** An IPv4 address of this machine or, for IPv6, an interface's number: where datagrams to groups leave. */
  | 'multicast_interface'
  /** Integer: how many routers a datagram to one host passes. */
  | 'unicast_hops'
  /** Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY). */
  | 'v6_only'

/** What `opt` of `udp.Socket.getOption` may be. */
export type UdpSocketState =
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Boolean: sending to broadcast addresses is allowed (SO_BROADCAST). */
  | 'broadcast'
  /** Boolean: local networks only (SO_DONTROUTE). */
  | 'do_not_route'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'
  /** Boolean: share the port with others that say so (SO_REUSEADDR). */
  | 'reuse_address'
  /** Boolean: this machine receives what it sends to its groups. */
  | 'multicast_loop'
  /** Integer: how many routers a datagram to a group passes. */
  | 'multicast_hops'
  /** Integer: how many routers a datagram to one host passes. */
  | 'unicast_hops'
  /** Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY). */
  | 'v6_only'

/** What `waitType` of `tcp.Socket.wait` may be. */
export type WaitType =
  /** There is something to read. */
  | 'read'
  /** There is room to write. */
  | 'write'
  /** There is an error or urgent data. */
  | 'error'

/** The type of the value behind each {@link TcpSocketOption}. */
export interface TcpSocketOptionValues {
  /** Boolean: send small writes at once (TCP_NODELAY). */
  tcp_no_delay: boolean
  /** Integer: SO_SNDLOWAT. Linux: cannot be set. */
  send_low_watermark: number
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: bytes that make the socket readable (SO_RCVLOWAT). */
  receive_low_watermark: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
  /** Boolean: urgent data stays in the stream (SO_OOBINLINE). */
  out_of_band_inline: boolean
  /** Record: what close does with unsent data (SO_LINGER). */
  linger: Linger
  /** Boolean: probe idle connections (SO_KEEPALIVE). */
  keep_alive: boolean
  /** Integer: seconds of silence before the first probe (TCP_KEEPIDLE). */
  keep_alive_idle: number
  /** Integer: seconds between probes (TCP_KEEPINTVL). */
  keep_alive_interval: number
  /** Integer: probes without answer that end a connection (TCP_KEEPCNT). */
  keep_alive_count: number
  /** Boolean: local networks only (SO_DONTROUTE). */
  do_not_route: boolean
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY). */
  v6_only: boolean
}

/** The type of the value behind each {@link UdpSocketOption}. */
export interface UdpSocketOptionValues {
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Boolean: sending to broadcast addresses is allowed (SO_BROADCAST). */
  broadcast: boolean
  /** Boolean: local networks only (SO_DONTROUTE). */
  do_not_route: boolean
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
  /** Boolean: share the port with others that say so (SO_REUSEADDR). */
  reuse_address: boolean
  /** Boolean: this machine receives what it sends to its groups. */
  multicast_loop: boolean
  /** Integer: how many routers a datagram to a group passes. */
  multicast_hops: number
  /** Address: receive what is sent to this group; an IPv6 scope_id chooses the interface. */
  join_multicast_group: Address
  /** Address: receive it no longer. */
  leave_multicast_group: Address
  /** An IPv4 address of this machine or, for IPv6, an interface's number: where datagrams to groups leave. */
  multicast_interface: Address | number
  /** Integer: how many routers a datagram to one host passes. */
  unicast_hops: number
  /** Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY). */
  v6_only: boolean
}

/** The type of the value behind each {@link UdpSocketState}. */
export interface UdpSocketStateValues {
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Boolean: sending to broadcast addresses is allowed (SO_BROADCAST). */
  broadcast: boolean
  /** Boolean: local networks only (SO_DONTROUTE). */
  do_not_route: boolean
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
  /** Boolean: share the port with others that say so (SO_REUSEADDR). */
  reuse_address: boolean
  /** Boolean: this machine receives what it sends to its groups. */
  multicast_loop: boolean
  /** Integer: how many routers a datagram to a group passes. */
  multicast_hops: number
  /** Integer: how many routers a datagram to one host passes. */
  unicast_hops: number
  /** Boolean: no IPv4 through an IPv6 socket (IPV6_V6ONLY). */
  v6_only: boolean
}

/** What `tcp.getAddressInfo` gives. */
export interface AddressInfo {
  /** An address of the host. */
  address: Address
  /** The service's port. */
  port: number
  /** The host's canonical name, where it was asked for. */
  canonicalName?: string | undefined
}

/** What `val` of `tcp.Socket.setOption` may be. */
export interface Linger {
  /** Whether close waits at all. */
  enabled: boolean
  /** How long, in seconds. */
  timeout?: number | undefined
}

/** What `tcp.getNameInfo` gives. */
export interface NameInfo {
  /** The host's name, or its address where it has none. */
  hostName: string
  /** The service's name, or the port's number where it has none. */
  serviceName: string
}
