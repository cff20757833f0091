// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, invalidArgument, isItMeant } from '@emilua/native'
import { composed, Hold, type OperationOptions, uncancelable, withoutFiber } from '@emilua/native/fiber'
import type { ReadStream, WriteStream } from '@emilua/pipe'
import { checkVariables, Pipes, type StandardStreamOption, type Streams, type Variables } from './child-streams.js'
import { environment } from './environment.js'
import { spawn as launch } from './generated/functions.js'
import { SIGTERM } from './generated/signal.js'
import { Subprocess } from './generated/subprocess.js'
import type { SpawnOptions as LaunchOptions } from './generated/types.js'

/** What {@link spawn} takes. */
export interface SpawnOptions<
  In extends StandardStreamOption = StandardStreamOption,
  Out extends StandardStreamOption = StandardStreamOption,
  Err extends StandardStreamOption = StandardStreamOption
> extends Omit<LaunchOptions, 'environment' | 'stdin' | 'stdout' | 'stderr'> {
  /** Its variables, by name, those that are `undefined` left out; one may be `"\0pid"` and is then its process id. */
  environment?: Variables
  /** What it reads from. */
  stdin?: In
  /** What it writes to. */
  stdout?: Out
  /** What it complains to. */
  stderr?: Err
  /** Seconds after which it gets {@link killSignal}. */
  timeout?: number | undefined
  /** It gets {@link killSignal} when this is aborted; aborted already, nothing is started. */
  signal?: AbortSignal | undefined
  /** What ends it when its time is up; SIGTERM if left out. */
  killSignal?: number | undefined
}

/** A child and those of its standard streams that are `'pipe'`. */
export type Spawned<In, Out, Err> = Subprocess & {
  /** What the child reads. Close it to end the child's input. */
  readonly stdin: In extends 'pipe' ? WriteStream : undefined
  /** What the child writes. */
  readonly stdout: Out extends 'pipe' ? ReadStream : undefined
  /** What the child complains. */
  readonly stderr: Err extends 'pipe' ? ReadStream : undefined
}

declare module './generated/subprocess.js' {
  interface Subprocess {
    /**
     * At the end of an `await using` block: closes the streams, sends `signalOnGcreaper` to the child unless it was
     * waited for, and waits.
     */
    [Symbol.asyncDispose] (): Promise<void>
  }
}

const farewells = new WeakMap<Subprocess, number>()

Object.defineProperty(Subprocess.prototype, Symbol.asyncDispose, {
  configurable: true,
  writable: true,
  async value (this: Subprocess & Partial<Streams>): Promise<void> {
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream?.[Symbol.dispose]()
    if (this.pid === undefined) return
    killIfThere(this, farewells.get(this) ?? SIGTERM)
    await uncancelable(() => this.wait())
  }
})

/** Sends a signal to a child that may have ended. */
function killIfThere (child: Subprocess, signal: number): void {
  try {
    if (signal !== 0) child.kill(signal)
  } catch (error) {
    if (!(error instanceof EmiluaError && error.code === 'ESRCH')) throw error
  }
}

/**
 * The environment of this process, for the core in one text: most children get just that, and it never changes. As it is
 * where the core has something to say about it, which a worker's own environment may be.
 */
const inherited = ((): object => {
  const variables = Object.entries(environment)
  const text = variables.map(([name, value]) => `${name}=${value}\0`).join('')
  const isPlain = variables.every(([name, value]) => name !== '' && !name.includes('=') && !`${name}${value}`.includes('\0'))
  return isPlain && text !== '' && !/\p{Surrogate}/u.test(text) ? { '\0': text } : environment
})()

/** `opts` in the words of the core; not by a spread with changes, of which the engine makes a new class every time. */
function forCore (opts: object, pipes: Pipes): LaunchOptions {
  const all: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(opts) as [keyof SpawnOptions, StandardStreamOption][]) {
    if (name === 'timeout' || name === 'signal' || name === 'killSignal') continue
    if (name === 'stdin' || name === 'stdout' || name === 'stderr') all[name] = pipes.end(name, value)
    else all[name] = name === 'environment' && value as unknown === environment ? inherited : value
  }
  return all as unknown as LaunchOptions
}

const expired = new WeakSet<Subprocess>()

/** Whether the time of `child` was up before it had ended. */
export function hasExpired (child: Subprocess): boolean {
  return expired.has(child)
}

