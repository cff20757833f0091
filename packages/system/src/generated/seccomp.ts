// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { natives } from '@emilua/native'
import type { SeccompOptions } from './types.js'

const native = natives('system')

/**
 * Makes a filter of system calls, for `seccompSetModeFilter` and `spawn`.
 *
 * Calls of another architecture end the process. Names that only other architectures have are left out. EINVAL for
 * a name that nobody knows, a call that is in two lists, and what `default` says already; ENOPKG where libseccomp
 * is not installed. seccomp_rule_add(3).
 *
 * @param opts - What becomes of which system calls.
 */
export function filter (opts: SeccompOptions): Uint8Array {
  return native['seccomp.filter'](opts) as Uint8Array
}
