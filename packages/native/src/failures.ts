// SPDX-License-Identifier: MIT OR BSL-1.0
import type { constants } from 'node:os'
import { builtin } from './binding.js'
import { showCaller } from './caller.js'
import { EmiluaError, errorCategory, errorTables, type ErrorDetails } from './error.js'
import { butGot, kindOf, shown } from './shown.js'
import { isItMeant } from './similar.js'

/** Name of an error of the system: `EINVAL`, `EPERM`. */
export type SystemErrorCode = keyof typeof constants.errno

/**
 * An error of category `system`, as the native core throws it, with words that say more than the system's.
 *
 * @param arg - the argument at fault, where one is
 */
export function systemError (code: SystemErrorCode, message: string, arg?: string): EmiluaError {
  const { constants } = builtin('node:os') as typeof import('node:os')
  return showCaller(new EmiluaError(errorCategory('system'), constants.errno[code], { code, message, arg }), systemError)
}

/**
 * The error for a bad argument: `EINVAL` of category `system`, as the native core throws it.
 *
 * @param arg - the argument's name; of what is inside of it the path, `options.extraFds[2]`
 * @param message - what is wrong with it: `Expected ` and what it has to be
 * @param given - the value itself, which the message then shows: `, not 70000`. Leave it out if it is a secret
 */
export function invalidArgument (arg: string, message: string = 'Invalid argument', ...given: [value?: unknown]): EmiluaError {
  return systemError('EINVAL', given.length === 0 ? message : message + butGot(message, given[0]), arg)
}

/**
 * For composed operations.
 *
 * @param moved - what the object that is the argument `arg`, which need not be ours, says that it read or wrote
 * @param size - how many bytes it had to move
 * @returns `moved`
 * @throws `EINVAL` if it cannot have been so many
 */
export function counted (arg: string, moved: number, size: number): number {
  if (Number.isInteger(moved) && moved >= 0 && moved <= size) return moved
  throw invalidArgument(arg, `Expected an object that says how many bytes it moved, from 0 to ${size}`, moved)
}

function isPort (value: unknown): value is number | string {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
}

/**
 * Refuses, by name, a field that does not exist. Those that are `undefined` count as absent.
 *
 * @param at - the way to the object
 * @param known - the names there are
 * @param argument - what was taken out of the object already: a field that holds it is let pass
 * @throws `EINVAL`: `opts.forse: Expected one of the fields force; is it 'force' that is meant?`
 */
export function checkFields (at: string, given: object, known: readonly string[], argument?: unknown): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const value = (given as Record<string, unknown>)[name]
    if (value === undefined || value === argument) continue
    const isMeant = name === 'timeout' && known.includes('signal') ? '; write signal: AbortSignal.timeout(milliseconds)' : isItMeant(name, known)
    throw invalidArgument(`${at}.${name}`, `Expected one of the fields ${known.join(', ')}${isMeant}`)
  }
}

/**
 * Refuses, by name, what is no object of options, and what {@link checkFields} refuses.
 * An instance of a class is taken only if it has one of the fields: a signal or an array is none.
 *
 * @param known - the names there are
 * @param argument - what was taken out of the options already: a field that holds it is let pass
 * @throws `EINVAL`: `options.singal: Expected one of the fields signal, hold`
 */
export function checkOptions (options: unknown, known: readonly string[], argument?: unknown): void {
  if (typeof options !== 'object' || options === null) {
    const endpoint = isPort(options) && typeof argument === 'string' && !argument.includes(':')
    const hint = endpoint ? `: host and port are one text, "${argument}:${options}"` : ''
    throw invalidArgument('options', `Expected an object of ${known.join(', ')}, not ${shown(options)}${hint}`)
  }
  if (!isPlain(options) && !known.some(name => name in options)) {
    const hint = options instanceof AbortSignal && known.includes('signal') ? ': write { signal }' : ''
    throw invalidArgument('options', `Expected an object of ${known.join(', ')}, not ${kindOf(options)}${hint}`)
  }
  checkFields('options', options, known, argument)
}

// Another realm has an Object.prototype of its own.
function isPlain (object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * One of the errors that have names: `namedError('misc', 'eof')`.
 *
 * @param group - `generic`, `emilua`, or a group of `asioError`
 * @param name - as the tables of `@emilua/errors` spell it
 * @param details - more about it than its name says
 */
export function namedError (group: string, name: string, details?: ErrorDetails): EmiluaError {
  const [category, errno] = errorTables()[group]![name]!
  return showCaller(new EmiluaError(errorCategory(category), errno, details), namedError)
}

/** Name of an error of the runtime: what no operation was at fault for, but the use of fibers. */
export type RuntimeErrorName =
  | 'suspensionForbidden' | 'suspensionAlreadyAllowed' | 'cancellationNotDisabled' | 'notInAFiber' | 'notJoinable'
  | 'joinSelf' | 'noCleanupHandler' | 'mutexOwned' | 'mutexNotOwned' | 'promiseSatisfied'

/**
 * An error of the runtime itself: number and category, `emilua`, are those of the same mistake in Lua; the code is the
 * name in capitals, `NOT_JOINABLE`.
 *
 * @param message - what was done wrong; without it, the words of the category
 */
export function runtimeError (name: RuntimeErrorName, message?: string): EmiluaError {
  return namedError('emilua', name, { message })
}