/** Ends `child` when its time is up or `signal` is aborted; keeps nothing once it has ended. */
function limit (child: Subprocess, killSignal: number, timeout: number | undefined, signal: AbortSignal | undefined): void {
  const end = (): void => {
    try {
      killIfThere(child, killSignal)
    } catch {
      // It runs as somebody whom this process may not end.
    }
  }
  const expire = (): void => {
    expired.add(child)
    end()
  }
  const timer = timeout === undefined || timeout === Infinity ? undefined : setTimeout(expire, Math.max(0, timeout) * 1000).unref()
  if (signal?.aborted) end()
  else signal?.addEventListener('abort', end, { once: true })
  const done = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
  void withoutFiber(() => child.wait({ hold: new Hold().unref() })).then(done, done)
}

const longest = 0x7fffffff / 1000

function checkLimits (timeout: unknown, signal: unknown, killSignal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidArgument('opts.signal', 'Expected an AbortSignal', signal)
  if (timeout !== undefined && (typeof timeout !== 'number' || Number.isNaN(timeout) || (timeout > longest && timeout !== Infinity))) {
    throw invalidArgument('opts.timeout', `Expected a number of seconds, at most ${Math.floor(longest)} or Infinity`, timeout)
  }
  if (!Number.isInteger(killSignal) || (killSignal as number) < 1 || (killSignal as number) > 64) {
    throw invalidArgument('opts.killSignal', 'Expected an integer from 1 to 64', killSignal)
  }
}

/**
 * Starts a program in a process of its own.
 *
 * When the promise resolves, the program runs; what cannot be done rejects, with the option at fault. The child has the
 * descriptors and the environment that it is given and nothing else: none if they are left out. The thread waits until
 * the program runs, half a millisecond as a rule.
 *
 * @param opts - what runs, and how
 * @param options - a signal that keeps the child from being started; `opts.signal` ends it, too
 * @throws EmiluaError ENOENT or EACCES for the program, EPERM for rights that this process does not have, EINVAL for
 * options that contradict each other, before anything is started
 */
export function spawn<
  const In extends StandardStreamOption = undefined,
  const Out extends StandardStreamOption = undefined,
  const Err extends StandardStreamOption = undefined
> (opts: SpawnOptions<In, Out, Err>, options?: OperationOptions): Promise<Spawned<In, Out, Err>> {
  return composed(start<In, Out, Err>(opts, options, ourFields))
}

/** What {@link SpawnOptions} has that the core does not know. */
export const ourFields = 'timeout, signal, killSignal'
const noField = /^opts\.(\w+): (Expected one of the fields [^;]*)(.*)$/

/** The core's complaint about an option that does not exist lists all there are. */
function withFields (error: unknown, fields: string): unknown {
  if (!(error instanceof EmiluaError) || error.code !== 'EINVAL' || error.arg === undefined) return error
  const [, name, list, hint] = noField.exec(error.message) ?? []
  if (list === undefined) return error
  const { message, stack } = error
  error.message = `${error.arg}: ${list}, ${fields}${hint || isItMeant(name!, fields.split(', '))}`
  // As it is it begins with the function of the program.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message)
  return error
}

/** Refuses what is no object of options, such as the words of a command alone. */
export function checkRecord (opts: unknown): void {
  if (typeof opts === 'object' && opts !== null && !Array.isArray(opts)) return
  throw invalidArgument('opts', "Expected an object such as { program: 'ls', arguments: ['ls', '-l'] }", opts)
}

/** {@link spawn}, before it is an operation of the fiber. `fields` are those that the core does not know. */
export async function start<In extends StandardStreamOption, Out extends StandardStreamOption, Err extends StandardStreamOption> (
  opts: SpawnOptions<In, Out, Err>, options: OperationOptions | undefined, fields: string
): Promise<Spawned<In, Out, Err>> {
  checkRecord(opts)
  const { timeout, signal, killSignal = SIGTERM, signalOnGcreaper } = opts
  checkLimits(timeout, signal, killSignal)
  checkVariables(opts.environment)
  if (opts.extraFds as unknown instanceof Map) {
    throw invalidArgument('opts.extraFds', 'Expected an object whose keys are numbers from 3 to 9', opts.extraFds)
  }
  signal?.throwIfAborted()
  const pipes = new Pipes()
  try {
    const child = await launch(forCore(opts, pipes), options)
    if (signalOnGcreaper !== undefined) farewells.set(child, signalOnGcreaper)
    pipes.attach(child)
    if (timeout !== undefined || signal !== undefined) limit(child, killSignal, timeout, signal)
    return child as Spawned<In, Out, Err>
  } catch (error) {
    pipes.closeOurs()
    throw withFields(error, fields)
  } finally {
    pipes.closeTheirs()
  }
}
