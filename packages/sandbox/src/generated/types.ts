// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import type { FileDescriptor } from '@emilua/file-descriptor'
import type { Path } from '@emilua/filesystem'

/** What `Sandbox.changes` gives. */
export type ChangeKind =
  /** It was not there. */
  | 'added'
  /** It was there and is different. */
  | 'changed'
  /** It is not there any more. */
  | 'removed'

/** What `Sandbox.changes` gives. */
export type FileType =
  /** Nothing. */
  | 'not_found'
  /** A plain file. */
  | 'regular'
  /** A folder. */
  | 'directory'
  /** A symbolic link. */
  | 'symlink'
  /** A block device. */
  | 'block'
  /** A character device. */
  | 'character'
  /** A named pipe. */
  | 'fifo'
  /** A socket. */
  | 'socket'
  /** Something that may not be looked at. */
  | 'unknown'

/** What `list` gives. */
export type Foundation =
  /** Files, processes, network and names of its own, with Landlock and seccomp inside. */
  | 'namespaces'
  /** Landlock, seccomp and limits of an ordinary process. */
  | 'process'

/** What `Guest.limit` gives. */
export type LimitKind =
  /** It ran for too long. */
  | 'seconds'
  /** It took too much of the processor. */
  | 'processor'
  /** The kernel ended a process, because all of them together took too much memory. */
  | 'memory'
  /** It could not start a process or thread, and failed. */
  | 'processes'
  /** It wrote too large a file. */
  | 'file_size'

/** What `list` gives. */
export type MemoryScope =
  /** Of all processes together, by a control group, and of each. Where there is none to be had, there is no such sandbox. */
  | 'sandbox'
  /** Of each process alone. */
  | 'process'

/** What `policy` of `Sandbox.new` may be. */
export type NetworkAccess =
  /** No network but a loopback of its own. */
  | 'none'
  /** That of the host, with everything on it. */
  | 'host'

/** What `Guest.refused` gives. */
export type RefusedOperation =
  /** A connection to an address or a path. */
  | 'connect'
  /** The address of a name. */
  | 'resolve'
  /** To read a file or folder, or to ask about it. */
  | 'read'
  /** To write, make or remove one. */
  | 'write'
  /** To run a program. */
  | 'execute'

/** What `opts` of `Sandbox.spawn` may be. */
export type StandardHandle =
  /** That of the parent. */
  | 'share'
  /** /dev/null. */
  | 'ignore'

/** What `probe` gives. */
export interface ControlGroupAbilities {
  /** Of how much memory all processes of a sandbox have together. */
  memory: boolean
  /** Of how many processes there are, also for the system's root. */
  processes: boolean
}

/** What `Sandbox.changes` gives. */
export interface FolderChange {
  /** What it is about, from the folder on. Of something removed, all that was in it is told, too. */
  path: string
  /** What became of it. */
  change: ChangeKind
  /** What it is now, or was before it was removed. */
  type: FileType
  /** Bytes; 0 of a folder. */
  size: number
}

/** What `opts` of `Sandbox.spawn` may be. */
export interface GuestOptions {
  /**
   * What runs. A name is looked for in the PATH that this program was started with; a path is one of the sandbox.
   */
  program: string | Path | URL
  /** Its words, of which the first is its name: `ls`, `-l`; none if left out. */
  arguments?: readonly string[] | undefined
  /** Its variables, by name; none if left out. */
  environment?: Readonly<Record<string, string>> | undefined
  /** What it reads from; a pipe whose other end is closed, if left out. */
  stdin?: StandardHandle | FileDescriptor | undefined
  /** What it writes to; a pipe whose other end is closed, if left out. */
  stdout?: StandardHandle | FileDescriptor | undefined
  /** What it complains to; a pipe whose other end is closed, if left out. */
  stderr?: StandardHandle | FileDescriptor | undefined
  /**
   * Where it is, a relative path from the folder of this program on; the folder of the policy's `copy_on_write` or
   * the root, if left out.
   */
  workingDirectory?: Path | string | URL | undefined
}

/** What `probe` gives. */
export interface LandlockAbilities {
  /** The version of its interface; 0 for none. */
  abi: number
}

