// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { natives } from '@emilua/native'
import type { StandardInput } from './standard-input.js'
import type { StandardOutput } from './standard-output.js'

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

/** Standard input. */
const in_ = native['in_']() as StandardInput
export { in_ as in }

/** Standard output. */
export const out = native['out']() as StandardOutput

/** Standard error. */
export const err = native['err']() as StandardOutput
