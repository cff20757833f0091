// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { natives, operate2, type OperationOptions } from '@emilua/native'
import type { Walker } from './files/walker.js'

export { Walker } from './files/walker.js'

const native = natives('toy')

/** Looks into a folder. */
export function walk (path: string): Walker {
  return native['files.walk'](path) as Walker
}

/**
 * Renames a file.
 *
 * A thread of the core does it. Its signal ends it only before a thread has begun.
 *
 * @param options - A signal that ends the wait.
 */
export function rename (from: string, to: string, options?: OperationOptions): Promise<void> {
  return operate2(native['files.rename'], 0, options, from, to)
}
