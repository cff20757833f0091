// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import { natives, operate0, type OperationOptions } from '@emilua/native'
import type { ProbeResult } from './types.js'

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
 * Tells what sandboxes have to stand on here, by trying it.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param options - A signal that ends the wait.
 */
export function probe (options?: OperationOptions): Promise<ProbeResult> {
  return operate0(native['probe'], 0, options)
}
