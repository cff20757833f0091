// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
import { natives } from '@emilua/native'
import type { TimePoint } from './system-clock/time-point.js'

export { TimePoint } from './system-clock/time-point.js'

const native = natives('time')

/** The present, on the wall clock, which can be set at any moment. */
export function now (): TimePoint {
  return native['system_clock.now']() as TimePoint
}

/** 1 January 1970, 00:00 UTC. */
export function epoch (): TimePoint {
  return native['system_clock.epoch']() as TimePoint
}
