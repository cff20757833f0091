// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { adopt, handleOf, NativeObject, natives, operate0, type OperationOptions, register } from '@emilua/native'

const native = natives('system')

/**
 * Waits for any of several signals. Each set that holds a signal is told of it; what comes while nobody waits is
 * kept for the next wait.
 */
export class Set extends NativeObject {
  /**
   * Makes a set of the given signals.
   *
   * EINVAL for a signal that cannot be caught. A set keeps working if its VM ceases to be the master.
   *
   * Only the main thread may call it.
   *
   * @param signals - The first signals of the set.
   */
  constructor (...signals: number[]) {
    super(adopt() ?? native['signal.set.new'](...signals))
  }

  /**
   * Adds a signal to the set.
   *
   * Nothing happens when it is there. EINVAL for a signal that cannot be caught.
   *
   * Only the main thread may call it.
   */
  add (signal: number): void {
    native['signal.set.add'](handleOf(this), signal)
  }

  /**
   * Removes a signal, and what was kept of it.
   *
   * Once no set holds the signal, it does again what it did before.
   */
  remove (signal: number): void {
    native['signal.set.remove'](handleOf(this), signal)
  }

  /**
   * Removes every signal, and all that was kept.
   *
   * Pending waits go on waiting.
   */
  clear (): void {
    native['signal.set.clear'](handleOf(this))
  }

  /**
   * Cancels pending waits.
   *
   * They fail with `ECANCELED`.
   */
  cancel (): void {
    native['signal.set.cancel'](handleOf(this))
  }

  /**
   * Waits for a signal of the set and returns its number.
   *
   * Of several kept signals the one with the lowest number comes first. Fails with `ECANCELED` when the set is
   * canceled.
   *
   * @param options - A signal that ends the wait.
   */
  wait (options?: OperationOptions): Promise<number> {
    return operate0(native['signal.set.wait'], handleOf(this), options)
  }
}

register('system', 'signal.set', Set)
