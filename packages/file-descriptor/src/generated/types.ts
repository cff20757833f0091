// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file_descriptor"; change that instead.
/** What `FileDescriptor.type` gives. */
export type FileKind =
  /** A plain file. */
  | 'regular'
  /** A directory. */
  | 'directory'
  /** A symbolic link itself. */
  | 'symlink'
  /** A block device. */
  | 'block'
  /** A character device. */
  | 'character'
  /** A pipe or a FIFO. */
  | 'fifo'
  /** A socket. */
  | 'socket'
  /** Something else, an epoll for one. */
  | 'unknown'

/** What `family` of `FileDescriptor.isSocket` may be. */
export type SocketFamily =
  /** Within this machine (unix(7)). */
  | 'unix'
  /** IPv4 (ip(7)). */
  | 'inet'
  /** IPv6 (ipv6(7)). */
  | 'inet6'

/** What `type` of `FileDescriptor.isSocket` may be. */
export type SocketKind =
  /** A stream of bytes. */
  | 'stream'
  /** Messages, not necessarily kept. */
  | 'datagram'
  /** Messages over a connection. */
  | 'seqpacket'

/** What `protocol` of `FileDescriptor.isSocket` may be. */
export type SocketProtocol =
  /** tcp(7). */
  | 'tcp'
  /** udp(7). */
  | 'udp'
