// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "regex"; change that instead.
import { adopt, handleOf, NativeObject, natives, register } from '@emilua/native'
import type { RegexOptions } from './types.js'

const native = natives('regex')

/** A compiled regular expression. */
export class Regex extends NativeObject {
  /**
   * Compiles a regular expression.
   *
   * EINVAL for a pattern that is none, telling where it is wrong. The patterns that were used last are not compiled
   * again.
   *
   * @param options - The pattern, and how it is meant.
   */
  constructor (options: RegexOptions) {
    super(adopt() ?? native['regex.new'](options))
  }

  /** The numbers of the groups that have a name. */
  get groupNames (): Readonly<Record<string, number>> {
    return native['regex.group_names'](handleOf(this)) as Readonly<Record<string, number>>
  }

  /** As text. */
  override toString (): string {
    return native['regex.__tostring'](handleOf(this)) as string
  }
}

register('regex', 'regex', Regex)
