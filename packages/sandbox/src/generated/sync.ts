// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "sandbox"; change that instead.
import { natives } from '@emilua/native'
import type { ProbeResult } from './types.js'

const native = natives('sandbox')

/** Tells what sandboxes have to stand on here, by trying it. */
export function probe (): ProbeResult {
  return native['probe:sync']() as ProbeResult
}
