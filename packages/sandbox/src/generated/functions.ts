// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import { natives, operate0, type OperationOptions } from '@emilua/native'
import type { ProbeResult, RunningGuest } from './types.js'

const native = natives('sandbox')

/**
 * Where the system has its programs and their libraries: what most policies let their programs read.
 *
 * Those that are there of /usr, /bin, /sbin, /lib, /lib64 and of what finds libraries in /etc: nothing of anybody's
 * own, as long as nobody keeps such things in /usr/local.
 */
export function systemPaths (): string[] {
  return native['system_paths']() as string[]
}

/**
 * Tells what runs in sandboxes that this process has started, the oldest first.
 *
 * Actors and programs of all VMs of the process; not what a guest has in sandboxes of its own.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param options - A signal that ends the wait.
 */
export function list (options?: OperationOptions): Promise<RunningGuest[]> {
  return operate0(native['list'], 0, options)
}

/**
 * Sends a signal to a guest of this process.
 *
 * ESRCH where none of its guests has this number any more: no other process is ever sent one. pidfd_send_signal(2).
 *
 * @param pid - The number of a guest, from `list`.
 * @param signal - A signal; without it, SIGKILL, which ends all that is in the sandbox.
 */
export function kill (pid: number, signal?: number): void {
  native['kill'](pid, signal)
}

/**
 * Tells what sandboxes have to stand on here, by trying it.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param options - A signal that ends the wait.
 */
export function probe (options?: OperationOptions): Promise<ProbeResult> {
  return operate0(native['probe'], 0, options)
}
