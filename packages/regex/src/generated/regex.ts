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

  /**
   * Where the first match is, and its groups.
   *
   * Writes how many bytes the text has, and pairs of offsets, -1 for a group that took no part, as many as there is
   * room for. Gives how many pairs there are.
   *
   * @param str - The string. It is seen as bytes.
   * @param whole - Whether all of it has to match.
   * @param out - Has room for integers of 32 bits.
   */
  capturesInto (str: string, whole: boolean, out: Uint8Array): number {
    return native['regex.captures_into'](handleOf(this), str, whole, out) as number
  }

  /**
   * Where all matches are that are not empty.
   *
   * Writes how many bytes the text has, and pairs of offsets, -1 for a group that took no part, as many as there is
   * room for. Gives how many pairs there are.
   *
   * @param str - The string. It is seen as bytes.
   * @param out - Has room for integers of 32 bits.
   */
  occurrencesInto (str: string, out: Uint8Array): number {
    return native['regex.occurrences_into'](handleOf(this), str, out) as number
  }

  /** As text. */
  override toString (): string {
    return native['regex.__tostring'](handleOf(this)) as string
  }
}

register('regex', 'regex', Regex)
