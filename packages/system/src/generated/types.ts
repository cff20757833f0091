// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import type { FileDescriptor } from '@emilua/file-descriptor'
import type { Path } from '@emilua/filesystem'

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

/** What `opts` of `spawn` may be. */
export interface SchedulerOptions {
  /** Who runs when. */
  policy?: SchedulingPolicy | undefined
  /** Of real time only, and needed there: from 1 to 99, the most urgent. */
  priority?: number | undefined
  /** Whether the child's children are ordinary again. Needs a policy. */
  resetOnFork?: boolean | undefined
}

/** What `opts` of `spawn` may be. */
export interface SpawnOptions {
  /**
   * What runs. A name is looked for in the PATH that this program was started with, as execvp(3) does; a path is
   * taken as it is, in the working directory of the child; a descriptor is the file itself, execveat(2).
   */
  program: string | Path | FileDescriptor
  /** Its words, of which the first is its name; none if left out. */
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
  extraFds?: Readonly<Record<number, FileDescriptor>> | undefined
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
  workingDirectory?: Path | string | FileDescriptor | undefined
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
