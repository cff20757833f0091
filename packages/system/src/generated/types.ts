// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import type { FileDescriptor } from '@emilua/file-descriptor'
import type { Path } from '@emilua/filesystem'
import type { Slave } from '@emilua/libc-service'

/** What `flag` of `LinuxCapabilities.clearFlag` may be. */
export type CapabilitySet =
  /** What is in force. */
  | 'effective'
  /** What can be put in force. */
  | 'permitted'
  /** What programs can be given. */
  | 'inheritable'

/** What `attr` of `landlockAddRule` may be. */
export type LandlockAccess =
  | 'execute'
  | 'write_file'
  | 'read_file'
  | 'read_dir'
  | 'remove_dir'
  | 'remove_file'
  | 'make_char'
  | 'make_dir'
  | 'make_reg'
  | 'make_sock'
  | 'make_fifo'
  | 'make_block'
  | 'make_sym'
  | 'refer'
  | 'truncate'
  | 'ioctl_dev'
  | 'bind_tcp'
  | 'connect_tcp'

/** What `attr` of `landlockCreateRuleset` may be. */
export type LandlockAccessFs =
  /** Run a file. */
  | 'execute'
  /** Open a file for writing. */
  | 'write_file'
  /** Open a file for reading. */
  | 'read_file'
  /** Open a folder, or list it. */
  | 'read_dir'
  /** Remove or rename an empty folder. */
  | 'remove_dir'
  /** Remove or rename a file. */
  | 'remove_file'
  /** Make a character device. */
  | 'make_char'
  /** Make a folder. */
  | 'make_dir'
  /** Make a regular file. */
  | 'make_reg'
  /** Make a UNIX socket. */
  | 'make_sock'
  /** Make a FIFO. */
  | 'make_fifo'
  /** Make a block device. */
  | 'make_block'
  /** Make a symbolic link. */
  | 'make_sym'
  /** Link or rename to another folder; since ABI 2. Refused when it is not handled, too. */
  | 'refer'
  /** Change the size of a file; since ABI 3. */
  | 'truncate'
  /** Make ioctl(2) of a device that is opened; since ABI 5. */
  | 'ioctl_dev'

/** What `attr` of `landlockCreateRuleset` may be. */
export type LandlockAccessNet =
  /** Bind a TCP socket to a port. */
  | 'bind_tcp'
  /** Connect a TCP socket to a port. */
  | 'connect_tcp'

/** What `flags` of `landlockCreateRuleset` may be. */
export type LandlockCreateFlag =
  /** Tell the ABI and make nothing. */
  | 'version'

/** What `ruleType` of `landlockAddRule` may be. */
export type LandlockRuleType =
  /** For a file, or a folder and all below. */
  | 'path_beneath'
  /** For a port of TCP; since ABI 4. */
  | 'net_port'

/** What `attr` of `landlockCreateRuleset` may be. */
export type LandlockScope =
  /** No connecting to abstract UNIX sockets of processes outside. */
  | 'abstract_unix_socket'
  /** No signals to processes outside. */
  | 'signal'

/** What `opts` of `spawn` may be. */
export type SchedulingPolicy =
  /** SCHED_OTHER, the usual one. */
  | 'other'
  /** SCHED_BATCH, for work that nobody waits for. */
  | 'batch'
  /** SCHED_IDLE, when nobody else wants to. */
  | 'idle'
  /** SCHED_FIFO, of real time. */
  | 'fifo'
  /** SCHED_RR, of real time, in turns. */
  | 'rr'

/** What `opts` of `seccomp.filter` may be. */
export type SeccompAction =
  /** It is made. */
  | 'allow'
  /** It fails with `code` and is not made. */
  | 'errno'
  /** It is made, and the system's log has it. */
  | 'log'
  /** It is not made, and the thread gets SIGSYS. */
  | 'trap'
  /** The thread ends. */
  | 'kill_thread'
  /** The process ends by SIGSYS. */
  | 'kill_process'

/** What `opts` of `seccomp.filter` may be. */
export type SeccompComparison =
  /** It is the value. */
  | 'equal'
  /** It is not the value. */
  | 'not_equal'
  /** It is less. */
  | 'less'
  /** It is not greater. */
  | 'less_or_equal'
  /** It is greater. */
  | 'greater'
  /** It is not less. */
  | 'greater_or_equal'
  /** Those bits of it that `mask` has are the value. */
  | 'masked_equal'

/** What `opts` of `spawn` may be. */
export type StandardHandle =
  /** That of the parent. */
  | 'share'
  /** /dev/null. */
  | 'ignore'

/** What `opts` of `spawn` may be. */
export type StandardName =
  /** Standard input. */
  | 'stdin'
  /** Standard output. */
  | 'stdout'
  /** Standard error. */
  | 'stderr'

/** What `attr` of `landlockAddRule` may be. */
export interface LandlockRuleOptions {
  /** What is allowed of what the ruleset handles. */
  allowedAccess?: readonly LandlockAccess[] | undefined
  /** For "path_beneath": the file, or the folder. */
  parentFd?: FileDescriptor | undefined
  /** For "net_port": the port. */
  port?: number | undefined
}

/** What `attr` of `landlockCreateRuleset` may be. */
export interface LandlockRulesetOptions {
  /** Rights of files that nobody has unless a rule allows it. */
  handledAccessFs?: readonly LandlockAccessFs[] | undefined
  /** Rights of the network that nobody has unless a rule allows it; since ABI 4. */
  handledAccessNet?: readonly LandlockAccessNet[] | undefined
  /** What stops at the border of those that obey; since ABI 6. */
  scoped?: readonly LandlockScope[] | undefined
}

