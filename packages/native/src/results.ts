// SPDX-License-Identifier: MIT OR BSL-1.0
import { instantiate } from './object.js'

/** A result of class `id`, or what the addon gave if that is -1. */
function made (id: number, part: unknown): unknown { return id < 0 ? part : instantiate(id, part) }

/** How several results are put together: what they are called, or nothing, and the class of each, or -1. */
class Shape {
  private readonly empty: Record<string, unknown> = {}

  constructor (private readonly names: readonly string[], private readonly classes: readonly number[]) {
    for (const name of names) this.empty[name] = undefined
  }

  get size (): number { return this.classes.length }

  made (parts: readonly unknown[], first: number): unknown {
    const { names, classes } = this
    if (names.length === 0) return classes.map((id, i) => made(id, parts[first + i]))
    const result = { ...this.empty }
    for (let i = 0; i < names.length; i++) result[names[i]!] = made(classes[i]!, parts[first + i])
    return result
  }

  madeOf (integers: Int32Array, first: number, place: number, one: unknown): unknown {
    const { names, classes } = this
    if (names.length === 0) return classes.map((id, i) => i === place ? made(id, one) : integers[first + i])
    const result = { ...this.empty }
    for (let i = 0; i < names.length; i++) result[names[i]!] = i === place ? made(classes[i]!, one) : integers[first + i]
    return result
  }
}

const shapes: Shape[] = []

/** Called by the addon: shape number `id`, the next one. */
export function defineShape (names: readonly string[], classes: readonly number[]): void {
  shapes.push(new Shape(names, classes))
}

/** How many parts a result of shape `id` has. */
export function sizeOf (id: number): number { return shapes[id]!.size }

/** A result of shape `id` of what is in `parts` from `first` on. */
export function assembled (id: number, parts: readonly unknown[], first: number): unknown {
  return shapes[id]!.made(parts, first)
}

/** A result of shape `id` of `integers` from `first` on, but for the part at `place`, which is `one`. */
export function assembledOf (id: number, integers: Int32Array, first: number, place: number, one: unknown): unknown {
  return shapes[id]!.madeOf(integers, first, place, one)
}

/** Called by the addon: the same of what it gives. */
export function assemble (id: number, ...parts: readonly unknown[]): unknown {
  return assembled(id, parts, 0)
}
