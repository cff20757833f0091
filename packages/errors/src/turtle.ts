// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFile, realpath } from 'node:fs/promises'
import { EmiluaError, defineErrors, errorCategory, invalidArgument, isItMeant, type ErrorCategory, type ErrorDetails } from '@emilua/native'
import { refuseOthers } from './refuse-others.js'

/**
 * The errors that a file of Turtle defines. Lua programs that load the same file mean the same category.
 */
export class ErrorModule {
  /** What the errors have in common. Its name is that of the file, without what follows the dot. */
  readonly category: ErrorCategory
  /** The errors by their aliases: each access makes a new one. */
  readonly errors: Readonly<Record<string, EmiluaError>>

  readonly #numbers: ReadonlyMap<string | number, number>

  /** @internal use {@link loadErrors} */
  constructor (name: string, errors: ReadonlyArray<readonly [errno: number, aliases: readonly string[]]>) {
    this.category = errorCategory(name)
    const numbers = new Map<string | number, number>()
    const byAlias = Object.create(null) as Record<string, EmiluaError>
    const aliases: string[] = []
    for (const [errno, names] of errors) {
      numbers.set(errno, errno)
      for (const alias of names) {
        aliases.push(alias)
        numbers.set(alias, errno)
        Object.defineProperty(byAlias, alias, { enumerable: true, get: () => this.error(alias) })
      }
    }
    this.#numbers = numbers
    this.errors = Object.freeze(refuseOthers(byAlias, name, aliases))
  }

  #noError (which: string | number): EmiluaError {
    const error = invalidArgument('which', 'Expected the name or the number of an error', which)
    error.message += isItMeant(String(which), [...this.#numbers.keys()].filter(name => typeof name === 'string'))
    return error
  }

  /**
   * Makes a new error.
   *
   * @param which - an alias or the number
   * @param details - what else is known about it, such as its `cause`
   * @throws `EINVAL` where there is no such error
   */
  error (which: string | number, details?: ErrorDetails): EmiluaError {
    const errno = this.#numbers.get(which)
    if (errno === undefined) throw this.#noError(which)
    const error = new EmiluaError(this.category, errno, details)
    Error.captureStackTrace(error, this.error)
    return error
  }
}

const loaded = new Map<string, ErrorModule>()

/**
 * Reads errors from a file of Turtle, with messages in several languages and the generic errors that they stand for.
 *
 * Suspends. A file is read once a process.
 *
 * @param file - where it is: `new URL('./errors.ttl', import.meta.url)`; a relative path begins at the working directory
 * @throws `EBADMSG` whose message names line and column, if the file is no such category; `ENOENT` and others of
 * `node:fs` if it cannot be read; `ENOPKG` if the system has no libserd
 */
export async function loadErrors (file: string | URL): Promise<ErrorModule> {
  const path = await realpath(file)
  let module = loaded.get(path)
  if (module !== undefined) return module
  const { name, errors } = defineErrors(path, await readFile(path, 'utf8'))
  module = loaded.get(path) ?? new ErrorModule(name, errors)
  loaded.set(path, module)
  return module
}