/** What `opts` of `spawn` may be. */
export interface SchedulerOptions {
  /** Who runs when. */
  policy?: SchedulingPolicy | undefined
  /** Of real time only, and needed there: from 1 to 99, the most urgent. */
  priority?: number | undefined
  /** Whether the child's children are ordinary again. Needs a policy. */
  resetOnFork?: boolean | undefined
}

/** What `opts` of `seccomp.filter` may be. */
export interface SeccompCondition {
  /** Which one, from 0 to 5. */
  argument: number
  /** How it compares, as an unsigned number. */
  is: SeccompComparison
  /** To what. */
  value: number | bigint
  /** For "masked_equal": which bits count. */
  mask?: number | bigint | undefined
}

/** What `opts` of `seccomp.filter` may be. */
export interface SeccompOptions {
  /** What becomes of all other calls. */
  default: SeccompAction
  /** Calls that are made. */
  allow?: readonly (string | SeccompRule)[] | undefined
  /** Calls that fail with `code`. */
  errno?: readonly (string | SeccompRule)[] | undefined
  /** Calls that are made and logged. */
  log?: readonly (string | SeccompRule)[] | undefined
  /** Calls instead of which there is a SIGSYS. */
  trap?: readonly (string | SeccompRule)[] | undefined
  /** Calls that end the thread. */
  killThread?: readonly (string | SeccompRule)[] | undefined
  /** Calls that end the process. */
  killProcess?: readonly (string | SeccompRule)[] | undefined
  /** The errno of calls that fail; EPERM if left out. */
  code?: number | undefined
}

/** What `opts` of `seccomp.filter` may be. */
export interface SeccompRule {
  /** The name of a system call. */
  syscall: string
  /** What its arguments have to be, all of it. */
  when?: readonly SeccompCondition[] | undefined
  /** In the list `errno`: the errno of this call. */
  code?: number | undefined
}

/** What `opts` of `spawn` may be. */
export interface SpawnOptions {
  /**
   * What runs. A name is looked for in the PATH that this program was started with, as execvp(3) does; a path is
   * taken as it is, in the working directory of the child; a descriptor is the file itself, execveat(2).
   */
  program: string | Path | URL | FileDescriptor
  /** Its words, of which the first is its name: `ls`, `-l`; none if left out. */
  arguments?: readonly string[] | undefined
  /**
   * Its variables, by name; none if left out. One may have the value "\0pid" and is then the child's process id.
   */
  environment?: Readonly<Record<string, string>> | undefined
  /** What it reads from; a pipe whose other end is closed, if left out. */
  stdin?: StandardHandle | FileDescriptor | undefined
  /** What it writes to; a pipe whose other end is closed, if left out. */
  stdout?: StandardHandle | FileDescriptor | undefined
  /** What it complains to; a pipe whose other end is closed, if left out. */
  stderr?: StandardHandle | FileDescriptor | undefined
  /** Further descriptors, by the numbers from 3 to 9 that it has them by. It has no others. */
  extraFds?: Readonly<Record<number, FileDescriptor | Slave>> | undefined
  /**
   * What it gets when nobody can wait for it any more; SIGTERM if left out, 0 for nothing. This process does not
   * end before it.
   */
  signalOnGcreaper?: number | undefined
  /** How it is scheduled. sched_setscheduler(2). */
  scheduler?: SchedulerOptions | undefined
  /** Whether it leads a new session. setsid(2). */
  startNewSession?: boolean | undefined
  /** The terminal that controls its new session. */
  setCtty?: FileDescriptor | undefined
  /** The process group it joins; 0 for one of its own. setpgid(2). */
  processGroup?: number | undefined
  /**
   * The terminal whose foreground its process group becomes, or the shared standard stream that is one.
   * tcsetpgrp(3).
   */
  foreground?: StandardName | FileDescriptor | undefined
  /** Its real user; -1 for no change. */
  ruid?: number | undefined
  /** Its effective user; -1 for no change. */
  euid?: number | undefined
  /** Its real group; -1 for no change. */
  rgid?: number | undefined
  /** Its effective group; -1 for no change. */
  egid?: number | undefined
  /** Its supplementary groups. setgroups(2). */
  extraGroups?: readonly number[] | undefined
  /** Whether no program it runs gets more rights than it has. prctl(2). */
  setNoNewPrivs?: boolean | undefined
  /**
   * A filter of its system calls: struct sock_filter, one after the other. It has to let execve(2) through.
   * seccomp(2).
   */
  seccompSetModeFilter?: Uint8Array | undefined
  /** A ruleset that it obeys. landlock(7). */
  landlockRestrictSelf?: FileDescriptor | undefined
  /** Its umask. */
  umask?: number | undefined
  /** Where it is; where this process is, if left out. */
  workingDirectory?: Path | string | URL | FileDescriptor | undefined
  /** What it gets when the thread that spawned it ends, which lives as long as its VM. PR_SET_PDEATHSIG(2const). */
  pdeathsig?: number | undefined
  /** A user namespace to be in; entered before the others. setns(2). */
  setnsUser?: FileDescriptor | undefined
  /** A mount namespace to be in. */
  setnsMount?: FileDescriptor | undefined
  /** A UTS namespace to be in. */
  setnsUts?: FileDescriptor | undefined
  /** An IPC namespace to be in. */
  setnsIpc?: FileDescriptor | undefined
  /** A network namespace to be in. */
  setnsNet?: FileDescriptor | undefined
}
