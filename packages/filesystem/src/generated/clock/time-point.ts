// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { adopt, natives, NativeValue, notConstructible, register, wireOf } from '@emilua/native'
import { type systemClock } from '@emilua/time'

const native = natives('filesystem')

/**
 * An instant of the clock of files, exact to the nanosecond. Instants compare with each other; an instant plus or
 * minus seconds is an instant, an instant minus an instant is seconds.
 *
 * A value: it never changes.
 */
export class TimePoint extends NativeValue {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('filesystem.clock.time_point'))
  }

  /**
   * Moves this instant forward.
   *
   * Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch
   * stops there. NaN is EINVAL.
   *
   * This value stays as it is; the result is another one.
   *
   * @param secs - Seconds; may be negative.
   */
  add (secs: number): TimePoint {
    return native['clock.time_point.add'](wireOf(this), secs) as TimePoint
  }

  /**
   * Moves this instant back.
   *
   * Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch
   * stops there. NaN is EINVAL.
   *
   * This value stays as it is; the result is another one.
   *
   * @param secs - Seconds; may be negative.
   */
  sub (secs: number): TimePoint
  /** What lies between `other` and this. */
  sub (other: TimePoint): number
  sub (other: number | TimePoint): TimePoint | number {
    const name = other instanceof TimePoint ? '__sub' : 'sub'
    return native[`clock.time_point.${name}`](wireOf(this), other) as TimePoint | number
  }

  /**
   * The same instant on the system clock.
   *
   * What that clock cannot say stops at its end, in 2262.
   */
  toSystem (): systemClock.TimePoint {
    return native['clock.time_point.to_system'](wireOf(this)) as systemClock.TimePoint
  }

  /** Seconds since the epoch of the clock, which is `clock.epoch`. */
  get secondsSinceEpoch (): number {
    return native['clock.time_point.seconds_since_epoch'](wireOf(this)) as number
  }

  /**
   * Seconds since 1 January 1970, 00:00 UTC.
   *
   * A number has 53 bits: near the present it is exact to some 0.2 microseconds.
   */
  get secondsSinceUnixEpoch (): number {
    return native['clock.time_point.seconds_since_unix_epoch'](wireOf(this)) as number
  }

  /** As text. */
  override toString (): string {
    return native['clock.time_point.__tostring'](wireOf(this)) as string
  }

  /** Whether `other` is the same value. */
  equals (other: unknown): boolean {
    return other instanceof TimePoint && native['clock.time_point.__eq'](wireOf(this), other) as boolean
  }

  /** Negative, zero or positive: where this sorts, compared with `other`. */
  compareTo (other: TimePoint): number {
    if (native['clock.time_point.__lt'](wireOf(this), other)) return -1
    return native['clock.time_point.__lt'](wireOf(other), this) ? 1 : 0
  }
}

register('filesystem', 'clock.time_point', TimePoint)
