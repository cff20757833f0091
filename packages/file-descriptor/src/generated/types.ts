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

/** What `flags` of `FileDescriptor.openat` may be. */
export type OpenatFlag =
  /** Each write goes to the end (O_APPEND). */
  | 'append'
  /** Makes the file if there is none. */
  | 'create'
  /** Refuses what is no folder (ENOTDIR). */
  | 'directory'
  /** With `create`: refuses a file that is there (EEXIST). */
  | 'exclusive'
  /** Refuses a symbolic link (ELOOP). */
  | 'no_follow'
  /** Refers to it without opening it (O_PATH). */
  | 'path'
  /** For reading. */
  | 'read_only'
  /** For both. */
  | 'read_write'
  /** Refuses to leave the folder (EXDEV). */
  | 'resolve_beneath'
  /** Refuses what the kernel would have to look up on the disk (EAGAIN). */
  | 'resolve_cached'
  /** Takes the folder for the root, also of absolute links. */
  | 'resolve_in_root'
  /** Refuses the links of /proc (ELOOP). */
  | 'resolve_no_magiclinks'
  /** Refuses symbolic links all the way (ELOOP). */
  | 'resolve_no_symlinks'
  /** Refuses to enter another mount (EXDEV). */
  | 'resolve_no_xdev'
  /** A write is done when it is on the disk (O_SYNC). */
  | 'sync_all_on_write'
  /** A file without a name in the folder that is given (O_TMPFILE). */
  | 'temporary'
  /** Empties the file first. */
  | 'truncate'
  /** For writing. */
  | 'write_only'

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
