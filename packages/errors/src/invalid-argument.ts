// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, errorCategory } from '@emilua/native'

const EINVAL = 22

/**
 * The error for a bad argument: `EINVAL` of category `system`, as the native core throws it.
 *
 * @param arg the argument's name
 * @param message what is wrong with it, or what was expected
 */
export function invalidArgument (arg: string, message: string = 'Invalid argument'): EmiluaError {
  return new EmiluaError(errorCategory('system'), EINVAL, { code: 'EINVAL', message, arg })
}
