// SPDX-License-Identifier: MIT OR BSL-1.0
import { constants } from 'node:os'
import { EmiluaError, errorCategory } from '@emilua/native'

const endOfFileErrno = 2

/** An error of category `generic`. */
export function failure (code: keyof typeof constants.errno, message: string, arg?: string): EmiluaError {
  return new EmiluaError(errorCategory('generic'), constants.errno[code], { code, message, arg })
}

/** What `readSome` rejects with when nothing will come any more; for streams written in TypeScript. */
export function endOfFile (): EmiluaError {
  return new EmiluaError(errorCategory('asio.misc'), endOfFileErrno, { code: 'EOF', message: 'End of file' })
}

/** Whether an error says that a stream has ended. */
export function isEof (error: unknown): boolean {
  return error instanceof EmiluaError && error.errno === endOfFileErrno && error.category.name === 'asio.misc'
}

/** @returns the error if `buffer` is not bytes */
export function bufferAtFault (buffer: unknown): EmiluaError | null {
  return buffer instanceof Uint8Array ? null : failure('EINVAL', 'must be a Uint8Array', 'buffer')
}

/** @returns the error if `stream` has no method of this name */
export function streamAtFault (stream: unknown, method: 'readSome' | 'writeSome'): EmiluaError | null {
  const found = typeof stream === 'object' && stream !== null && typeof (stream as Record<string, unknown>)[method] === 'function'
  return found ? null : failure('EINVAL', `must have a method ${method}`, 'stream')
}
