// SPDX-License-Identifier: MIT OR BSL-1.0
import { isCancellation } from './canceled.js'
import { keepFailure, tell, type Failure } from './panic.js'

const longest = 60

/** The promise of a block, which knows whether anybody has taken it. */
class BlockPromise<T> extends Promise<T> {
  static override get [Symbol.species] (): PromiseConstructor { return Promise }
  #taken = false
  #failure: Failure | null = null

  override then<A = T, B = never> (
    onResolved?: ((value: T) => A | PromiseLike<A>) | null, onRejected?: ((error: unknown) => B | PromiseLike<B>) | null
  ): Promise<A | B> {
    this.#taken = true
    if (this.#failure !== null) tell(this.#failure)
    return super.then(onResolved, onRejected)
  }

  /** It is about to reject. */
  failing (error: unknown, who: () => string): void {
    if (this.#taken) return
    // Reported here, if it has to be, and not by Node, which would end the program.
    void super.then(undefined, () => {})
    if (!isCancellation(error)) this.#failure = keepFailure(`${who()}, which nobody awaits,`, error)
  }
}

/**
 * What a function returns that runs a block: `work`, whose failure is reported as that of a fiber that nobody joins if
 * nobody takes the promise. Who takes it later gets the failure all the same; a cancellation is none.
 *
 * @param fn - what the program gave, to tell blocks apart
 */
export function blockOf<T> (work: Promise<T>, name: string, fn: unknown): Promise<T> {
  let reject!: (error: unknown) => void
  const block = new BlockPromise<T>((resolve, onRejected) => {
    reject = onRejected
    work.then(resolve, fail)
  })
  function fail (error: unknown): void {
    block.failing(error, () => `${name}(${source(fn)})`)
    reject(error)
  }
  return block
}

function source (fn: unknown): string {
  if (typeof fn !== 'function') return ''
  const text = fn.name === '' ? Function.prototype.toString.call(fn).replace(/\s+/g, ' ') : fn.name
  return text.length > longest ? text.slice(0, longest) + '…' : text
}
