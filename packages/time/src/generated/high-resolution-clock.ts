// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
import { natives } from '@emilua/native'
import type { TimePoint } from './high-resolution-clock/time-point.js'

export { TimePoint } from './high-resolution-clock/time-point.js'

const native = natives('time')

/** The present, on the clock with the finest ticks; to measure how long something takes. */
export function now (): TimePoint {
  return native['high_resolution_clock.now']() as TimePoint
}

/** The epoch of this clock: on Linux, when the machine started. */
export function epoch (): TimePoint {
  return native['high_resolution_clock.epoch']() as TimePoint
}

/** Whether this clock never goes back, even when the time of the system is set. */
export const isSteady = true
