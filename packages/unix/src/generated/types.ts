// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "unix"; change that instead.
/** What `command` of `datagram.Socket.ioControl` may be. */
export type IoCommand =
  /** How much can be read without waiting (FIONREAD). */
  | 'bytes_readable'

/** What `flags` of `datagram.Socket.receive` may be. */
export type MessageFlag =
  /** Send to hosts on the same network only (MSG_DONTROUTE). */
  | 'do_not_route'
  /** The data ends a record (MSG_EOR). */
  | 'end_of_record'
  /** Urgent data, past the stream (MSG_OOB). */
  | 'out_of_band'
  /** Leave what is received in the queue (MSG_PEEK). */
  | 'peek'

/** What `what` of `datagram.Socket.shutdown` may be. */
export type ShutdownType =
  /** No more receiving. */
  | 'receive'
  /** No more sending: the peer reads the end of the stream. */
  | 'send'
  /** Neither. */
  | 'both'

/** What `opt` of `stream.Acceptor.setOption` may be. */
export type UnixAcceptorOption =
  /** accept fails with ECONNABORTED where a connection ended before it was accepted, instead of taking the next. */
  | 'enable_connection_aborted'
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'

/** What `opt` of `datagram.Socket.setOption` may be. */
export type UnixDatagramOption =
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'

/** What `opt` of `seqpacket.Socket.setOption` may be. */
export type UnixSeqpacketOption =
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'

/** What `opt` of `seqpacket.Socket.getOption` may be. */
export type UnixSeqpacketState =
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'
  /** Record: who connected, or listened, at the other end (SO_PEERCRED). ENOTCONN before it is connected. */
  | 'remote_credentials'
  /** String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a security module that has labels. */
  | 'remote_security_label'

/** What `opt` of `stream.Socket.setOption` may be. */
export type UnixStreamOption =
  /** Integer: SO_SNDLOWAT. Linux: cannot be set. */
  | 'send_low_watermark'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: bytes that make the socket readable (SO_RCVLOWAT). */
  | 'receive_low_watermark'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'

/** What `opt` of `stream.Socket.getOption` may be. */
export type UnixStreamState =
  /** Integer: SO_SNDLOWAT. Linux: cannot be set. */
  | 'send_low_watermark'
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  | 'send_buffer_size'
  /** Integer: bytes that make the socket readable (SO_RCVLOWAT). */
  | 'receive_low_watermark'
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  | 'receive_buffer_size'
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  | 'debug'
  /** Record: who connected, or listened, at the other end (SO_PEERCRED). ENOTCONN before it is connected. */
  | 'remote_credentials'
  /** String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a security module that has labels. */
  | 'remote_security_label'

/** What `waitType` of `stream.Acceptor.wait` may be. */
export type WaitType =
  /** There is something to read. */
  | 'read'
  /** There is room to write. */
  | 'write'
  /** There is an error or urgent data. */
  | 'error'

/** The type of the value behind each {@link UnixDatagramOption}. */
export interface UnixDatagramOptionValues {
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
}

/** The type of the value behind each {@link UnixSeqpacketOption}. */
export interface UnixSeqpacketOptionValues {
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
}

/** The type of the value behind each {@link UnixSeqpacketState}. */
export interface UnixSeqpacketStateValues {
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
  /** Record: who connected, or listened, at the other end (SO_PEERCRED). ENOTCONN before it is connected. */
  remote_credentials: RemoteCredentials
  /** String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a security module that has labels. */
  remote_security_label: string
}

/** The type of the value behind each {@link UnixStreamOption}. */
export interface UnixStreamOptionValues {
  /** Integer: SO_SNDLOWAT. Linux: cannot be set. */
  send_low_watermark: number
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: bytes that make the socket readable (SO_RCVLOWAT). */
  receive_low_watermark: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
}

/** The type of the value behind each {@link UnixStreamState}. */
export interface UnixStreamStateValues {
  /** Integer: SO_SNDLOWAT. Linux: cannot be set. */
  send_low_watermark: number
  /** Integer: SO_SNDBUF. Linux doubles what is set. */
  send_buffer_size: number
  /** Integer: bytes that make the socket readable (SO_RCVLOWAT). */
  receive_low_watermark: number
  /** Integer: SO_RCVBUF. Linux doubles what is set. */
  receive_buffer_size: number
  /** Boolean: SO_DEBUG; needs CAP_NET_ADMIN. */
  debug: boolean
  /** Record: who connected, or listened, at the other end (SO_PEERCRED). ENOTCONN before it is connected. */
  remote_credentials: RemoteCredentials
  /** String: what SELinux calls the peer (SO_PEERSEC). ENOPROTOOPT without a security module that has labels. */
  remote_security_label: string
}

/** What `stream.Socket.getOption` gives. */
export interface RemoteCredentials {
  /** Its effective user. */
  uid: number
  /** Its effective group, and no other. */
  groups: number[]
  /** Its number then: by now another process may have it. 0 where this one cannot see it. */
  pid: number
}
