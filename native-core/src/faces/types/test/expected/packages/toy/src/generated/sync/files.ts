// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { natives } from '@emilua/native'

const native = natives('toy')

/** Renames a file. */
export function rename (from: string, to: string): void {
  native['files.rename:sync'](from, to)
}
