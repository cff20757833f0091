// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { type FileDescriptor } from '@emilua/file-descriptor'
import { natives, operate1, type OperationOptions } from '@emilua/native'
import type { LinuxCapabilities } from './linux-capabilities.js'
import type { StandardInput } from './standard-input.js'
import type { StandardOutput } from './standard-output.js'
import type { Subprocess } from './subprocess.js'
import type { LandlockCreateFlag, LandlockRuleOptions, LandlockRulesetOptions, LandlockRuleType, SpawnOptions } from './types.js'

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

/**
 * Keeps this process, and every program it runs, from gaining rights by execve(2), for good.
 *
 * Of all its threads. PR_SET_NO_NEW_PRIVS(2const).
 *
 * Only the main thread may call it.
 */
export function setNoNewPrivs (): void {
  native['set_no_new_privs']()
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
 * @param pgid - A process group of this session; 0 for one whose number is the process's. Not negative.
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
 * The folders in which libraries of this program are looked for.
 *
 * Opened, each once; those that cannot be opened are left out. RTLD_DI_SERINFO of dlinfo(3).
 */
export function getLdLibraryDirectories (): FileDescriptor[] {
  return native['get_ld_library_directories']() as FileDescriptor[]
}

/**
 * The capabilities of this process.
 *
 * Those of the calling thread. cap_get_proc(3).
 */
export function capGetProc (): LinuxCapabilities {
  return native['cap_get_proc']() as LinuxCapabilities
}

/**
 * No capabilities at all.
 *
 * cap_init(3).
 */
export function capInit (): LinuxCapabilities {
  return native['cap_init']() as LinuxCapabilities
}

/**
 * The capabilities that a text names.
 *
 * EINVAL for what is none. cap_from_text(3).
 *
 * @param caps - As setcap(8) has it: "cap_kill,cap_chown=ep".
 */
export function capFromText (caps: string): LinuxCapabilities {
  return native['cap_from_text'](caps) as LinuxCapabilities
}

/**
 * Whether a program can gain a capability by execve(2).
 *
 * cap_get_bound(3).
 *
 * @param cap - A capability: "cap_chown".
 */
export function capGetBound (cap: string): boolean {
  return native['cap_get_bound'](cap) as boolean
}

/**
 * Keeps all programs from gaining a capability by execve(2).
 *
 * For all threads, and for good. EPERM without CAP_SETPCAP. cap_drop_bound(3).
 *
 * Only the main thread may call it.
 *
 * @param cap - A capability: "cap_chown".
 */
export function capDropBound (cap: string): void {
  native['cap_drop_bound'](cap)
}

/**
 * Whether programs have a capability without any of their own.
 *
 * cap_get_ambient(3).
 *
 * @param cap - A capability: "cap_chown".
 */
export function capGetAmbient (cap: string): boolean {
  return native['cap_get_ambient'](cap) as boolean
}

/**
 * Lets programs have a capability without any of their own.
 *
 * For all threads. EPERM unless it is permitted and inheritable. cap_set_ambient(3).
 *
 * Only the main thread may call it.
 *
 * @param cap - A capability.
 * @param value - Whether programs are to have it.
 */
export function capSetAmbient (cap: string, value: boolean): void {
  native['cap_set_ambient'](cap, value)
}

/**
 * Lets programs have no capabilities but their own.
 *
 * For all threads. cap_reset_ambient(3).
 *
 * Only the main thread may call it.
 */
export function capResetAmbient (): void {
  native['cap_reset_ambient']()
}

/**
 * How this process treats user 0.
 *
 * A sum of SECBIT_ constants. cap_get_secbits(3).
 */
export function capGetSecbits (): number {
  return native['cap_get_secbits']() as number
}

/**
 * Sets how this process treats user 0.
 *
 * For all threads. EPERM without CAP_SETPCAP, and for bits that are locked. cap_set_secbits(3).
 *
 * Only the main thread may call it.
 *
 * @param bits - A sum of SECBIT_ constants. Not negative.
 */
export function capSetSecbits (bits: number): void {
  native['cap_set_secbits'](bits)
}

/** User 0 is nobody special to execve(2). */
export const SECBIT_NOROOT = 1

/** SECBIT_NOROOT stays as it is. */
export const SECBIT_NOROOT_LOCKED = 2

/** A change of users changes no capabilities. */
export const SECBIT_NO_SETUID_FIXUP = 4

/** SECBIT_NO_SETUID_FIXUP stays as it is. */
export const SECBIT_NO_SETUID_FIXUP_LOCKED = 8

/** Permitted capabilities outlive a change from user 0 to others; until execve(2). */
export const SECBIT_KEEP_CAPS = 16

/** SECBIT_KEEP_CAPS stays as it is. */
export const SECBIT_KEEP_CAPS_LOCKED = 32

/** No capability becomes ambient. */
export const SECBIT_NO_CAP_AMBIENT_RAISE = 64

/** SECBIT_NO_CAP_AMBIENT_RAISE stays as it is. */
export const SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED = 128

/**
 * Limits the system calls of this process, for good.
 *
 * Of all its threads, and of its children. The program sees calls, not what is done by io_uring. EACCES without
 * `setNoNewPrivs` or CAP_SYS_ADMIN; EINVAL for a program that the kernel refuses; ESRCH when a thread has a filter
 * of its own. seccomp(2).
 *
 * Only the main thread may call it.
 *
 * @param bpfFprogram - The filter: struct sock_filter, one after the other.
 */
export function seccompSetModeFilter (bpfFprogram: Uint8Array): void {
  native['seccomp_set_mode_filter'](bpfFprogram)
}

/**
 * Makes a ruleset of Landlock, or tells the ABI of the kernel.
 *
 * EINVAL for rights that the kernel does not know, by name; ENOMSG for none; ENOSYS or EOPNOTSUPP where there is no
 * Landlock. landlock_create_ruleset(2).
 *
 * @param attr - What the ruleset handles.
 * @param flags - "version" asks for the ABI instead.
 */
export function landlockCreateRuleset (
  attr?: LandlockRulesetOptions, flags?: readonly LandlockCreateFlag[]
): FileDescriptor | number {
  return native['landlock_create_ruleset'](attr, flags) as FileDescriptor | number
}

/**
 * Adds a rule to a ruleset of Landlock: an exception.
 *
 * EINVAL for rights that the ruleset does not handle, or that a file cannot have that is no folder; EBADFD for a
 * descriptor of another kind. landlock_add_rule(2).
 *
 * @param rulesetFd - A ruleset.
 * @param ruleType - What the rule is about.
 * @param attr - What it allows, and where.
 */
export function landlockAddRule (
  rulesetFd: FileDescriptor, ruleType: LandlockRuleType, attr: LandlockRuleOptions
): void {
  native['landlock_add_rule'](rulesetFd, ruleType, attr)
}

/**
 * Makes this process obey a ruleset of Landlock, for good.
 *
 * All its threads, and its children. EPERM without `setNoNewPrivs` or CAP_SYS_ADMIN; E2BIG after 16 times.
 * landlock_restrict_self(2).
 *
 * Only the main thread may call it.
 *
 * @param rulesetFd - A ruleset.
 */
export function landlockRestrictSelf (rulesetFd: FileDescriptor): void {
  native['landlock_restrict_self'](rulesetFd)
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
