// SPDX-License-Identifier: MIT OR BSL-1.0
import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { deliverRest, endProgram, invalidArgument, unseenFailures } from '@emilua/native'
import { nextTick, queueMicrotask, setImmediate } from './platform.js'

/** A failure that nobody waited for: of a fiber, of a cleanup handler, or of the program's top level. */
export class Panic {
  /** @internal */
  constructor (
    /** Who failed, in words: `Fiber 0x2`. */
    readonly who: string,
    /** What was thrown, unchanged. */
    readonly error: unknown
  ) {}

  /** What is written to stderr where no handler is: who, and the error with its class, stack, properties and causes. */
  get text (): string { return `${this.who} panicked: ${described(this.error)}` }
}

/** What becomes of the process when a fiber has failed and nobody waited for it. */
export type PanicMode = 'report' | 'exit'

/** A failure of a fiber that can still be joined. */
export interface Failure {
  readonly panic: Panic
  told: boolean
}

/** A fiber that nothing can wake any more, as the list at exit shows it. */
export interface Stuck {
  readonly who: string
  readonly parkedOn: string
}

/** Where every {@link Panic} is published. */
export const panicChannel = 'emilua:fiber:panic'
const published = channel(panicChannel)
const handlers = new Set<(panic: Panic) => void>()
const untold = new Set<Failure>()
let mode: PanicMode = process.env.EMILUA_PANIC === 'exit' ? 'exit' : 'report'
/** Failures that nobody has joined, reported or not. */
let neverJoined = 0
let drained = false

/** Node's exit code for a top level that waits for ever, which says less than our list. */
const unsettled = 13

/**
 * Has `handler` called with every {@link Panic} instead of it being written to stderr: for loggers and error trackers.
 * It runs in the asynchronous context (`AsyncLocalStorage`) of what failed, and must not wait, because the process may end right after
 * it. If it throws, that and the panic are written to stderr.
 *
 * To look on without taking over, subscribe to `emilua:fiber:panic` of `node:diagnostics_channel`.
 *
 * @returns what takes the handler away again when it is disposed
 * @throws `EINVAL` (`arg` is `'handler'`) if `handler` is not a function
 */
export function onPanic (handler: (panic: Panic) => void): Disposable {
  if (typeof handler !== 'function') throw invalidArgument('handler', 'Expected a function', handler)
  const own = (panic: Panic): void => { handler(panic) }
  handlers.add(own)
  return { [Symbol.dispose]: () => { handlers.delete(own) } }
}

/**
 * Says what follows when a failure of a fiber has been reported. `'report'`, the default: the program goes on, and its
 * exit status is 1 if nobody joins the fiber later, unless the program sets a status of its own. `'exit'`: it is
 * raised as an uncaught exception, so that a test runner fails; where nobody listens for those, the process
 * ends with 1. The environment variable `EMILUA_PANIC=exit` is the same from the start.
 *
 * @throws `EINVAL` (`arg` is `'mode'`) for anything else
 */
export function setPanicMode (wanted: PanicMode): void {
  if (wanted !== 'report' && wanted !== 'exit') throw invalidArgument('mode', "Expected 'report' or 'exit'", wanted)
  mode = wanted
}

/** A fiber has failed and nobody waits for it. Unless somebody comes in this turn of the event loop, it is reported. */
export function keepFailure (who: string, error: unknown): Failure {
  const failure = { panic: new Panic(who, error), told: false }
  neverJoined++
  untold.add(failure)
  setImmediate(reportUntold, failure)
  return failure
}

/** The failure was joined: whoever did it knows. */
export function tell (failure: Failure): void {
  if (failure.told) return
  failure.told = true
  untold.delete(failure)
  neverJoined--
}

/** Reports the failure of a fiber that nobody can join. */
export function reportDetached (who: string, error: unknown): void {
  neverJoined++
  reportFiber(new Panic(who, error))
}

function reportUntold (failure: Failure): void {
  if (untold.delete(failure)) reportFiber(failure.panic)
}

function reportFiber (panic: Panic): void {
  report(panic)
  if (mode === 'report') return
  if (process.listenerCount('uncaughtException') === 0) process.exit(1)
  nextTick(() => { throw panic.error })
}

/** Tells everybody who wants to know, or else stderr. Never throws. */
export function report (panic: Panic): void {
  published.publish(panic)
  if (handlers.size === 0) write(panic)
  for (const handler of [...handlers]) {
    try {
      handler(panic)
    } catch (error) {
      write(panic)
      write(new Panic('A handler of panics', error))
    }
  }
}

function write (panic: Panic): void {
  try {
    process.stderr.write(panic.text + '\n')
  } catch { /* stderr is closed, and there is no other place */ }
}

/** An error with its class, stack, properties and causes. Never throws. */
export function described (error: unknown): string {
  // Whatever was thrown, its getters may throw, too.
  for (const options of [{ depth: 4 }, { depth: 0, customInspect: false }]) {
    try {
      return inspect(error, options)
    } catch { /* the next one looks at less */ }
  }
  return 'an error that cannot be shown' + stackOf(error)
}

function stackOf (error: unknown): string {
  try {
    return '\n' + String((error as Error).stack)
  } catch {
    return ''
  }
}

/** A cleanup handler failed, so nothing is known about the program's invariants any more: the process ends with 1. */
export function terminate (who: string, error: unknown): never {
  report(new Panic(`${who}, in a cleanup handler,`, error))
  drained = false
  process.exit(1)
}

/**
 * Watches the end of the process, or of the worker.
 *
 * @param atEnd - called when the event loop is empty; what has to end first, or `null`
 * @param stuck - the fibers that wait for what cannot come when the process ends by itself, given whether its top level waits
 */
export function watchExit (atEnd: () => Promise<void> | null, stuck: (unsettled: boolean) => Stuck[]): void {
  const end = (): void => { drained = !endProgram() }
  const deliverAndEnd = (): void => {
    drained = false
    if (deliverRest()) nextTick(queueMicrotask, end)
    else end()
  }
  process.on('beforeExit', () => {
    const first = atEnd()
    drained = first === null
    // after the other listeners, which may still have something to send
    if (first === null) nextTick(queueMicrotask, deliverAndEnd)
    else void first.then(deliverAndEnd)
  })
  process.on('exit', () => {
    for (const { panic } of untold) report(panic)
    untold.clear()
    const list = drained ? stuck(process.exitCode === unsettled) : []
    for (const { who, parkedOn } of list) process.stderr.write(`${who} still waits for ${parkedOn}\n`)
    const free = process.exitCode === undefined || process.exitCode === unsettled
    if (free && (list.length > 0 || neverJoined > 0 || unseenFailures() > 0)) process.exitCode = 1
  })
}
