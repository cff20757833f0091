// SPDX-License-Identifier: MIT OR BSL-1.0
import type { OperationOptions } from '@emilua/native'
import type { DirectoryEntry } from './generated/directory-entry.js'
import type { DirectoryWalk } from './generated/directory-walk.js'
import { recursiveDirectoryIterator as walk } from './generated/functions.js'
import type { Path } from './generated/path.js'
import type { RecursiveDirectoryOptions } from './generated/types.js'

/** Goes through a folder and all below; `for await` and `for` take it. Leaving the loop closes it. */
export class RecursiveDirectoryIterator implements AsyncIterable<DirectoryEntry>, Iterable<DirectoryEntry> {
  readonly #walk: DirectoryWalk

  /** @internal */
  constructor (walk: DirectoryWalk) {
    this.#walk = walk
  }

  /**
   * Leaves the folder: the next entry is the one after it in the folder above. In the folder that was given it ends the
   * iteration.
   */
  pop (): void {
    this.#walk.pop()
  }

  /** Does not enter the folder that came last. */
  disableRecursionPending (): void {
    this.#walk.disableRecursionPending()
  }

  /** Whether the entry that came last is entered if it is a folder. */
  get recursionPending (): boolean {
    return this.#walk.recursionPending
  }

  /** Ends the iteration. */
  close (): void {
    this.#walk.close()
  }

  /**
   * The next entry.
   *
   * A failure ends the iteration: EACCES for a folder that may not be read, ELOOP for links that lead back to where they
   * are.
   *
   * @param options - A signal that ends the wait.
   */
  async next (options?: OperationOptions): Promise<DirectoryEntry | undefined> {
    return (await this.#walk.next(options))?.entry
  }

  /** As {@link next}, and keeps this thread until it is done. */
  nextSync (): DirectoryEntry | undefined {
    return this.#walk.nextSync()?.entry
  }

  /** What is left, for `for await`. Leaving the loop closes it. */
  async * [Symbol.asyncIterator] (): AsyncGenerator<DirectoryEntry, void, undefined> {
    try {
      for (let entry = await this.next(); entry !== undefined; entry = await this.next()) yield entry
    } finally {
      this.close()
    }
  }

  /** What is left, for `for`. Each step keeps this thread. Leaving the loop closes it. */
  * [Symbol.iterator] (): Generator<DirectoryEntry, void, undefined> {
    try {
      for (let entry = this.nextSync(); entry !== undefined; entry = this.nextSync()) yield entry
    } finally {
      this.close()
    }
  }

  /** {@link close}, at the end of a `using` block. */
  [Symbol.dispose] (): void {
    this.close()
  }

  /** {@link close}, at the end of an `await using` block. */
  [Symbol.asyncDispose] (): Promise<void> {
    this.close()
    return Promise.resolve()
  }
}

/**
 * Goes through a folder and all below, in no order.
 *
 * Looks at nothing until the first entry is asked for, which fails with ENOENT, ENOTDIR, EACCES. opendir(3).
 *
 * @param p - The folder.
 * @param opts - How.
 */
export function recursiveDirectoryIterator (p: Path | string, opts?: RecursiveDirectoryOptions): RecursiveDirectoryIterator {
  return new RecursiveDirectoryIterator(walk(p, opts))
}
