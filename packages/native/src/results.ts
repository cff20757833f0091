// SPDX-License-Identifier: MIT OR BSL-1.0
import { instantiate } from './object.js'

/** A result of class `id`, or what the addon gave if that is -1. */
function made (id: number, part: unknown): unknown { return id === -1 ? part : instantiate(id, part) }

/** How several results are put together: what they are called, or nothing, and the class of each, or -1. */
class Shape {
  private readonly empty: Record<string, unknown> = {}

  private readonly names: readonly string[]

  constructor (names: readonly string[], private readonly classes: readonly number[]) {
    for (const name of names) this.empty[name] = undefined
    // Those of C++ are not the ones that V8 compares by identity.
    this.names = Object.keys(this.empty)
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
    const part = (i: number): unknown => i === place ? made(classes[i]!, one) : integers[first + i]
    if (names.length === 0) return classes.map((_, i) => part(i))
    const result = { ...this.empty }
    // Each where it sees one name as long as a program has one shape, which V8 compiles to no search.
    result[names[0]!] = part(0)
    if (names.length > 1) result[names[1]!] = part(1)
    if (names.length > 2) result[names[2]!] = part(2)
    for (let i = 3; i < names.length; i++) result[names[i]!] = part(i)
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
