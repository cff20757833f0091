// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { natives } from '@emilua/native'
import type { systemClock } from '@emilua/time'
import type { TimePoint } from './clock/time-point.js'

export { TimePoint } from './clock/time-point.js'

const native = natives('filesystem')

/** The present. */
export function now (): TimePoint {
  return native['clock.now']() as TimePoint
}

/** The epoch of this clock, which is nothing to rely on. */
export function epoch (): TimePoint {
  return native['clock.epoch']() as TimePoint
}

/** 1 January 1970, 00:00 UTC. */
export function unixEpoch (): TimePoint {
  return native['clock.unix_epoch']() as TimePoint
}

/**
 * The same instant on the clock of files.
 *
 * @param tp - An instant of the system clock.
 */
export function fromSystem (tp: systemClock.TimePoint): TimePoint {
  return native['clock.from_system'](tp) as TimePoint
}
