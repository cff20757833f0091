// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
import { natives } from '@emilua/native'
import type { TimePoint } from './steady-clock/time-point.js'

export { TimePoint } from './steady-clock/time-point.js'

const native = natives('time')

/** The present, on a clock that never goes back. */
export function now (): TimePoint {
  return native['steady_clock.now']() as TimePoint
}

/** The epoch of this clock: on Linux, when the machine started. */
export function epoch (): TimePoint {
  return native['steady_clock.epoch']() as TimePoint
}
