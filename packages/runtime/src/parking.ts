// SPDX-License-Identifier: MIT OR BSL-1.0
import { currentFiber, enter, Waiting, type OperationOptions } from '@emilua/native/fiber'
import { here, type Fiber } from './fiber.js'
import { wake } from './scheduler.js'

/**
 * Somebody in a line. Whoever takes it out of the line calls {@link grant} or {@link refuse}, and from then on no
 * cancellation can undo that: what was handed over arrives.
 */
export class Parked<T> extends Waiting {
  private value: T | undefined

  private constructor (
    private readonly line: Set<Parked<T>>,
    private readonly by: Fiber<unknown> | null,
    private readonly resolve: (value: T) => void,
    private readonly reject: (error: unknown) => void
  ) {
    super()
  }

  /**
   * An operation that waits in a line.
   *
   * @param attempt - tries to do without; anything but `undefined` is its result
   * @param what - what a list of stuck fibers says that it waits for
   * @param parked - called with the place in the line
   */
  static wait<T> (
    line: Set<Parked<T>>, what: string, options: OperationOptions | undefined, attempt: () => { value: T } | null,
    parked?: (place: Parked<T>) => void
  ): Promise<T> {
    const fiber = currentFiber()
    const refused = enter(fiber, options)
    if (refused !== null) return refused
    let place = null as Parked<T> | null
    const promise = new Promise<T>((resolve, reject) => {
      const done = attempt()
      if (done !== null) {
        resolve(done.value)
        return
      }
      const by = here().owner
      place = new Parked(line, by, resolve, reject)
      line.add(place)
      place.park(fiber, options?.signal)
      if (by !== null) by.parkedOn = what
      parked?.(place)
    })
    place?.promised(promise)
    return promise
  }

  /** Whoever came first, taken out of the line. */
  static first<T> (line: Set<Parked<T>>): Parked<T> | null {
    for (const place of line) {
      place.leave()
      return place
    }
    return null
  }

  /** Lets the operation succeed. */
  grant (value: T): void {
    this.value = value
    wake(this)
  }

  /** Lets the operation fail. */
  refuse (error: unknown): void { this.reject(error) }

  begin (): void { this.resolve(this.value as T) }

  protected override cancel (): void {
    this.leave()
    this.reject(this.reason)
  }

  private leave (): void {
    this.line.delete(this)
    this.unpark()
    if (this.by !== null) this.by.parkedOn = null
  }
}
