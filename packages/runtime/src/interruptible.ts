// SPDX-License-Identifier: MIT OR BSL-1.0
import { suspend, type OperationOptions } from '@emilua/native/fiber'

/**
 * Makes a foreign promise a cancellation point: waits for it, but stops to wait when the fiber is canceled or the
 * signal aborted. What the promise stands for goes on, its result is dropped; see `thisFiber.signal` to stop it, too.
 *
 * @returns what the promise resolves to
 * @throws what the promise rejects with, `FiberCanceled` or the signal's reason
 */
export function interruptible<T> (promise: PromiseLike<T>, options?: OperationOptions): Promise<T> {
  const own = Promise.resolve(promise)
  own.catch(() => {})
  return suspend<T>(options, settle => { own.then(settle.resolve.bind(settle), settle.reject.bind(settle)) })
}
