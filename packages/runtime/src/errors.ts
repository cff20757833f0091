// SPDX-License-Identifier: MIT OR BSL-1.0
import { constants } from 'node:os'
import { EmiluaError, errorCategory } from '@emilua/native'

/** An error of category `generic` that names, where one is at fault, the argument. */
export function failure (code: keyof typeof constants.errno, message: string, arg?: string): EmiluaError {
  return new EmiluaError(errorCategory('generic'), constants.errno[code], { code, message, arg })
}
