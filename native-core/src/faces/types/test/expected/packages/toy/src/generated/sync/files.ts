// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { natives } from '@emilua/native'
import { type Walker } from '../files/walker.js'

export { Walker } from '../files/walker.js'

const native = natives('toy')

/** Looks into a folder. */
export function walk (path: string): Walker {
  return native['files.walk'](path) as Walker
}

/** Renames a file. */
export function rename (from: string, to: string): void {
  native['files.rename:sync'](from, to)
}
