// SPDX-License-Identifier: MIT OR BSL-1.0
import { constants } from 'node:os'
import { EmiluaError, errorCategory } from './error.js'

/** Name of an error of the system: `EINVAL`, `EPERM`. */
export type SystemErrorCode = keyof typeof constants.errno

/**
 * An error of category `system`, as the native core throws it, with words that say more than the system's.
 *
 * @param arg - the argument at fault, where one is
 */
export function systemError (code: SystemErrorCode, message: string, arg?: string): EmiluaError {
  return new EmiluaError(errorCategory('system'), constants.errno[code], { code, message, arg })
}

/**
 * The error for a bad argument: `EINVAL` of category `system`, as the native core throws it.
 *
 * @param arg - the argument's name; of what is inside of it the path, `options.extraFds[2]`
 * @param message - what is wrong with it: `Expected ` and what it has to be
 */
export function invalidArgument (arg: string, message: string = 'Invalid argument'): EmiluaError {
  return systemError('EINVAL', message, arg)
}
