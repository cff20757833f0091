// SPDX-License-Identifier: MIT OR BSL-1.0
import { isUint8Array } from 'node:util/types'
import { invalidArgument, type EmiluaError } from '@emilua/native'

/** @returns the error if `buffer` is not bytes */
export function bufferAtFault (buffer: unknown): EmiluaError | null {
  return isUint8Array(buffer) ? null : invalidArgument('buffer', 'Expected a Uint8Array', buffer)
}

/** @returns the error if `stream`, the argument `name`, has no method of this name */
export function streamAtFault (stream: unknown, method: 'readSome' | 'writeSome', name = 'stream'): EmiluaError | null {
  const found = typeof stream === 'object' && stream !== null && typeof (stream as Record<string, unknown>)[method] === 'function'
  return found ? null : invalidArgument(name, `Expected an object with a method ${method}`, stream)
}

/** @returns the error if `value`, the argument `name`, is no position in a buffer of `size` bytes, its end included */
export function positionAtFault (name: string, value: unknown, size: number): EmiluaError | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= size
    ? null
    : invalidArgument(name, 'Expected an integer from 0 to the size of the buffer', value)
}
