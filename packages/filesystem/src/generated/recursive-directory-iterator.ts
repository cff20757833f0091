// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { adopt, EmiluaError, handleOf, iterate, NativeObject, natives, notConstructible, operate0, type OperationOptions, promptly, register, retire } from '@emilua/native'
import { DirectoryEntry } from './directory-entry.js'

const native = natives('filesystem')

/** Goes through a folder and all below. */
export class RecursiveDirectoryIterator extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('filesystem.recursive_directory_iterator_'))
  }

  /**
   * The next entry.
   *
   * A failure ends the iteration: EACCES for a folder that may not be read. A link that leads round in a circle is
   * not entered. getdents64(2).
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param options - A signal that ends the wait.
   */
  next (options?: OperationOptions): Promise<DirectoryEntry | undefined> {
    return operate0(native['recursive_directory_iterator_.next'], handleOf(this), options)
  }

  /** As {@link next}, and keeps this thread until it is done. */
  nextSync (): DirectoryEntry | undefined {
    return native['recursive_directory_iterator_.next:sync'](handleOf(this)) as DirectoryEntry | undefined
  }

  /**
   * Leaves the folder: the next entry is the one after it in the folder above.
   *
   * In the folder that was given it ends the iteration.
   */
  pop (): void {
    native['recursive_directory_iterator_.pop'](handleOf(this))
  }

  /** Does not enter the folder that came last. */
  disableRecursionPending (): void {
    native['recursive_directory_iterator_.disable_recursion_pending'](handleOf(this))
  }

  /**
   * Whether the entry that came last is entered if it is a folder.
   *
   * See {@link disableRecursionPending}.
   */
  get recursionPending (): boolean {
    return native['recursive_directory_iterator_.recursion_pending'](handleOf(this)) as boolean
  }

  /**
   * Ends the iteration.
   *
   * What is closed already, or was handed on, is left alone.
   */
  close (): void {
    try {
      native['recursive_directory_iterator_.close'](handleOf(this))
      retire(this)
    } catch (error) {
      if (!(error instanceof EmiluaError && error.code === 'EBADF')) throw error
    }
  }

  /** What is left, for `for await`. Leaving the loop closes it. */
  [Symbol.asyncIterator] (): AsyncGenerator<DirectoryEntry, void, undefined> {
    return iterate(() => this.next(), () => this.close(), promptly(native['recursive_directory_iterator_.next:at_once'], this, DirectoryEntry))
  }

  /** What is left, for `for`. Each step keeps this thread. Leaving the loop closes it. */
  * [Symbol.iterator] (): Generator<DirectoryEntry, void, undefined> {
    try {
      const prompt = promptly(native['recursive_directory_iterator_.next:at_once'], this, DirectoryEntry, true)
      for (let item = (prompt() ?? this.nextSync()); item !== undefined; item = (prompt() ?? this.nextSync())) yield item
    } finally {
      this.close()
    }
  }

  /** {@link close}, at the end of a `using` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
    this.close()
  }

  /** {@link close}, at the end of an `await using` block. What was handed on is left alone. */
  [Symbol.asyncDispose] (): Promise<void> {
    this[Symbol.dispose]()
    return Promise.resolve()
  }
}

register('filesystem', 'recursive_directory_iterator_', RecursiveDirectoryIterator)
