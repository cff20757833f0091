// SPDX-License-Identifier: MIT OR BSL-1.0
import { checkFields, invalidArgument, leaveChildren } from '@emilua/native'

/** How hard {@link exit} ends the program. */
export interface ExitOptions {
  /**
   * `0` (the default) lets the handlers of the process's `exit` event run and waits for children, `2` does neither, and
   * `'abort'` is the C function: SIGABRT, and a core dump where they are enabled. Only the main thread may give one other
   * than `0`.
   */
  force?: 0 | 2 | 'abort' | undefined
}

/**
 * Ends the program, or in a worker thread that worker alone. Nothing after the call runs; what is pending is
 * canceled and resumes nothing. Children get the signal of their `signalOnGcreaper` and are waited for, as by
 * `process.exit`: one that ignores it holds the process up.
 *
 * @param code - Exit status, from 0 to 255. Counts only from the main thread.
 * @throws EmiluaError EINVAL for a code or an option that does not exist.
 */
export function exit (code = 0, opts: ExitOptions = {}): never {
  if (!Number.isInteger(code) || code < 0 || code > 255) throw invalidArgument('code', 'Expected an integer from 0 to 255', code)
  if (typeof opts !== 'object' || opts === null || Array.isArray(opts)) throw invalidArgument('opts', 'Expected an object of force', opts)
  checkFields('opts', opts, ['force'])
  const force = opts.force ?? 0
  if (force !== 0 && force !== 2 && force !== 'abort') throw invalidArgument('opts.force', 'Expected 0, 2 or "abort"', force)
  if (force === 'abort') process.abort()
  if (force === 2) {
    process.removeAllListeners('exit')
    leaveChildren()
  }
  process.exit(code)
}
