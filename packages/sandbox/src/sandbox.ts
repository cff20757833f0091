// SPDX-License-Identifier: MIT OR BSL-1.0
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { checkFields, invalidArgument } from '@emilua/native'
import { composed, type OperationOptions, uncancelable } from '@emilua/native/fiber'
import type { ReadStream, WriteStream } from '@emilua/pipe'
import { checkConversation, checkVariables, converse, Listener, Pipes, type StandardStreamOption, type Streams, type Variables } from '@emilua/system/child-streams'
import { Guest } from './generated/guest.js'
import { Sandbox as CoreSandbox } from './generated/sandbox.js'
import type { GuestOptions as CoreOptions, Foundation, LimitKind, MemoryScope, Policy, RefusedRequest } from './generated/types.js'
import { asUnavailable } from './unavailable.js'

const SIGKILL = 9

/** Sources of Lua by the parts of their paths. */
export interface SourceTree { readonly [part: string]: string | SourceTree }

/** What `spawnVm` takes to start an actor in a sandbox. */
export interface SandboxContext {
  readonly module: URL
  readonly subprocess: { readonly sandbox: Sandbox, readonly sourceTreeCache?: SourceTree }
}

/** What {@link Sandbox.spawn} takes. */
export interface GuestOptions<
  In extends StandardStreamOption = StandardStreamOption,
  Out extends StandardStreamOption = StandardStreamOption,
  Err extends StandardStreamOption = StandardStreamOption
> extends Omit<CoreOptions, 'environment' | 'stdin' | 'stdout' | 'stderr'> {
  /** Its variables, by name, those that are `undefined` left out; none if this is. */
  environment?: Variables
  /** What it reads from. */
  stdin?: In
  /** What it writes to. */
  stdout?: Out
  /** What it complains to. */
  stderr?: Err
}

/** A guest and those of its standard streams that are `'pipe'`. */
export type SpawnedGuest<In, Out, Err> = Guest & {
  /** What the guest reads. Close it to end its input. */
  readonly stdin: In extends 'pipe' ? WriteStream : undefined
  /** What the guest writes. */
  readonly stdout: Out extends 'pipe' ? ReadStream : undefined
  /** What the guest complains. */
  readonly stderr: Err extends 'pipe' ? ReadStream : undefined
}

/** What {@link Sandbox.run} takes. */
export interface RunOptions extends Omit<GuestOptions, 'stdin' | 'stdout' | 'stderr'> {
  /** What the program reads; nothing if left out. */
  input?: string | Uint8Array | undefined
  /** How many bytes of each stream are kept; a mebibyte if left out. What comes after them is thrown away. */
  limit?: number | undefined
  /** Ends all that is in the sandbox when it is aborted. */
  signal?: AbortSignal | undefined
}

/** How a program in a sandbox ended, and what it had to say. */
export interface RunResult {
  /** What it passed to exit(3), or 128 and the signal that ended it. */
  readonly exitCode: number
  /** The signal that ended it. */
  readonly exitSignal: number | undefined
  /** The limit of the policy that ended it. */
  readonly limit: LimitKind | undefined
  /** Its output. */
  readonly stdout: Buffer
  /** Its complaints. */
  readonly stderr: Buffer
  /** Whether there was more than `limit` of either. */
  readonly truncated: boolean
  /** Seconds of the processor that it took, with all that it started. */
  readonly processorTime: number
  /** What the sandbox stood on. */
  readonly foundation: Foundation
  /** Of whom `limits.memory` counted memory; nothing without that limit. */
  readonly memoryScope: MemoryScope | undefined
  /** What the program asked for and did not get, each thing once, and what of a policy would allow it. */
  readonly refused: readonly RefusedRequest[]
}

declare module './generated/guest.js' {
  interface Guest {
    /** At the end of an `await using` block: closes the streams, ends all that is in the sandbox, and waits. */
    [Symbol.asyncDispose] (): Promise<void>
  }
}

