// SPDX-License-Identifier: MIT OR BSL-1.0
import { currentFiber, enter, Waiting, type OperationOptions } from '@emilua/native/fiber'
import { invalidArgument, runtimeError } from '@emilua/native'
import type { Fiber } from './fiber.js'
import { custom, show, type InspectOptionsStylized } from './show.js'
import { asker, Mutex, type Owner, type Waiter } from './mutex.js'

/**
 * Lets fibers wait until others say that something has changed. Who notifies need not hold the mutex, if the waiter
 * does not suspend between testing and waiting.
 */
export class ConditionVariable {
  private readonly waits = new Set<Wait>()

  /**
   * Releases the mutex, waits to be notified and takes the mutex again, as one step.
   *
   * Suspends; a cancellation point. When it is canceled or aborted, it rejects only after it has the mutex again.
   *
   * @param mutex - locked by the calling fiber
   * @throws `EINVAL` (`arg` is `'mutex'`) if it is not a {@link Mutex}; `MUTEX_NOT_OWNED` if the fiber does not hold it
   */
  wait (mutex: Mutex, options?: OperationOptions): Promise<void> {
    const running = currentFiber()
    const refused = enter(running, options)
    if (refused !== null) return refused
    if (!(mutex instanceof Mutex)) return Promise.reject(invalidArgument('mutex', 'Expected a Mutex', mutex))
    const { fiber, owner } = asker()
    if (!mutex.heldBy(fiber)) return Promise.reject(runtimeError('mutexNotOwned', 'The fiber does not hold the mutex'))
    let wait!: Wait
    const promise = new Promise<void>((resolve, reject) => {
      wait = new Wait(this.waits, mutex, fiber, owner, resolve, reject)
      this.waits.add(wait)
      wait.park(running, options?.signal)
      if (fiber !== null) fiber.parkedOn = 'a condition variable'
      mutex.unlock()
    })
    wait.promised(promise)
    return promise
  }

  /** Wakes the fiber that waits longest, if any. Does not suspend. */
  notifyOne (): void {
    for (const wait of this.waits) {
      wait.wake()
      return
    }
  }

  /** Wakes all that wait. Does not suspend. */
  notifyAll (): void {
    for (const wait of this.waits) wait.wake()
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('ConditionVariable', () => this.toJSON(), depth, options)
  }

  /** What `JSON.stringify` says of it: how many fibers wait. */
  toJSON (): { waiting: number } {
    return { waiting: this.waits.size }
  }
}

class Wait extends Waiting implements Waiter {
  constructor (
    private readonly waits: Set<Wait>,
    private readonly mutex: Mutex,
    readonly by: Fiber<unknown> | null,
    readonly owner: Owner,
    private readonly resolve: () => void,
    private readonly reject: (error: unknown) => void
  ) {
    super()
  }

  wake (): void {
    this.waits.delete(this)
    this.unpark()
    if (this.by !== null) this.by.parkedOn = null
    this.mutex.reacquire(this)
  }

  begin (): void {
    if (this.interrupted) this.reject(this.reason)
    else this.resolve()
  }

  protected override cancel (): void { this.wake() }
}
