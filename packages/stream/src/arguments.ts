// SPDX-License-Identifier: MIT OR BSL-1.0
import { isUint8Array } from 'node:util/types'
import { invalidArgument, systemError, type EmiluaError } from '@emilua/native'

/** Whether `value` is a stream of Node, which is not loaded to find out. */
export function isOfNode (value: unknown): boolean {
  const { pipe, on } = (value ?? {}) as Partial<Record<'pipe' | 'on', unknown>>
  return typeof pipe === 'function' && typeof on === 'function'
}

/** @returns the error for `value`, which is no `expected`, with what to do about it where that is known */
function notWhatWasExpected (name: string, expected: string, value: unknown): EmiluaError {
  if (value instanceof Promise) return systemError('EINVAL', `Expected ${expected}, not a Promise: await it`, name)
  if (isOfNode(value)) return systemError('EINVAL', `Expected ${expected}, not a stream of Node, which has methods of its own`, name)
  return invalidArgument(name, `Expected ${expected}`, value)
}

/** @returns the error if `buffer` is not bytes */
export function bufferAtFault (buffer: unknown): EmiluaError | null {
  return isUint8Array(buffer) ? null : invalidArgument('buffer', 'Expected a Uint8Array', buffer)
}

/** @returns the error if `stream`, the argument `name`, has no method of this name */
export function streamAtFault (stream: unknown, method: 'readSome' | 'writeSome', name = 'stream'): EmiluaError | null {
  const found = typeof stream === 'object' && stream !== null && typeof (stream as Record<string, unknown>)[method] === 'function'
  return found ? null : notWhatWasExpected(name, `an object with a method ${method}`, stream)
}

/** @returns the error if `acceptor` has no method `accept` */
export function acceptorAtFault (acceptor: unknown): EmiluaError | null {
  const found = typeof acceptor === 'object' && acceptor !== null && typeof (acceptor as Record<string, unknown>)['accept'] === 'function'
  return found ? null : notWhatWasExpected('acceptor', 'an acceptor', acceptor)
}

/** @returns the error if `value`, the argument `name`, is no position in a buffer of `size` bytes, its end included */
export function positionAtFault (name: string, value: unknown, size: number): EmiluaError | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= size
    ? null
    : invalidArgument(name, 'Expected an integer from 0 to the size of the buffer', value)
}
