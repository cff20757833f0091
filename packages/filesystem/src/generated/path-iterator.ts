// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "filesystem"; change that instead.
import { adopt, handleOf, iterate, NativeObject, natives, notConstructible, operate0, type OperationOptions, register } from '@emilua/native'

const native = natives('filesystem')

/** Goes through the parts of a path. */
export class PathIterator extends NativeObject {
  /** For the addon only: instances are what functions and methods return. */
  constructor () {
    super(adopt() ?? notConstructible('filesystem.path_iterator'))
  }

  /**
   * The next part.
   *
   * A thread of the core does it. Its signal ends it only before a thread has begun.
   *
   * @param options - A signal that ends the wait.
   */
  next (options?: OperationOptions): Promise<string | undefined> {
    return operate0(native['path_iterator.next'], handleOf(this), options)
  }

  /** As {@link next}, and keeps this thread until it is done. */
  nextSync (): string | undefined {
    return native['path_iterator.next:sync'](handleOf(this)) as string | undefined
  }

  /** What is left, for `for await`. */
  [Symbol.asyncIterator] (): AsyncGenerator<string, void, undefined> {
    return iterate(() => this.next(), () => {})
  }

  /** What is left, for `for`. Each step keeps this thread. */
  * [Symbol.iterator] (): Generator<string, void, undefined> {
    for (let item = this.nextSync(); item !== undefined; item = this.nextSync()) yield item
  }
}

register('filesystem', 'path_iterator', PathIterator)
