// SPDX-License-Identifier: MIT OR BSL-1.0
import type { NativeFunction } from './binding.js'
import type { OperationOptions } from './fiber.js'
import type { Constructor, NativeObject } from './object.js'
import { read, type ReadResult } from './operation.js'

// At the function, so that a method that a program puts in its place is called instead.
const key: unique symbol = Symbol('emilua.readInto')

/** A method `readSome`, as packages' classes have it. */
export type ReadSome = ((buffer: Uint8Array, ...rest: never[]) => unknown) & { [key]?: NativeFunction }

/** For generated classes: instances of `constructor` have a `readSome` that is nothing but {@link read} with `fn`. */
export function readsInto (constructor: Constructor, fn: NativeFunction | undefined): void {
  Object.defineProperty((constructor.prototype as { readSome: ReadSome }).readSome, key, { value: fn })
}

/**
 * For composed operations: calls the method `readSome` of `stream` and makes of its result what `becomes` says, with a
 * promise less than by `then`.
 *
 * @returns `null` if it is no method of ours, and nothing was called
 */
export function readInto<T> (
  stream: object, readSome: ReadSome | undefined, buffer: Uint8Array, options: OperationOptions | undefined, becomes: ReadResult<T>
): Promise<T> | null {
  const fn = readSome?.[key]
  return fn === undefined ? null : read(fn, stream as NativeObject, options, buffer, becomes)
}
