// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { natives, operate1, type OperationOptions } from '@emilua/native'
import type { StandardInput } from './standard-input.js'
import type { StandardOutput } from './standard-output.js'
import type { Subprocess } from './subprocess.js'
import type { SpawnOptions } from './types.js'

const native = natives('system')

/** The number of this process. */
export function getpid (): number {
  return native['getpid']() as number
}

/**
 * The number of the parent process.
 *
 * 0 when the parent is outside this process's PID namespace.
 */
export function getppid (): number {
  return native['getppid']() as number
}

/**
 * Sends a signal to a process or a group.
 *
 * EINVAL when there is no such signal, ESRCH when there is no such process, EPERM when it belongs to somebody else.
 * See kill(2).
 *
 * @param pid - A process; 0 for this process group, -1 for every process there is, -n for process group n.
 * @param signal - A signal; 0 sends nothing and only checks.
 */
export function kill (pid: number, signal: number): void {
  native['kill'](pid, signal)
}

/**
 * A descriptor that this process was started with, once; nothing when there is none, or not any more.
 *
 * For programs that are told of a number, LISTEN_FDS of systemd for one.
 *
 * Only the main thread may call it.
 *
 * @param fd - Its number, from 3 to 9. From 3 to 9.
 */
export function getLowfd (fd: number): FileDescriptor | undefined {
  return native['get_lowfd'](fd) as FileDescriptor | undefined
}

/** The users that this process is. */
export function getresuid (): { ruid: number, euid: number, suid: number } {
  return native['getresuid']() as { ruid: number, euid: number, suid: number }
}

/** The groups that this process is. */
export function getresgid (): { rgid: number, egid: number, sgid: number } {
  return native['getresgid']() as { rgid: number, egid: number, sgid: number }
}

/**
 * Sets the users that this process is.
 *
 * Of all threads of the process. -1 changes nothing. EPERM without the right to. setresuid(2).
 *
 * Only the main thread may call it.
 *
 * @param ruid - The real user.
 * @param euid - The effective user.
 * @param suid - The saved user.
 */
export function setresuid (ruid: number, euid: number, suid: number): void {
  native['setresuid'](ruid, euid, suid)
}

/**
 * Sets the groups that this process is.
 *
 * Of all threads of the process. -1 changes nothing. EPERM without the right to. setresgid(2).
 *
 * Only the main thread may call it.
 *
 * @param rgid - The real group.
 * @param egid - The effective group.
 * @param sgid - The saved group.
 */
export function setresgid (rgid: number, egid: number, sgid: number): void {
  native['setresgid'](rgid, egid, sgid)
}

/**
 * The supplementary groups of this process.
 *
 * getgroups(2).
 */
export function getgroups (): number[] {
  return native['getgroups']() as number[]
}

/**
 * Sets the supplementary groups of this process.
 *
 * Of all its threads. EPERM without the right to, EINVAL for more than the system allows. setgroups(2).
 *
 * Only the main thread may call it.
 *
 * @param groups - The groups.
 */
export function setgroups (groups: readonly number[]): void {
  native['setgroups'](groups)
}

/** The process group of this process. */
export function getpgrp (): number {
  return native['getpgrp']() as number
}

/**
 * The process group of a process.
 *
 * ESRCH when there is no such process. getpgid(2).
 *
 * @param pid - A process; 0 is this one.
 */
export function getpgid (pid: number): number {
  return native['getpgid'](pid) as number
}

/**
 * Brings a process to a process group.
 *
 * EACCES when the child runs its program already, EPERM, ESRCH. setpgid(2).
 *
 * Only the main thread may call it.
 *
 * @param pid - This process (0) or a child of it.
 * @param pgid - A process group of this session; 0 for one whose number is the process's.
 */
export function setpgid (pid: number, pgid: number): void {
  native['setpgid'](pid, pgid)
}

/**
 * The session of a process.
 *
 * ESRCH when there is no such process. getsid(2).
 *
 * @param pid - A process; 0 is this one.
 */
export function getsid (pid: number): number {
  return native['getsid'](pid) as number
}

/**
 * Makes this process lead a new session and returns its number.
 *
 * EPERM when it leads a process group. setsid(2).
 *
 * Only the main thread may call it.
 */
export function setsid (): number {
  return native['setsid']() as number
}

/**
 * Starts a program in a process of its own.
 *
 * When it runs, this is through. What cannot be done fails here, with the option at fault: ENOENT or EACCES for the
 * program, EPERM for rights that this process does not have, EINVAL for options that contradict each other, before
 * anything is started. In the new process things happen in this order: signals as at the start of a process,
 * namespaces, session, terminal, process group, foreground, scheduler, groups, ids, umask, working directory,
 * pdeathsig, descriptors, no_new_privs, Landlock, seccomp. execve(2).
 *
 * @param opts - What runs, and how.
 * @param options - A signal that ends the wait.
 */
export function spawn (opts: SpawnOptions, options?: OperationOptions): Promise<Subprocess> {
  return operate1(native['spawn'], 0, options, opts)
}

/** Standard input. */
const in_ = native['in_']() as StandardInput
export { in_ as in }

/** Standard output. */
export const out = native['out']() as StandardOutput

/** Standard error. */
export const err = native['err']() as StandardOutput
