// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "pipe"; change that instead.
import { natives } from '@emilua/native'
import type { ReadStream } from './read-stream.js'
import type { WriteStream } from './write-stream.js'

const native = natives('pipe')

/**
 * Makes a pipe: an end to read from and one to write to.
 *
 * EMFILE when the process has too many descriptors. Both are closed on exec. pipe(2).
 */
export function pair (): [ReadStream, WriteStream] {
  return native['pair']() as [ReadStream, WriteStream]
}
