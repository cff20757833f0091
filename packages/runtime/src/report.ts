// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'

/** A failure that nobody has joined yet. It knows nothing of the fiber, which may be collected before it. */
export interface Failure {
  readonly id: string
  readonly error: unknown
  readonly stack: string
}

/** A fiber that nothing can wake any more, as the list at exit shows it. */
export interface Stuck {
  readonly who: string
  readonly parkedOn: string
}

const unjoined = new Set<Failure>()
const collected = new FinalizationRegistry<Failure>(failure => { reportOnce(failure) })
let drained = false

/** Node's exit code for a top level that waits for ever, which says less than our list. */
const unsettled = 13

/** Remembers a failure until it is joined or reported: at the latest when `handle` is collected or the process exits. */
export function keepFailure (handle: object, id: string, error: unknown): Failure {
  // An error keeps every function and receiver of its stack alive, the handle among them, until the text is made.
  const failure = { id, error, stack: stack(error) }
  unjoined.add(failure)
  collected.register(handle, failure)
  return failure
}

/** The failure was joined: whoever did it knows. */
export function forgetFailure (failure: Failure): void {
  unjoined.delete(failure)
}

/** Reports a kept failure unless that was done before. */
export function reportOnce (failure: Failure): void {
  if (unjoined.delete(failure)) reportPanic(`Fiber ${failure.id}`, failure.error, failure.stack)
}

/** Writes who failed and how to stderr. */
export function reportPanic (who: string, error: unknown, trace = stack(error)): void {
  const message = error instanceof Error ? error.message : typeof error === 'string' ? error : inspect(error)
  process.stderr.write(`${who} panicked: '${message}'\n${trace}`)
}

function stack (error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return ''
  const frames = error.stack.split('\n').filter(line => /^\s+at /.test(line))
  const cause = error.cause === undefined ? '' : `  caused by: ${inspect(error.cause)}\n`
  return frames.map(line => line + '\n').join('') + cause
}

/** A cleanup handler failed, so nothing is known about the program's invariants any more: the process ends with 1. */
export function terminate (who: string, error: unknown): never {
  reportPanic(`${who}, in a cleanup handler,`, error)
  drained = false
  process.exit(1)
}

/**
 * Watches the end of the process.
 *
 * @param atEnd - called when the event loop is empty; `true` if it started something that must end first
 * @param stuck - the fibers that wait for what cannot come when the process ends by itself
 */
export function watchExit (atEnd: () => boolean, stuck: () => Stuck[]): void {
  process.on('beforeExit', () => { drained = !atEnd() })
  process.on('exit', () => {
    for (const failure of [...unjoined]) reportOnce(failure)
    if (!drained) return
    const list = stuck()
    for (const { who, parkedOn } of list) process.stderr.write(`${who} still waits for ${parkedOn}\n`)
    if (list.length > 0 && (!process.exitCode || process.exitCode === unsettled)) process.exitCode = 1
  })
}
