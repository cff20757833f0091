// SPDX-License-Identifier: MIT OR BSL-1.0
import type { EmiluaError } from '@emilua/native'

/** What tells an error from others, wherever it came from: what a log or a table of errors needs of it. */
export type ErrorIdentity = Pick<EmiluaError, 'category' | 'code' | 'errno'>

/** Where an error came from: what else a log may show of it. */
export type ErrorOrigin = Partial<Pick<EmiluaError, 'syscall' | 'arg' | 'path' | 'dest' | 'address' | 'port' | 'hostname'>>
