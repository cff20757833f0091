// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument } from '@emilua/native'
import type { OperationOptions } from '@emilua/native/fiber'
import { Parked } from './parking.js'
import { custom, show, type InspectOptionsStylized } from './show.js'

class Permit implements Disposable {
  #semaphore: Semaphore | null

  constructor (semaphore: Semaphore) { this.#semaphore = semaphore }

  [Symbol.dispose] (): void {
    this.#semaphore?.release()
    this.#semaphore = null
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('Permit', () => ({ held: this.#semaphore !== null }), depth, options)
  }
}

/**
 * A number of permits: so many fibers at most do something at the same time. Who waits longest is served first.
 *
 * ```ts
 * const connections = new Semaphore(10)
 * using permit = await connections.acquire()
 * ```
 */
export class Semaphore {
  readonly #line = new Set<Parked<Disposable>>()
  #free: number

  /**
   * @param permits - how many there are, an integer from 0
   * @throws `EINVAL` (`arg` is `'permits'`) for anything else
   */
  constructor (permits: number) {
    if (!Number.isSafeInteger(permits) || permits < 0) throw invalidArgument('permits', 'Expected an integer from 0', permits)
    this.#free = permits
  }

  /** How many permits nobody holds. */
  get available (): number { return this.#free }

  /**
   * Takes a permit, and waits for one if there is none.
   *
   * Suspends; a cancellation point. A wait that is canceled or aborted takes none.
   *
   * @returns the permit, given back at the end of the block: `using permit = await semaphore.acquire()`
   */
  acquire (options?: OperationOptions): Promise<Disposable> {
    return Parked.wait(this.#line, 'a semaphore', options, () => {
      const value = this.tryAcquire()
      return value === null ? null : { value }
    })
  }

  /**
   * Takes a permit if there is one. Never suspends.
   *
   * @returns the permit, or `null`
   */
  tryAcquire (): Disposable | null {
    if (this.#free === 0) return null
    this.#free--
    return new Permit(this)
  }

  /**
   * Adds a permit: gives back one whose handle was not disposed of, or one more than there were. Does not suspend.
   */
  release (): void {
    const next = Parked.first(this.#line)
    if (next === null) this.#free++
    else next.grant(new Permit(this))
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('Semaphore', () => ({ available: this.#free, waiting: this.#line.size }), depth, options)
  }
}
