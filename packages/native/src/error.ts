// SPDX-License-Identifier: MIT OR BSL-1.0
import { addon, type ErrorTables } from './binding.js'

/** What an error's number means: two errors are the same if both number and category are. */
export class ErrorCategory {
  /** `system`, `generic`, `asio.misc`, … */
  readonly name: string

  /** @internal use {@link errorCategory} */
  constructor (name: string) {
    this.name = name
  }

  /** What the number `errno` of this category means, in English. */
  message (errno: number): string {
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

/** What is known about an error beyond its number. */
export interface ErrorDetails {
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

/**
 * A failed call: what the system said, and who is to blame.
 *
 * Two errors compare with {@link equals}; where the system's number differs between platforms, compare
 * {@link toGeneric} with one of `genericError`.
 */
export class EmiluaError extends Error {
  /** Symbolic name of {@link errno}: `EADDRINUSE`, `EOF`, `HOST_NOT_FOUND`. */
  readonly code: string
  /** The number, as its {@link category} counts; positive for errors of the system. */
  readonly errno: number
  /** What {@link errno} means. */
  readonly category: ErrorCategory
  /** The system call that failed, where one did. */
  syscall: string | undefined
  /** Name of the argument at fault, where there is one. */
  arg: string | undefined

  constructor (category: ErrorCategory, errno: number, details: ErrorDetails = {}) {
    const { code, message, syscall, arg, cause } = details
    const known = code === undefined || message === undefined ? addon().describeError(category.name, errno) : null
    const text = message ?? known!.message
    const about = arg ?? syscall
    super(about === undefined ? text : `${about}: ${text}`, cause === undefined ? undefined : { cause })
    this.code = code ?? known!.code
    this.errno = errno
    this.category = category
    this.syscall = syscall
    this.arg = arg
  }

  /** Whether `other` is an error of the same number and category. Everything else about it may differ. */
  equals (other: unknown): boolean {
    return other instanceof EmiluaError && other.errno === this.errno && other.category === this.category
  }

  /** The portable error that this one stands for; an error that has no such twin is returned as it is. */
  toGeneric (): EmiluaError {
    const { generic } = addon().describeError(this.category.name, this.errno)
    if (generic === undefined || this.category.name === 'generic') return this
    const { syscall, arg } = this
    return new EmiluaError(errorCategory('generic'), generic, { syscall, arg, cause: this })
  }
}

// On the prototype: an own property would show in every error that is printed.
Object.defineProperty(EmiluaError.prototype, 'name', { value: 'EmiluaError', configurable: true, writable: true })

let tables: ErrorTables | null = null

/** The errors that programs may name, read from the addon once. */
export function errorTables (): ErrorTables {
  return tables ??= addon().errorTables()
}

/** Called by the addon. */
export function makeError (
  category: string, errno: number, code: string, message: string, syscall?: string, arg?: string
): EmiluaError {
  return new EmiluaError(errorCategory(category), errno, { code, message, syscall, arg })
}
