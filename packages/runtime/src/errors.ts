// SPDX-License-Identifier: MIT OR BSL-1.0

/** An error that names the system's code for it and, where one is at fault, the argument. */
export function failure (code: string, message: string, arg?: string): Error {
  const error = Object.assign(new Error(message), { code })
  return arg === undefined ? error : Object.assign(error, { arg })
}
