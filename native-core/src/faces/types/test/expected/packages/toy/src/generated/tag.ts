// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { adopt, natives, NativeValue, register, wireOf } from '@emilua/native'

const native = natives('toy')

/**
 * A name.
 *
 * A value: it never changes.
 */
export class Tag extends NativeValue {
  /** Makes one. */
  constructor (text: string) {
    super(adopt() ?? native['tag.new'](text))
  }

  /**
   * Makes it longer.
   *
   * This value stays as it is; the result is another one.
   */
  add (n: number): Tag {
    return native['tag.add'](wireOf(this), n) as Tag
  }

  /**
   * Makes it shorter.
   *
   * This value stays as it is; the result is another one.
   */
  sub (n: number): Tag
  /** What lies between `other` and this. */
  sub (other: Tag): number
  sub (other: number | Tag): Tag | number {
    const name = other instanceof Tag ? '__sub' : 'sub'
    return native[`tag.${name}`](wireOf(this), other) as Tag | number
  }

  /** As text. */
  override toString (): string {
    return native['tag.__tostring'](wireOf(this)) as string
  }

  /** Negative, zero or positive: where this sorts, compared with `other`. */
  compareTo (other: Tag): number {
    if (native['tag.__lt'](wireOf(this), other)) return -1
    return native['tag.__lt'](wireOf(other), this) ? 1 : 0
  }

  /** How long it is. */
  get length (): number {
    return native['tag.__len'](wireOf(this)) as number
  }
}

register('toy', 'tag', Tag)
