// SPDX-License-Identifier: MIT OR BSL-1.0
import { checkpoint } from './fiber.js'

/** One at a time, in the order they were asked for, as an async generator: it has no yield, which costs three promises. */
class Iteration<T> implements AsyncGenerator<T, void, undefined> {
  private over = false
  /** Steps that have not ended, and the last of them. */
  private pending = 0
  private last: Promise<unknown> | undefined

  constructor (
    private readonly take: () => Promise<T | undefined>, private readonly close: () => unknown,
    private readonly prompt: (() => T | undefined) | undefined
  ) {}

  next (): Promise<IteratorResult<T, void>> {
    if (this.prompt === undefined || this.over || this.pending !== 0) return this.after(() => this.step(this.take))
    const refused = checkpoint()
    if (refused !== null) return this.after(() => this.step(() => refused))
    try {
      const value = this.prompt()
      if (value !== undefined) return Promise.resolve({ value, done: false })
    } catch (error) {
      return this.after(() => this.step(() => Promise.reject(error as Error)))
    }
    return this.after(() => this.step(this.take))
  }

  return (value?: void | PromiseLike<void>): Promise<IteratorResult<T, void>> {
    return this.after(() => this.end(value))
  }

  throw (error: unknown): Promise<IteratorResult<T, void>> {
    return this.after(() => this.end(Promise.reject(error as Error)))
  }

  [Symbol.asyncIterator] (): this {
    return this
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.return()
  }

  private after<R> (begin: () => Promise<R>): Promise<R> {
    const step = this.pending++ === 0 ? begin() : this.last!.then(begin, begin)
    this.last = step
    return step
  }

  private async step (take: () => Promise<T | undefined>): Promise<IteratorResult<T, void>> {
    try {
      if (!this.over) {
        const value = await take()
        if (value !== undefined) return { value, done: false }
        await this.finish()
      }
      return { value: undefined, done: true }
    } catch (error) {
      await this.finish()
      throw error
    } finally {
      this.pending--
    }
  }

  private async end (value: void | PromiseLike<void>): Promise<IteratorResult<T, void>> {
    try {
      await this.finish()
      return { value: await value, done: true }
    } finally {
      this.pending--
    }
  }

  private async finish (): Promise<void> {
    if (this.over) return
    this.over = true
    await this.close()
  }
}

/**
 * What `take` gives until it gives `undefined`, for `for await`. `close` is called once: at the end, or when the loop is
 * left. `prompt` is asked first, where there is one: it gives what is there already, and is spared the price of `take`.
 */
export function iterate<T> (
  take: () => Promise<T | undefined>, close: () => unknown, prompt?: () => T | undefined
): AsyncGenerator<T, void, undefined> {
  return new Iteration(take, close, prompt)
}
