// SPDX-License-Identifier: MIT OR BSL-1.0
import { suspend, type OperationOptions, type Settle } from '@emilua/native/fiber'
import { runtimeError } from '@emilua/native'
import { here } from './fiber.js'
import { custom, show, type InspectOptionsStylized } from './show.js'

interface State<T> {
  /** 0 is not yet. */
  ready: 0 | 1 | 2
  value: T | undefined
  error: unknown
  readonly waiters: Set<Settle<T>>
}

/** The writing end of a {@link Future}. */
export class FuturePromise<T> {
  readonly #state: State<T>

  private constructor (state: State<T>) { this.#state = state }

  /** @internal */
  static of<T> (state: State<T>): FuturePromise<T> { return new FuturePromise(state) }

  /**
   * Makes the future ready with a value.
   *
   * @throws `PROMISE_SATISFIED` if it is ready already
   */
  setValue (value: T): void {
    this.makeReady(1)
    this.#state.value = value
    for (const waiter of this.take()) waiter.resolve(value)
  }

  /**
   * Makes the future ready with an error, which every `get` rejects with, unchanged.
   *
   * @throws `PROMISE_SATISFIED` if it is ready already
   */
  setError (error: unknown): void {
    this.makeReady(2)
    this.#state.error = error
    for (const waiter of this.take()) waiter.reject(error)
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('FuturePromise', () => ({ ready: this.#state.ready !== 0 }), depth, options)
  }

  private makeReady (how: 1 | 2): void {
    if (this.#state.ready !== 0) throw runtimeError('promiseSatisfied', 'The future is ready already')
    this.#state.ready = how
  }

  private take (): Settle<T>[] {
    const waiters = [...this.#state.waiters]
    this.#state.waiters.clear()
    return waiters
  }
}

/** A value that will be there one day, shared by all who want it. Unlike a `Promise`, waiting can be canceled. */
export class Future<T> {
  readonly #state: State<T>

  private constructor (state: State<T>) { this.#state = state }

  /** Makes a future and the promise that fills it. */
  static create<T> (): { promise: FuturePromise<T>, future: Future<T> } {
    const state: State<T> = { ready: 0, value: undefined, error: undefined, waiters: new Set() }
    return { promise: FuturePromise.of(state), future: new Future(state) }
  }

  /**
   * Waits until the future is ready. May be called any number of times, by any number of fibers.
   *
   * Suspends; a cancellation point.
   *
   * @returns the value that was set
   * @throws the error that was set
   */
  get (options?: OperationOptions): Promise<T> {
    const state = this.#state
    return suspend<T>(options, settle => {
      if (state.ready === 1) { settle.resolve(state.value as T); return }
      if (state.ready === 2) { settle.reject(state.error); return }
      const { owner } = here()
      const waiter: Settle<T> = {
        resolve: value => { if (owner !== null) owner.parkedOn = null; settle.resolve(value) },
        reject: error => { if (owner !== null) owner.parkedOn = null; settle.reject(error) }
      }
      if (owner !== null) owner.parkedOn = 'a future'
      state.waiters.add(waiter)
      return reason => {
        state.waiters.delete(waiter)
        waiter.reject(reason)
      }
    })
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('Future', () => ({ ready: this.#state.ready !== 0, waiting: this.#state.waiters.size }), depth, options)
  }
}
