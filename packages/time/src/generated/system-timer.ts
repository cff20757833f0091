// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
import { adopt, handleOf, NativeObject, natives, operate0, type OperationOptions, register } from '@emilua/native'
import type { TimePoint } from './system-clock/time-point.js'

const native = natives('time')

/** A timer of the wall clock. When the clock is set, a timer that is waiting follows within five minutes. */
export class SystemTimer extends NativeObject {
  /** Makes a timer that has expired: its expiry is the clock's epoch. */
  constructor () {
    super(adopt() ?? native['system_timer.new']())
  }

  /**
   * Sets the instant at which the timer expires and cancels the waits that are pending.
   *
   * Returns how many waits were canceled; they fail with `ECANCELED`.
   *
   * @param tp - When the timer expires.
   */
  expiresAt (tp: TimePoint): number {
    return native['system_timer.expires_at'](handleOf(this), tp) as number
  }

  /**
   * Waits until the timer has expired.
   *
   * Completes at once when it has. Fails with `ECANCELED` when the timer is canceled or its expiry changed.
   *
   * @param options - A signal that ends the wait.
   */
  wait (options?: OperationOptions): Promise<void> {
    return operate0(native['system_timer.wait'], handleOf(this), options)
  }

  /**
   * Cancels every pending wait and returns how many there were.
   *
   * The expiry stays as it is. The waits fail with `ECANCELED`.
   */
  cancel (): number {
    return native['system_timer.cancel'](handleOf(this)) as number
  }

  /** When the timer expires, or when it did. */
  get expiry (): TimePoint {
    return native['system_timer.expiry'](handleOf(this)) as TimePoint
  }
}

register('time', 'system_timer', SystemTimer)
