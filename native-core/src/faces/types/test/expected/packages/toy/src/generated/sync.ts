// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { natives } from '@emilua/native'

export * as files from './sync/files.js'

const native = natives('toy')

/** How large a file is. */
export function size (path: string): bigint | undefined {
  return native['size:sync'](path) as bigint | undefined
}
