// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { adopt, EmiluaError, handleOf, iterate, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'
import type { PlaceInfo } from '../types.js'

const native = natives('toy')

/** Goes through a folder. */
export class Walker extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('toy.files.walker'))
  }

  /**
   * The next place.
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param options - A signal that ends the wait.
   */
  next (options?: OperationOptions): Promise<{ place: PlaceInfo, depth: number } | undefined> {
    return operate0(native['files.walker.next'], handleOf(this), options)
  }

  /** As {@link next}, and keeps this thread until it is done. */
  nextSync (): { place: PlaceInfo, depth: number } | undefined {
    return native['files.walker.next:sync'](handleOf(this)) as { place: PlaceInfo, depth: number } | undefined
  }

  /**
   * Ends it.
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param options - A signal that ends the wait.
   */
  close (options?: OperationOptions): Promise<void> {
    return operate0(native['files.walker.close'], handleOf(this), options)
  }

  /** As {@link close}, and keeps this thread until it is done. */
  closeSync (): void {
    native['files.walker.close:sync'](handleOf(this))
  }

  /** What is left, for `for await`. Leaving the loop closes it. */
  [Symbol.asyncIterator] (): AsyncGenerator<{ place: PlaceInfo, depth: number }, void, undefined> {
    return iterate(() => this.next(), () => this.close())
  }

  /** What is left, for `for`. Each step keeps this thread. Leaving the loop closes it. */
  * [Symbol.iterator] (): Generator<{ place: PlaceInfo, depth: number }, void, undefined> {
    try {
      for (let item = this.nextSync(); item !== undefined; item = this.nextSync()) yield item
    } finally {
      this.closeSync()
    }
  }

  /** {@link closeSync}, at the end of a `using` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
    try {
      this.closeSync()
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }

  /** {@link close}, at the end of an `await using` block. What was handed on is left alone. */
  async [Symbol.asyncDispose] (): Promise<void> {
    try {
      await this.close()
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }
}

register('toy', 'files.walker', Walker)
