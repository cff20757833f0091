// SPDX-License-Identifier: MIT OR BSL-1.0
import type { NativeFunction } from './binding.js'
import { type Constructor } from './object.js'
import { writeDirectly } from './operation.js'

// At the function, so that a method that a program puts in its place is called instead.
const key: unique symbol = Symbol('emilua.writeAtOnce')

/** A method `writeSome`, as packages' classes have it. */
export type WriteSome = ((buffer: Uint8Array, ...rest: never[]) => unknown) & { [key]?: NativeFunction }

/** For {@link register}: instances of `constructor` have a `writeSome` that `write` may stand for. */
export function writesAtOnce (constructor: Constructor, write: NativeFunction): void {
  const { writeSome } = constructor.prototype as { writeSome?: WriteSome }
  if (writeSome !== undefined) Object.defineProperty(writeSome, key, { value: write })
}

/** What `writeSome` may be replaced by in {@link writeDirectly}; `undefined` if it is no method of ours. */
export function writerOf (writeSome: WriteSome): NativeFunction | undefined { return writeSome[key] }

/**
 * For composed operations, after `checkpoint`: what the method `writeSome` of `stream` writes without waiting, and
 * without a promise.
 *
 * @returns the number of bytes written; `undefined` if none were and `writeSome` has to be called
 * @throws what `writeSome` rejects with
 */
export function writeAtOnce (stream: object, writeSome: WriteSome, buffer: Uint8Array): number | undefined {
  const write = writerOf(writeSome)
  return write === undefined ? undefined : writeDirectly(write, stream, buffer)
}
