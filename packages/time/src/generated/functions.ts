// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
import { natives, operate1, type OperationOptions } from '@emilua/native'

const native = natives('time')

/**
 * Waits until the given time has passed.
 *
 * Zero lets everything else that is ready run once. Durations beyond 292 years, infinity among them, never end. NaN
 * and negative durations are EINVAL. Measured by the steady clock, which stands still while the machine sleeps.
 *
 * @param secs - How long, in seconds, 0 or more; fractions count.
 * @param options - A signal that ends the wait.
 */
export function sleep (secs: number, options?: OperationOptions): Promise<void> {
  return operate1(native['sleep'], 0, options, secs)
}
