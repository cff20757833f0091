// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument } from '@emilua/native'
import { suspend, type OperationOptions, type Settle } from '@emilua/native/fiber'

/** Who waits for a foreign promise. It has one reaction of ours however many waits there are, for none can be removed. */
const waits = new WeakMap<PromiseLike<unknown>, Set<Settle<unknown>>>()

function waitersFor (promise: PromiseLike<unknown>): Set<Settle<unknown>> {
  const known = waits.get(promise)
  if (known !== undefined) return known
  const waiters = new Set<Settle<unknown>>()
  waits.set(promise, waiters)
  const end = (how: (waiter: Settle<unknown>) => void): void => {
    waits.delete(promise)
    waiters.forEach(how)
  }
  Promise.resolve(promise).then(
    value => { end(waiter => { waiter.resolve(value) }) },
    (error: unknown) => { end(waiter => { waiter.reject(error) }) })
  return waiters
}

/**
 * Makes a foreign promise a cancellation point: waits for it, but stops to wait when the fiber is canceled or the
 * signal aborted. What the promise stands for goes on, its result is dropped; see `thisFiber.signal` to stop it, too.
 *
 * @returns what the promise resolves to
 * @throws what the promise rejects with, `FiberCanceled` or the signal's reason;
 * `EINVAL` (`arg` is `'promise'`) if it is no promise
 */
export function interruptible<T> (promise: PromiseLike<T>, options?: OperationOptions): Promise<T> {
  if (typeof (promise as Partial<PromiseLike<T>> | null | undefined)?.then !== 'function') {
    return Promise.reject(invalidArgument('promise', 'Expected a promise', promise))
  }
  const waiters = waitersFor(promise)
  return suspend<T>(options, settle => {
    waiters.add(settle as Settle<unknown>)
    return reason => {
      waiters.delete(settle as Settle<unknown>)
      settle.reject(reason)
    }
  })
}
