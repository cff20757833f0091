// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, errorCategory } from './error.js'

const EOF = 2

/**
 * The error that says that a stream came to its end, `asioError.misc.eof`: for streams written in TypeScript.
 *
 * @param syscall - the system call that found it, where one did
 */
export function endOfFile (syscall?: string): EmiluaError {
  return new EmiluaError(errorCategory('asio.misc'), EOF, { code: 'EOF', message: 'End of file', syscall })
}

/** Whether `error` says that a stream came to its end: that it is `asioError.misc.eof`. */
export function isEof (error: unknown): error is EmiluaError {
  return error instanceof EmiluaError && error.errno === EOF && error.category.name === 'asio.misc'
}