/** What `policy` of `Sandbox.new` may be. */
export interface LimitOptions {
  /**
   * Bytes of address space that each process may have (RLIMIT_AS), and bytes of memory that all of them may have
   * together, as far as `memory_scope` says.
   */
  memory?: number | undefined
  /**
   * Of whom memory is counted. Left out, of all together where a control group can be had, and else of each process
   * alone; `Guest.memoryScope` tells which.
   */
  memoryScope?: MemoryScope | undefined
  /** Processes and threads that there may be at once. */
  processes?: number | undefined
  /** Seconds after which it is ended. */
  seconds?: number | undefined
  /** Seconds of the processor that each process may take. RLIMIT_CPU. */
  processor?: number | undefined
  /** Bytes that a file it writes may have. RLIMIT_FSIZE. */
  fileSize?: number | undefined
  /** Descriptors that each process may have open. RLIMIT_NOFILE. */
  descriptors?: number | undefined
}

/** What `probe` gives. */
export interface NamespaceAbilities {
  /** Users and rights of its own. */
  user: boolean
  /** Files. */
  mount: boolean
  /** Processes. */
  pid: boolean
  /** Queues and shared memory of System V. */
  ipc: boolean
  /** A name of the host. */
  uts: boolean
  /** A network. */
  net: boolean
  /** Control groups. */
  cgroup: boolean
}

/** What `policy` of `Sandbox.new` may be. */
export interface NetworkRules {
  /**
   * Hosts with their ports, over TCP, and paths of UNIX sockets or of folders that have some: "example.org:443",
   * "*.example.org:*", "10.0.0.0/8:5432", "[::1]:8000-8010", "*:443", "/run/service.sock". "*" has nothing of this
   * machine or this link.
   */
  allow: readonly string[]
}

/** What `policy` of `Sandbox.new` may be. */
export interface Policy {
  /** Files, and folders with all below, that it may read, and run unless `execute` says which. */
  read?: readonly (string | Path | URL)[] | undefined
  /** Files, and folders with all below, that it may read and change, but not run. */
  write?: readonly (string | Path | URL)[] | undefined
  /** Files, and folders with all below, that it may read and run; what it may read, if left out. */
  execute?: readonly (string | Path | URL)[] | undefined
  /**
   * A folder that it finds, reads and changes as it likes, while the one of the host stays as it is until
   * `Sandbox.commit`; also where programs begin. One guest at a time.
   */
  copyOnWrite?: string | Path | URL | undefined
  /** What it may reach, or where it may connect to; "none" if left out. */
  network?: NetworkAccess | NetworkRules | undefined
  /**
   * Bytes of an empty /tmp of its own, in memory; none if left out. What is written there is run if `execute` has
   * "/tmp". With namespaces only.
   */
  temporary?: number | undefined
  /** How much of everything it may use. */
  limits?: LimitOptions | undefined
  /**
   * Whether `Guest.refused` tells of files, too, which makes each call that names one slower; false if left out.
   */
  explain?: boolean | undefined
  /** What it has to stand on; namespaces where there are some, if left out. */
  foundation?: Foundation | undefined
}

/** What `probe` gives. */
export interface ProbeResult {
  /** What a sandbox would stand on here; nothing if there can be none. */
  foundation?: Foundation | undefined
  /** Those that can be had. */
  namespaces: NamespaceAbilities
  /** What the kernel has of Landlock. */
  landlock: LandlockAbilities
  /** What limits control groups can hold. */
  controlGroups: ControlGroupAbilities
  /** Whether system calls can be filtered. */
  seccomp: boolean
  /** Who refuses namespaces, if somebody does and it is known. */
  reason?: string | undefined
  /** What an administrator can do. */
  advice?: string | undefined
}

/** What `Guest.refused` gives. */
export interface RefusedRequest {
  /** What it asked for. */
  operation: RefusedOperation
  /** An address with its port, a name or a path. */
  target: string
  /** The field of the policy that would allow it: "network.allow", "read", "write" or "execute". */
  field: string
  /** What it would have to have. */
  value: string
  /** How often it was asked for. */
  count: number
}

/** What `list` gives. */
export interface RunningGuest {
  /** The number of the process that holds the sandbox, for `kill`. */
  pid: number
  /** What runs: the program, or the module of an actor. */
  program: string
  /** Whether it is an actor. */
  actor: boolean
  /** What its sandbox stands on. */
  foundation: Foundation
  /** When it was started: seconds since the beginning of 1970, UTC. */
  since: number
  /** Seconds of the processor that its processes have taken; nothing where /proc hides one (`hidepid`). */
  processorTime?: number | undefined
  /**
   * Bytes of memory that they have: as its control group counts them, or the sum of what each has, in which shared
   * memory is counted more than once; nothing where /proc hides one and no group counts.
   */
  memory?: number | undefined
  /** Of whom the limit of memory counts it; nothing without one. */
  memoryScope?: MemoryScope | undefined
}
