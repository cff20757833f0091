// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
import { adopt, handleOf, NativeObject, natives, operate0, type OperationOptions, register } from '@emilua/native'
import type { TimePoint } from './steady-clock/time-point.js'

const native = natives('time')

/** A timer of the steady clock, which several waits can share. */
export class SteadyTimer extends NativeObject {
  /** Makes a timer that has expired: its expiry is the clock's epoch. */
  constructor () {
    super(adopt() ?? native['steady_timer.new']())
  }

  /**
   * Sets the instant at which the timer expires and cancels the waits that are pending.
   *
   * Returns how many waits were canceled; they fail with `ECANCELED`.
   *
   * @param tp - When the timer expires.
   */
  expiresAt (tp: TimePoint): number {
    return native['steady_timer.expires_at'](handleOf(this), tp) as number
  }

  /**
   * Waits until the timer has expired.
   *
   * Completes at once when it has. Fails with `ECANCELED` when the timer is canceled or its expiry changed.
   *
   * @param options - A signal that ends the wait.
   */
  wait (options?: OperationOptions): Promise<void> {
    return operate0(native['steady_timer.wait'], handleOf(this), options)
  }

  /**
   * Cancels every pending wait and returns how many there were.
   *
   * The expiry stays as it is. The waits fail with `ECANCELED`.
   */
  cancel (): number {
    return native['steady_timer.cancel'](handleOf(this)) as number
  }

  /** When the timer expires, or when it did. */
  get expiry (): TimePoint {
    return native['steady_timer.expiry'](handleOf(this)) as TimePoint
  }

  /**
   * Sets the expiry relative to now and cancels the waits that are pending.
   *
   * Returns how many waits were canceled; they fail with `ECANCELED`. Infinity is never; NaN is EINVAL.
   *
   * @param secs - Seconds from now; may be negative.
   */
  expiresAfter (secs: number): number {
    return native['steady_timer.expires_after'](handleOf(this), secs) as number
  }
}

register('time', 'steady_timer', SteadyTimer)
