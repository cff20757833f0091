// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError } from '@emilua/native'

const EOF = 2

/** Whether `error` says that a stream came to its end: that it is `asioError.misc.eof`. */
export function isEof (error: unknown): error is EmiluaError {
  return error instanceof EmiluaError && error.errno === EOF && error.category.name === 'asio.misc'
}
