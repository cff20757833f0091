// SPDX-License-Identifier: MIT OR BSL-1.0
import { isDate } from 'node:util/types'
import { invalidArgument, wireOf } from '@emilua/native'
import { epoch } from './generated/system-clock.js'
import { TimePoint } from './generated/system-clock/time-point.js'

export * from './generated/system-clock.js'

declare module './generated/system-clock/time-point.js' {
  interface TimePoint {
    /** This instant as a `Date`, which counts milliseconds: what is beyond them is cut off. */
    toDate (): Date
  }
}

Object.defineProperty(TimePoint.prototype, 'toDate', {
  configurable: true,
  writable: true,
  value (this: TimePoint): Date {
    const nanoseconds = BigInt(wireOf(this) as bigint)
    return new Date(Number((nanoseconds - (nanoseconds % 1_000_000n + 1_000_000n) % 1_000_000n) / 1_000_000n))
  }
})

/**
 * The instant of `date`, exactly. Dates more than 292 years from 1970 stop there.
 *
 * Throws `EINVAL` for an invalid date.
 */
export function fromDate (date: Date): TimePoint {
  if (!isDate(date)) throw invalidArgument('date', 'Expected a Date', date)
  const milliseconds = date.getTime()
  if (Number.isNaN(milliseconds)) throw invalidArgument('date', 'Expected a valid Date, not one whose time is NaN')
  // Apart, so that a large number of seconds costs the rest no digits.
  return epoch().add(Math.trunc(milliseconds / 1000)).add(milliseconds % 1000 / 1000)
}
