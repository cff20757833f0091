// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { natives } from '@emilua/native'

const native = natives('toy')

/** Past the cache. */
export const O_DIRECT = native['flags.O_DIRECT'] as unknown as number
