// SPDX-License-Identifier: MIT OR BSL-1.0
import { addon, type ErrorTables } from './binding.js'
import { showCaller } from './caller.js'
import { butGot } from './shown.js'

const EINVAL = 22

/** What an error's number means: two errors are the same if both number and category are. */
export class ErrorCategory {
  /** `system`, `generic`, `asio.misc`, … */
  readonly name: string

  /** @internal use {@link errorCategory} */
  constructor (name: string) {
    this.name = name
  }

  /**
   * What the number `errno` of this category means, in English.
   *
   * @throws `EINVAL` if it is no integer of 32 bits
   */
  message (errno: number): string {
    if (errno !== (errno | 0)) {
      const message = 'Expected an integer of 32 bits'
      throw new EmiluaError(errorCategory('system'), EINVAL, { code: 'EINVAL', message: message + butGot(message, errno), arg: 'errno' })
    }
    return addon().describeError(this.name, errno).message
  }

  toString (): string {
    return this.name
  }
}

const categories = new Map<string, ErrorCategory>()

/** The category called `name`; always the same object. */
export function errorCategory (name: string): ErrorCategory {
  let category = categories.get(name)
  if (category === undefined) {
    category = new ErrorCategory(name)
    categories.set(name, category)
  }
  return category
}

/** What a call that failed had tried, as far as its arguments say. */
export interface Attempt {
  /** The IP address. */
  address?: string
  /** The port. */
  port?: number
  /** The name that was to be resolved. */
  hostname?: string
  /** The name of a service that stood for the port. */
  service?: string
  /** The file. */
  path?: string
  /** Where the file was to go. */
  dest?: string
}

/** What is known about an error beyond its number. */
export interface ErrorDetails extends Attempt {
  /** Symbolic name of the number; looked up if absent. */
  code?: string | undefined
  /** What to tell a person; the category's words if absent. */
  message?: string | undefined
  /** The system call that failed. */
  syscall?: string | undefined
  /** The argument at fault. */
  arg?: string | undefined
  /** What led to this error. */
  cause?: unknown
}

const attempts = ['address', 'port', 'hostname', 'service', 'path', 'dest'] as const

// As Node words it.
function tell (syscall: string, code: string, text: string, { address, port, hostname, service, path, dest }: Attempt): string {
  if (path !== undefined) return `${code}: ${text}, ${syscall} '${path}'${dest === undefined ? '' : ` -> '${dest}'`}`
  const host = address ?? hostname ?? ''
  const behind = port ?? service
  const where = behind === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${behind}`
  return `${syscall} ${code} ${where}${address === undefined || hostname === undefined ? '' : ` (${hostname})`}`
}

/**
 * A failed call: what the system said, what was tried, and who is to blame.
 *
 * Two errors compare with {@link equals}; where the system's number differs between platforms, compare
 * {@link toGeneric} with one of `genericError`.
 */
export class EmiluaError extends Error {
  /** Symbolic name of {@link errno}: `EADDRINUSE`, `EOF`, `HOST_NOT_FOUND`. */
  readonly code: string
  /** The number, as its {@link category} counts; positive for errors of the system. */
  readonly errno: number
  /** What {@link errno} means. Left out where the error is printed. */
  declare readonly category: ErrorCategory
  /** The system call that failed, where one did. */
  declare syscall?: string
  /** Name of the argument at fault, where there is one. */
  declare arg?: string
  /** The IP address that was tried. */
  declare address?: string
  /** The port that was tried. */
  declare port?: number
  /** The name that was to be resolved. */
  declare hostname?: string
  /** The name of a service that stood for the port. */
  declare service?: string
  /** The file that was tried. */
  declare path?: string
  /** Where the file was to go. */
  declare dest?: string

  constructor (category: ErrorCategory, errno: number, details: ErrorDetails = {}) {
    const { code, message, syscall, arg, cause } = details
    const known = code === undefined || message === undefined ? addon().describeError(category.name, errno) : null
    const text = message ?? known!.message
    const name = code ?? known!.code
    const about = arg ?? syscall
    const tried = syscall !== undefined && attempts.some(part => details[part] !== undefined)
    const whole = tried ? tell(syscall, name, text, details) : about === undefined ? text : `${about}: ${text}`
    super(whole, cause === undefined ? undefined : { cause })
    this.code = name
    this.errno = errno
    Object.defineProperty(this, 'category', { value: category, configurable: true })
    if (syscall !== undefined) this.syscall = syscall
    if (arg !== undefined) this.arg = arg
    for (const part of attempts) {
      if (details[part] !== undefined) Object.assign(this, { [part]: details[part] })
    }
  }

  /** Whether `other` is an error of the same number and category. Everything else about it may differ. */
  equals (other: unknown): boolean {
    return other instanceof EmiluaError && other.errno === this.errno && other.category === this.category
  }

  /** The portable error that this one stands for; an error that has no such twin is returned as it is. */
  toGeneric (): EmiluaError {
    const { generic } = addon().describeError(this.category.name, this.errno)
    if (generic === undefined || this.category.name === 'generic') return this
    return new EmiluaError(errorCategory('generic'), generic, { ...this, code: undefined, cause: this })
  }
}

// On the prototype: an own property would show in every error that is printed.
Object.defineProperty(EmiluaError.prototype, 'name', { value: 'EmiluaError', configurable: true, writable: true })

let tables: ErrorTables | null = null

/** The errors that programs may name, read from the addon once. */
export function errorTables (): ErrorTables {
  return tables ??= addon().errorTables()
}

/**
 * Called by the addon.
 *
 * @param given - the value at fault, where it is known, in an array
 * @param secret - whether it must not be told
 * @param hint - what is said at the end
 */
export function makeError (
  category: string, errno: number, code: string, message: string, syscall?: string, arg?: string, tried?: Attempt,
  given?: [unknown], secret?: boolean, hint = ''
): EmiluaError {
  const text = given === undefined ? message : message + butGot(message, given[0], secret)
  const error = new EmiluaError(errorCategory(category), errno, { code, message: text, syscall, arg, ...tried })
  if (hint !== '') error.message += hint.startsWith(';') ? hint : `: ${hint}`
  Error.captureStackTrace(error, makeError)
  return showCaller(error, makeError)
}
