// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument, showCaller } from '@emilua/native'
import { blockOf } from './block.js'
import { CancelScope } from './cancel-scope.js'
import { failureIn } from './canceled.js'
import { after } from './platform.js'

/** What {@link timeout} rejects with when the time is up. */
export class TimeoutError extends Error {
  static {
    this.prototype.name = 'TimeoutError'
  }

  /** Always `'ETIMEDOUT'`. */
  readonly code = 'ETIMEDOUT'

  constructor (
    /** The limit. */
    readonly seconds: number
  ) {
    super(`Timed out after ${seconds} s`)
  }
}

/**
 * Calls `fn` and cancels it when the time is up: from then on every cancellation point in it rejects with
 * `FiberCanceled`, and `thisFiber.signal` is aborted. The calling fiber is not canceled, nor are fibers that `fn` spawned,
 * but for those of a task group.
 *
 * It ends when `fn` has ended, however long that takes. What does not meet a cancellation point, such as
 * `await fetch(url)`, is not stopped: give it `thisFiber.signal`, or wrap it in `interruptible`.
 *
 * How `fn` ends decides, not the clock. If it returns something, that is the result, however late: a success is never
 * thrown away, as everywhere here. If it lets `FiberCanceled` through, the call rejects with {@link TimeoutError}. If it throws
 * something else, that is what the call rejects with, without the cancellations that a disposal met meanwhile. Who wants a late result to count as a failure looks at the clock itself.
 *
 * A failure that nobody awaits is reported as that of a fiber that nobody joins: see `onPanic`.
 *
 * @param seconds - how long it may take, 0 or more. With 0 the first cancellation point rejects; `Infinity` is no limit
 * @returns what `fn` returned
 * @throws {@link TimeoutError} if the limit is what ended it; otherwise what `fn` threw; `EINVAL` for a limit
 * that is negative or no number, and for what is no function
 */
export function timeout<T> (seconds: number, fn: () => T | PromiseLike<T>): Promise<T> {
  return blockOf(limited(seconds, fn), 'timeout', fn)
}

async function limited<T> (seconds: number, fn: () => T | PromiseLike<T>): Promise<T> {
  if (typeof seconds !== 'number' || !(seconds >= 0)) throw invalidArgument('seconds', 'Expected a number of seconds from 0', seconds)
  if (typeof fn !== 'function') throw invalidArgument('fn', 'Expected a function', fn)
  const block = new CancelScope()
  const stop = after(seconds, () => { block.cancel(new TimeoutError(seconds)) })
  try {
    return await block.run(fn)
  } catch (error) {
    if (!block.caused(error)) throw block.canceled ? failureIn(error) : error
    // Made here, where its stack has those who wait: where the time was up from the beginning, they do so a microtask later.
    await undefined
    throw showCaller(new TimeoutError(seconds), limited)
  } finally {
    stop()
  }
}
