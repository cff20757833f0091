// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'
import { runtimeError } from '@emilua/native'
import { checkpoint } from '@emilua/native/fiber'
import { here, main, type Fiber } from './fiber.js'
import { yieldTurn } from './scheduler.js'

function self (): Fiber<unknown> {
  const { owner } = here()
  if (owner === null) throw runtimeError('notInAFiber', 'No fiber runs here')
  return owner
}

let never: AbortSignal | null = null

/**
 * The fiber that runs. At the top level of a program that is the main fiber; in a callback that a library calls after
 * the fiber it was made in has ended there is none, and all of this but `yield` throws `NOT_IN_A_FIBER`.
 */
export const thisFiber = {
  /**
   * Lets every other ready fiber run once before the caller goes on.
   *
   * Suspends; a cancellation point.
   */
  yield (): Promise<void> {
    return checkpoint() ?? yieldTurn()
  },

  /** From now on every attempt of this fiber to suspend rejects with `SUSPENSION_FORBIDDEN`. Nests. */
  forbidSuspend (): void { self().forbid(1) },

  /**
   * Undoes one {@link thisFiber.forbidSuspend}.
   *
   * @throws `SUSPENSION_ALREADY_ALLOWED` if there is none to undo
   */
  allowSuspend (): void { self().forbid(-1) },

  /**
   * Postpones cancellation of this fiber, with all its branches, until it is restored as often as it was disabled.
   * `uncancelable` is the safer form.
   */
  disableCancellation (): void { self().disable(1) },

  /**
   * Undoes one {@link thisFiber.disableCancellation}. Not itself a cancellation point, but operations that other
   * branches of the fiber wait for are interrupted if cancellation was requested meanwhile.
   *
   * @throws `CANCELLATION_NOT_DISABLED` if there is none to undo
   */
  restoreCancellation (): void { self().disable(-1) },

  /** Whether this is the main fiber of the program. */
  get isMain (): boolean { return here().owner === main },

  /** Storage that every fiber has for itself. */
  get local (): Record<string | symbol, unknown> { return self().local },

  /** Tells fibers apart in messages. For debugging only. */
  get id (): string { return self().id },

  /**
   * Is aborted, with {@link FiberCanceled} as its reason, when this fiber is canceled, or the time limit or task group
   * that the caller is in: for `fetch` and whatever else takes a signal. Never aborted where cancellation is masked, and
   * in the main fiber outside of time limits and task groups.
   */
  get signal (): AbortSignal {
    const frame = here()
    const signals: AbortSignal[] = []
    for (let limit = frame.limit; limit !== null; limit = limit.outer) signals.push(limit.signal)
    const fiber = signals.length === 0 ? self() : frame.owner
    if (fiber !== null && fiber !== main && !frame.masked) signals.push(fiber.signal)
    if (signals.length === 0) return never ??= new AbortController().signal
    return signals.length === 1 ? signals[0]! : AbortSignal.any(signals)
  },

  /** For `console.log`: the fiber. */
  [inspect.custom] (): string {
    const { owner } = here()
    return owner === null ? 'thisFiber (no fiber runs)' : `thisFiber ${owner[inspect.custom]()}`
  }
}
