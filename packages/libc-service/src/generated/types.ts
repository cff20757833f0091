// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "libc_service"; change that instead.
import type { clock } from '@emilua/filesystem'

/** What `result` of `Master.send` may be. */
export type AddressError =
  /** No answer for now. */
  | 'again'
  /** Flags that cannot be. */
  | 'badflags'
  /** No answer, and none later. */
  | 'fail'
  /** No such family of addresses. */
  | 'family'
  /** No memory. */
  | 'memory'
  /** No such name. */
  | 'noname'
  /** No such service. */
  | 'service'
  /** No such kind of socket. */
  | 'socktype'
  /** What errno says. */
  | 'system'

/** What `Master.function_` gives. */
export type LibcFunction =
  /** open(2) and fopen(3). */
  | 'open'
  /** From a folder that the program has open. */
  | 'openat'
  | 'unlink'
  | 'rename'
  | 'stat'
  | 'lstat'
  | 'access'
  | 'eaccess'
  | 'mkdir'
  | 'rmdir'
  | 'connect_unix'
  | 'connect_inet'
  | 'connect_inet6'
  | 'bind_unix'
  | 'bind_inet'
  | 'bind_inet6'
  | 'getaddrinfo'

/** What `result` of `Master.send` may be. */
export type StatFileType = 'regular' | 'directory' | 'symlink' | 'block' | 'character' | 'fifo' | 'socket'

/** What `result` of `Master.send` may be. */
export interface StatResult {
  /** The device it is on. */
  dev?: number | undefined
  /** Its number there. */
  ino?: number | undefined
  /** Who may do what: 0644. */
  mode: number
  /** What it is. */
  type: StatFileType
  /** How many names it has; 1 if left out. */
  nlink?: number | undefined
  /** Whose it is. */
  uid?: number | undefined
  /** Which group's it is. */
  gid?: number | undefined
  /** The device it is, if it is one. */
  rdev?: number | undefined
  /** Its size in bytes. */
  size?: number | undefined
  /** When it was read. */
  atime?: clock.TimePoint | undefined
  /** When it was written. */
  mtime?: clock.TimePoint | undefined
  /** When it was changed in any way. */
  ctime?: clock.TimePoint | undefined
  /** How many bytes to read at once; 4096 if left out. */
  blksize?: number | undefined
}