Object.defineProperty(Guest.prototype, Symbol.asyncDispose, {
  configurable: true,
  writable: true,
  async value (this: Guest & Partial<Streams>): Promise<void> {
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream?.[Symbol.dispose]()
    end(this)
    await uncancelable(() => this.wait())
  }
})

/** Ends all that is in the sandbox of a guest. */
export function end (guest: Guest): void {
  if (guest.pid === undefined) return
  try {
    guest.kill(SIGKILL)
  } catch {
    // It ended meanwhile.
  }
}

/** What may be done, by programs and actors of any kind. */
export class Sandbox extends CoreSandbox {
  /**
   * Makes a sandbox, in which nothing runs yet.
   *
   * @param policy - what may be done; nothing but to compute, if left out
   * @throws SandboxUnavailable when this system cannot enforce the policy; EmiluaError EINVAL for a policy that
   * contradicts itself
   */
  constructor (policy?: Policy) {
    try {
      super(policy)
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  /**
   * Starts a program in the sandbox. When the promise resolves, it runs.
   *
   * @param opts - what runs, and with what: nothing that is not named
   * @throws SandboxUnavailable; EmiluaError ENOENT or EACCES for the program, and for a path of the policy that is not
   * there
   */
  override spawn<
    const In extends StandardStreamOption = undefined,
    const Out extends StandardStreamOption = undefined,
    const Err extends StandardStreamOption = undefined
  > (opts: GuestOptions<In, Out, Err>, options?: OperationOptions): Promise<SpawnedGuest<In, Out, Err>> {
    return composed(start<In, Out, Err>(this, opts, options))
  }

  /**
   * What `spawnVm` of `@emilua/runtime` takes, to start an actor in the sandbox:
   *
   * `const guest = await spawnVm(sandbox.context(new URL('./guest.lua', import.meta.url)))`
   *
   * The actor has an inbox and nothing else, and ends as the program does that starts it; what a limit ended says so in
   * `closed` of its channel.
   *
   * A program in Lua is read here, because there it need not be there; what it requires has to be among the paths of the
   * policy, or be a module of Emilua. One in TypeScript or JavaScript runs on Node: the executable of this process and its
   * libraries, Emilua's packages, and what is compiled of the program and its imports by path can be read there, without
   * being in the policy. Packages, JSON and CommonJS that it imports have to be in it. A limit of memory is one of what a
   * process has to write to (RLIMIT_DATA), not of addresses, and Node takes some 100 MiB before the program has any; the
   * 512 that Node reserves for code from version 24 on come on top, and where there is a control group it counts what is
   * used of them.
   *
   * @param module - path of a program, from the folder of the main module, or its URL
   * @throws ENOENT, and what else reading a file does
   */
  context (module: string | URL): SandboxContext {
    const path = module instanceof URL ? fileURLToPath(module) : resolve(dirname(process.argv[1] ?? '.'), module)
    const source = readFileSync(path, 'utf8')
    if (/\.[cm]?[jt]s$|\.[jt]sx$/.test(path)) return { module: pathToFileURL(path), subprocess: { sandbox: this } }
    const tree = path.split('/').slice(1).reduceRight<SourceTree | string>((rest, part) => ({ [part]: rest }), source)
    return { module: pathToFileURL(path), subprocess: { sandbox: this, sourceTreeCache: tree as SourceTree } }
  }

  /**
   * Waits until the actors that were started in the sandbox are confined: before, they run nothing of their programs.
   *
   * @throws SandboxUnavailable for what could not be enforced; EmiluaError ECHILD for an actor that ended before
   */
  override handshake (options?: OperationOptions): Promise<void> {
    return composed(super.handshake(options).catch((error: unknown) => { throw asUnavailable(error) }))
  }

  /**
   * Runs a program in the sandbox until it has ended, and all that it started with it.
   *
   * A program that fails is no error: see `exitCode` and `limit`. When the calling fiber is canceled, `signal` is
   * aborted or anything else fails, everything in the sandbox is ended first.
   *
   * @throws as {@link Sandbox.spawn} does; the reason of `signal`
   */
  run (opts: RunOptions): Promise<RunResult> {
    return composed(runToEnd(this, opts))
  }
}

/** `opts` in the words of the core; not by a spread with changes, of which the engine makes a new class every time. */
function forCore (opts: object, pipes: Pipes): CoreOptions {
  const all: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(opts) as [keyof GuestOptions, StandardStreamOption][]) {
    all[name] = name === 'stdin' || name === 'stdout' || name === 'stderr' ? pipes.end(name, value) : value
  }
  return all as unknown as CoreOptions
}

/** As {@link Sandbox.spawn}, for who waits for it at once. */
export function start<In extends StandardStreamOption, Out extends StandardStreamOption, Err extends StandardStreamOption> (
  box: Sandbox, opts: GuestOptions<In, Out, Err>, options: OperationOptions | undefined
): Promise<SpawnedGuest<In, Out, Err>> {
  return launch(box, opts, new Pipes(), options)
}

/** {@link start} with the pipes that it makes. */
async function launch<In extends StandardStreamOption, Out extends StandardStreamOption, Err extends StandardStreamOption> (
  box: Sandbox, opts: GuestOptions<In, Out, Err>, pipes: Pipes, options: OperationOptions | undefined
): Promise<SpawnedGuest<In, Out, Err>> {
  if (typeof opts !== 'object' || opts === null || Array.isArray(opts)) throw invalidArgument('opts', "Expected an object such as { program: 'ls', arguments: ['ls', '-l'] }", opts)
  checkVariables(opts.environment)
  try {
    const guest = await CoreSandbox.prototype.spawn.call(box, forCore(opts, pipes), options)
    pipes.attach(guest)
    return guest as SpawnedGuest<In, Out, Err>
  } catch (error) {
    pipes.closeOurs()
    throw asUnavailable(error)
  } finally {
    pipes.closeTheirs()
  }
}

/** What says which program runs. */
export const programFields = ['program', 'arguments', 'environment', 'workingDirectory'] satisfies (keyof GuestOptions)[]

async function runToEnd (box: Sandbox, opts: RunOptions): Promise<RunResult> {
  if (typeof opts !== 'object' || opts === null || Array.isArray(opts)) throw invalidArgument('opts', "Expected an object such as { program: 'ls', arguments: ['ls', '-l'] }", opts)
  const { input, limit = 1024 * 1024, signal, ...rest } = opts
  checkConversation(opts)
  for (const name of ['stdin', 'stdout', 'stderr'] as const) {
    const given = (rest as GuestOptions)[name]
    if (given !== undefined) throw invalidArgument(`opts.${name}`, 'Expected nothing: `run` has pipes of its own', given)
  }
  checkFields('opts', rest, [...programFields, 'input', 'limit', 'signal'])
  signal?.throwIfAborted()
  const pipes = new Pipes()
  const own: GuestOptions<StandardStreamOption, 'pipe', 'pipe'> = rest
  if (input !== undefined) own.stdin = 'pipe'
  own.stdout = own.stderr = 'pipe'
  const starting = launch(box, own, pipes, undefined)
  // While it starts, there is time to begin. Masked: it ends with the guest, and who waits for that is told of a cancellation.
  const listener = uncancelable(() => new Listener(pipes.streams, limit))
  let guest: SpawnedGuest<StandardStreamOption, 'pipe', 'pipe'> | undefined
  const stop = (): void => { if (guest !== undefined) end(guest) }
  try {
    guest = await starting
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
    const { stdout, stderr, truncated } = await converse(guest, listener, { input, signal })
    signal?.throwIfAborted()
    return {
      exitCode: guest.exitCode,
      exitSignal: guest.exitSignal,
      limit: guest.limit,
      stdout: asBuffer(stdout),
      stderr: asBuffer(stderr),
      truncated,
      processorTime: guest.processorTime,
      foundation: guest.foundation,
      memoryScope: guest.memoryScope,
      refused: guest.refused
    }
  } catch (error) {
    listener.stop()
    await guest?.[Symbol.asyncDispose]()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

export function asBuffer (bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
