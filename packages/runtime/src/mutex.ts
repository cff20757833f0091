// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument, runtimeError } from '@emilua/native'
import { places } from '@emilua/native/fiber'
import { here, type Fiber } from './fiber.js'
import { Ring } from './ring.js'
import { wake } from './scheduler.js'
import { custom, show, type InspectOptionsStylized } from './show.js'

/** Who holds a lock: a fiber, or a token of its own for each caller outside of fibers. */
export type Owner = object

/** Who asks for a lock. */
export function asker (): { fiber: Fiber<unknown> | null, owner: Owner } {
  const fiber = here().owner
  return { fiber, owner: fiber ?? {} }
}

/** Somebody in the line for a lock. */
export interface Waiter {
  readonly by: Fiber<unknown> | null
  readonly owner: Owner
  /** Called on a turn of its own when `owner` has the lock. */
  begin (): void
}

class Locking implements Waiter {
  constructor (
    readonly by: Fiber<unknown> | null,
    readonly owner: Owner,
    private readonly guard: Disposable,
    private readonly resolve: (guard: Disposable) => void
  ) {}

  begin (): void { this.resolve(this.guard) }
}

/** What both kinds of mutex have in common: an owner and a line of those who want to be it. */
abstract class Lockable {
  /** @internal */
  protected holder: Owner | null = null
  private waiters: Ring<Waiter> | null = null
  private readonly guard: Disposable = { [Symbol.dispose]: () => { this.unlock() } }
  private readonly granted = Promise.resolve(this.guard)

  /** @internal what happens when the owner asks again: whether it has the lock already */
  protected abstract again (): boolean

  /**
   * Waits until the mutex is free and takes it. If it is free, no other fiber runs in between.
   *
   * Suspends, so it is refused where suspension is forbidden, but is no cancellation point: neither `fiber.cancel()` nor
   * a time limit ends the wait, and it takes no signal.
   *
   * @returns a guard that unlocks at the end of its block: `using guard = await mutex.lock()`
   * @throws `EINVAL` (`arg` is `'options'`) if options are given
   */
  lock (options?: undefined): Promise<Disposable> {
    if (options !== undefined) return Promise.reject(invalidArgument('options', 'Expected none: lock() is no cancellation point', options))
    const { fiber, owner } = asker()
    const refused = fiber === null ? null : fiber.refuseForbidden()
    if (refused !== null) return refused
    if (this.holder === null) {
      this.holder = owner
      return this.granted
    }
    if (this.holder === owner && this.again()) return this.granted
    return new Promise(resolve => { this.enqueue(new Locking(fiber, owner, this.guard, resolve)) })
  }

  /**
   * Gives the mutex to whoever waits longest, or frees it. The caller goes on without suspending.
   *
   * @throws `MUTEX_NOT_OWNED` if it is not locked
   */
  unlock (): void {
    if (this.holder === null) throw runtimeError('mutexNotOwned', 'The mutex is not locked')
    this.release()
  }

  /** @internal */
  protected release (): void {
    if (this.waiters === null || this.waiters.size === 0) {
      this.holder = null
      return
    }
    const waiter = this.waiters.shift()
    this.holder = waiter.owner
    if (waiter.by !== null) waiter.by.parkedOn = null
    wake(waiter)
  }

  /** @internal */
  protected enqueue (waiter: Waiter): void {
    if (waiter.by !== null) {
      waiter.by.parkedOn = 'a mutex'
      if (places.recorded) waiter.by.notePlace()
    }
    this.waiters ??= new Ring()
    this.waiters.push(waiter)
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show(this.constructor.name, () => this.toJSON(), depth, options)
  }

  /** What `JSON.stringify` says of it: whether it is locked, and how many fibers wait for it. */
  toJSON (): { locked: boolean, waiting: number } {
    return { locked: this.holder !== null, waiting: this.waiters?.size ?? 0 }
  }
}

/**
 * Mutual exclusion between fibers, in order of arrival. Needed only where a fiber suspends while it changes something:
 * fibers never run at the same time.
 */
export class Mutex extends Lockable {
  /**
   * Takes the mutex if it is free. Never suspends.
   *
   * @returns whether it was free
   * @throws `MUTEX_OWNED` if the calling fiber holds it
   */
  tryLock (): boolean {
    const { owner } = asker()
    if (this.holder === owner) throw runtimeError('mutexOwned', 'The fiber holds the mutex already')
    if (this.holder !== null) return false
    this.holder = owner
    return true
  }

  /** @internal whether `owner` may release it; callers outside of fibers cannot be told apart */
  heldBy (fiber: Fiber<unknown> | null): boolean {
    return fiber === null ? this.holder !== null : this.holder === fiber
  }

  /** @internal takes it for the waiter as soon as it is free, whatever may happen to the fiber meanwhile */
  reacquire (waiter: Waiter): void {
    if (this.holder !== null) {
      this.enqueue(waiter)
    } else {
      this.holder = waiter.owner
      wake(waiter)
    }
  }

  /** @internal a branch of the fiber that holds it is a rival like any other */
  protected again (): boolean { return false }
}

/** A mutex that the fiber holding it may lock again; every level needs an `unlock` of its own. */
export class RecursiveMutex extends Lockable {
  private levels = 0

  /**
   * Takes the mutex, or one more level of it, if no other fiber holds it. Never suspends.
   *
   * @returns whether the calling fiber holds it now
   */
  tryLock (): boolean {
    const { owner } = asker()
    if (this.holder === owner) return this.again()
    if (this.holder !== null) return false
    this.holder = owner
    return true
  }

  /** @internal */
  protected again (): boolean {
    this.levels++
    return true
  }

  /** @internal */
  protected override release (): void {
    if (this.levels > 0) this.levels--
    else super.release()
  }
}
