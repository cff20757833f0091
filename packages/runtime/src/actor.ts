// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkFields, checkOptions, EmiluaError, invalidArgument, showCaller } from '@emilua/native'
import type { ActorEnd } from './actor-end.js'
import { publishActor, type ActorSpawn } from './actor-events.js'
import { spawnGuest } from './actor-guest.js'
import { runsOnNode, startWorker } from './actor-worker.js'
import { spawnProcess, type ActorContext, type RemoteChannel, type SubprocessOptions } from './remote-channel.js'
import { composed, withoutFiber } from '@emilua/native/fiber'
import { Hold, NativeObject, type NativeValue, adopt, handleOf, natives, notConstructible, operate0, operate1, operate2, register, type OperationOptions } from '@emilua/native'

const native = natives('actor')

/**
 * What can be sent. All of it is copied, deeply, when it is sent:
 *
 * | here | in Lua | when it comes back |
 * |---|---|---|
 * | `undefined`, `null` | nil | `undefined`; a field that was `null` is `null` where no Lua was on the way |
 * | boolean | boolean | the same |
 * | number | number | the same |
 * | bigint of 64 bits | `int64_t` | bigint |
 * | string | string, UTF-8 | the same |
 * | `Uint8Array`, and what extends it, such as `Buffer` | `byte_span` | `Uint8Array` |
 * | array | list from 1 | array |
 * | plain object: a literal of any realm, or one without prototype | table | object |
 * | value, such as `Address` | the same | the same |
 * | object that moves, such as a socket | the same; unusable here from now on | the same |
 *
 * What Lua has in several places of a message, a table in two fields, is one object here as well. An object that
 * JavaScript has in two places arrives twice. `Uint8Array`s of 64 KiB and more are handed over to JavaScript without a
 * second copy.
 *
 * A field that is `undefined` is not there. A Lua table holds no nil, so what is `null` is not there either: `{ a: null }`
 * arrives as `{}`, and as `{ a: null }` in TypeScript. In an array it is a hole, which ends what `#` and `ipairs` of Lua see, and `[1, null]` is `[1]`. A table without fields is list and record alike: `[]`
 * is an empty table in Lua and comes back as `{}`. Symbols as keys and properties that are not enumerable stay behind,
 * as with `structuredClone`, and getters are read. Text of Lua that is no UTF-8 arrives with replacement characters:
 * send a `byte_span`.
 *
 * Whatever would arrive as less than it is gets refused by name, wherever it is inside: instances of any other class
 * (`Date`, `Map`, `Set`, `Error`, `URL`, `RegExp`, promises, typed arrays of another kind, `ArrayBuffer`, classes of
 * one's own), functions, symbols, objects inside of themselves, arrays with keys beside their indices, and text with
 * half of a surrogate pair.
 */
export type Message =
  | undefined | null | boolean | number | bigint | string | Uint8Array
  | readonly Message[] | { readonly [key: string]: Message }
  | NativeMessage

/**
 * Objects of the native core that can be sent: values such as addresses of `@emilua/ip`, and those whose description
 * says that they move or are copied, such as channels, the inbox, sockets and descriptors. The others are refused.
 */
export type NativeMessage = NativeObject | NativeValue

/** What may be given where a message of type `T` is to arrive: an inbox arrives as a channel. */
export type Sendable<T> =
  [Message] extends [T] ? T
    : T extends Channel<infer M> ? Channel<M> | Inbox
      : T extends NativeMessage | Uint8Array ? T
        : T extends object ? { [K in keyof T]: Sendable<T[K]> } : T

/** The address of an actor: where messages to it go in. */
export class Channel<T = Message> extends NativeObject {
  // A channel takes what it was made for and nothing narrower.
  declare protected readonly accepts: (message: T) => void
  #isOpen = true

  /** @internal channels come from {@link spawnVm} and from messages */
  constructor () {
    super(adopt() ?? notConstructible('Channel'))
  }

  /**
   * Sends a copy of `message` and does not wait for anybody to take it. Messages of one sender keep their order.
   *
   * Throws `CHANNEL_CLOSED` (category `emilua`) once the channel, or the inbox at its other end, is known to be
   * closed; `EAGAIN` when its inbox has a limit and is full; `EINVAL` for what is not a {@link Message}, with its path and class, and what to send instead:
   * `message.when: a Date cannot be sent; send its getTime()`; `EBUSY` for an object that moves and is in use.
   */
  send (message: Sendable<T>): void {
    native['channel.send']!(handleOf(this), message)
  }

  /** Gives up the right to send. The actor's inbox stays open for others; idempotent. */
  close (): void {
    native['channel.close']!(handleOf(this))
    this.closedHere()
  }

  protected closedHere (): void {
    this.#isOpen = false
  }

  /** Whether `other` is an address of the same inbox, wherever it came from. */
  equals (other: unknown): boolean {
    return other instanceof Channel && !(other instanceof BoundedChannel) && native['channel.__eq']!(handleOf(this), other) as boolean
  }

  /** For `console.log`: whether it was closed here, but not {@link closed}, which would begin to wait. */
  [Symbol.for('nodejs.util.inspect.custom')] (): string {
    return `${this instanceof BoundedChannel ? 'Bounded' : ''}Channel { isOpen: ${#isOpen in this && this.#isOpen} }`
  }

  /**
   * Settles when the actor ended, which is not when the channel is closed. Whoever asks, before or after, has seen it: a
   * failure does not make the exit status 1 then.
   */
  get closed (): Promise<ActorEnd> {
    return composed(this.end().then(reason => ({ reason })))
  }

  /** @internal the reason in {@link closed}, where the process does not always stay alive for it */
  end (options?: OperationOptions): Promise<string> {
    return operate0<string>(native['channel.closed']!, handleOf(this), options)
  }

  /** @internal how the actor ended, for who only looks on: its failure stays unseen */
  ended (options?: OperationOptions): Promise<string> {
    return operate0<string>(native['channel.ended']!, handleOf(this), options)
  }

  /**
   * Has the inbox of this program get a message when the actor ends: `{ ended: tag, reason }`, with the reason as in
   * {@link Channel.closed}. At once if it has ended. It counts as having asked for that.
   *
   * @param tag - what tells which actor it was; copied
   */
  watch (tag?: Message): void {
    native['channel.watch']!(handleOf(this), tag)
  }

  /**
   * Asks: sends a copy of `message` with a field `reply`, a channel for one answer, and waits for what is sent there.
   * That channel dies with the wait: who answers too late gets `CHANNEL_CLOSED`.
   *
   * Rejects with `ETIMEDOUT` when the time is over, with `CHANNEL_CLOSED` when nobody is left who could answer (the
   * actor has ended, or dropped the channel), and as {@link Channel.send} throws.
   *
   * @param seconds - how long to wait; `Infinity` for ever
   */
  call<R = Message> (message: Sendable<Omit<T, 'reply'>>, seconds: number, options?: OperationOptions): Promise<R> {
    return operate2<R>(native['channel.call']!, handleOf(this), options, message, seconds)
  }

  [Symbol.dispose] (): void {
    this.close()
  }
}

/**
 * The address of an actor with a limit to its inbox, where senders wait while that is full: what {@link spawnVm} gives for
 * `inbox: { limit, full: 'wait' }`, and what messages carry then.
 */
export class BoundedChannel<T = Message> extends Channel<T> {
  /**
   * Sends a copy of `message`, and waits while the inbox is full; those that wait get in as they came. Messages of one
   * sender keep their order.
   *
   * Rejects as {@link Channel.send} throws, with `CHANNEL_CLOSED` also where the actor ends meanwhile. Canceled, it has
   * sent nothing, and objects that were to move are usable again.
   */
  override send (message: Sendable<T>, options?: OperationOptions): Promise<void> {
    return operate1<undefined>(native['bounded_channel.send']!, handleOf(this), options, message)
  }

  /** As that of {@link Channel}; what waits for room goes in nevertheless. */
  override close (): void {
    native['bounded_channel.close']!(handleOf(this))
    this.closedHere()
  }

  override equals (other: unknown): boolean {
    return other instanceof BoundedChannel && native['bounded_channel.__eq']!(handleOf(this), other) as boolean
  }

  /** @internal */
  override end (options?: OperationOptions): Promise<string> {
    return operate0<string>(native['bounded_channel.closed']!, handleOf(this), options)
  }

  /** @internal */
  override ended (options?: OperationOptions): Promise<string> {
    return operate0<string>(native['bounded_channel.ended']!, handleOf(this), options)
  }

  override watch (tag?: Message): void {
    native['bounded_channel.watch']!(handleOf(this), tag)
  }

  /** As that of {@link Channel}; the time for a question that has to wait for room counts, too. */
  override call<R = Message> (message: Sendable<Omit<T, 'reply'>>, seconds: number, options?: OperationOptions): Promise<R> {
    return operate2<R>(native['bounded_channel.call']!, handleOf(this), options, message, seconds)
  }
}

/** Where the messages to this program come out. Sent in a message it becomes a {@link Channel} to this program. */
export class Inbox extends NativeObject {
  #isOpen = true

  /** @internal there is one inbox: {@link inbox} */
  constructor () {
    super(adopt() ?? notConstructible('Inbox'))
  }

  /**
   * The next message; waits for it. One receiver at a time: `EBUSY`.
   *
   * It does not end when an actor does: whoever waits for the answer of one waits for {@link Channel.closed}, too. The
   * program stays for it while somebody can send.
   *
   * Rejects with `CHANNEL_CLOSED` (category `emilua`) once the inbox is closed, and when nothing else keeps the program
   * and nobody can send to it, or all that can wait as well.
   */
  receive<T = Message> (options?: OperationOptions): Promise<T> {
    return operate0<T>(native['inbox.receive']!, handleOf(this), options)
  }

  /** Closes the inbox for good and drops what was not received; idempotent. */
  close (): void {
    native['inbox.close']!(handleOf(this))
    this.#isOpen = false
  }

  /** For `console.log`: whether the program has closed it. */
  [Symbol.for('nodejs.util.inspect.custom')] (): string {
    return `Inbox { isOpen: ${#isOpen in this && this.#isOpen} }`
  }

  /** The messages until nobody can send any more, or the inbox is closed. */
  [Symbol.asyncIterator] (): AsyncGenerator<Message, void, undefined> {
    return this.messages()
  }

  /** The same, where it is known what they are: `for await (const job of inbox.messages<Job>())`. */
  async * messages<T = Message> (options?: OperationOptions): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let message: T
      try {
        message = await this.receive<T>(options)
      } catch (error) {
        if (isClosed(error)) return
        throw error
      }
      yield message
    }
  }
}

register('actor', 'channel', Channel)
register('actor', 'bounded_channel', BoundedChannel)
register('actor', 'inbox', Inbox)

/** The inbox of this program: of the main thread, or of the worker that calls. */
export const inbox = native['own_inbox']!() as Inbox

/** An inbox with a limit. */
export interface InboxOptions {
  /** How many messages may lie there, 1 or more. */
  limit: number
  /**
   * What sending does then. `'wait'`, the default: the address is a {@link BoundedChannel}, whose `send` waits for room.
   * `'fail'`: `send` throws `EAGAIN`.
   */
  full?: 'wait' | 'fail'
}

/** How {@link spawnVm} starts an actor. */
export interface SpawnVmOptions {
  /**
   * For Lua. `true`, the default: on the native thread that Lua actors of this process share. `false`: on a thread of
   * its own, for what computes long or blocks. JavaScript and TypeScript always run on a thread of their own.
   */
  inheritContext?: boolean
  /** How many messages may wait in its inbox; as many as are sent, without it. */
  inbox?: InboxOptions
  /** Starts a Lua program in a process of its own, with this and nothing else. It ends with this program. */
  subprocess?: SubprocessOptions
}

/**
 * Starts a program as an actor whose inbox has a limit, and where senders wait for room.
 *
 * @param module - as without a limit
 * @returns the channel to its inbox, which messages carry as a {@link BoundedChannel}, too
 */
export async function spawnVm<T = Message> (module: string | URL, options: SpawnVmOptions & { subprocess?: never, inbox: InboxOptions & { full?: 'wait' } }): Promise<BoundedChannel<T>>
/**
 * Starts a program as an actor: a VM of its own on a native thread, that shares nothing with this program. A module of
 * JavaScript or TypeScript becomes a worker of `worker_threads`, whose `inbox` has what is sent here. It is loaded as
 * this program is: by the command `emilua`, or by Node, which runs TypeScript from version 22.18; an older one takes the
 * package `@emilua/cli` for it, if that is installed.
 *
 * This program stays until its actors have ended. When nothing else keeps it alive, after `beforeExit`, its inbox and
 * its channels are closed, so that those end that only wait for messages. An actor that fails is reported on stderr, and the
 * exit status is 1 unless the program sets one or asks {@link Channel.closed}. A program for Node fails with an uncaught
 * exception, and with a status other than 0.
 *
 * @param module - the program's file, or the directory of its `init.lua`. A string is a path, relative to the folder
 *   of the program that this process, or this worker, runs.
 * @returns the channel to its inbox. Rejects with `MODULE_NOT_FOUND` when there is no such file; what fails later,
 *   a syntax error for one, is the reason in {@link Channel.closed}. `EINVAL` for an option that does not exist.
 */
export async function spawnVm<T = Message> (module: string | URL, options?: SpawnVmOptions & { subprocess?: never }): Promise<Channel<T>>
/**
 * Starts a program as an actor in a process of its own, which has an inbox and nothing else of this one. It ends with
 * this program. See the guide "Sandboxes". A module of JavaScript or TypeScript runs on Node, in a sandbox: see
 * `Sandbox.context` of `@emilua/sandbox`.
 *
 * @param module - the program's file; one in Lua as the new process sees files
 * @returns the channel to its inbox. Rejects with `EPERM` or `ENOSPC` where the system refuses namespaces, and with
 *   `EINVAL` for options that are none; what fails later is the reason in {@link RemoteChannel.closed}.
 */
export async function spawnVm<T = Message> (module: string | URL, options: SpawnVmOptions & { subprocess: SubprocessOptions }): Promise<RemoteChannel<T>>
/**
 * Starts what {@link ActorContext} says, as an actor in a process of its own.
 *
 * @param context - of `Sandbox.context` of `@emilua/sandbox`, for one
 * @returns as for a module that is given with `subprocess`
 */
export async function spawnVm<T = Message> (context: ActorContext): Promise<RemoteChannel<T>>
export async function spawnVm<T = Message> (program: string | URL | ActorContext, more: SpawnVmOptions = {}): Promise<Channel<T> | RemoteChannel<T>> {
  const { module, options } = isContext(program) ? { module: program.module, options: { ...more, subprocess: program.subprocess } } : { module: program, options: more }
  checkProgram(module, options)
  const path = module instanceof URL ? fileURLToPath(module) : resolve(dirname(process.argv[1] ?? '.'), module)
  if (options.subprocess !== undefined) {
    const remote = runsOnNode(path) ? await spawnGuest<T>(path, options.subprocess) : spawnProcess<T>(path, options.subprocess)
    publish(remote, path, 'process')
    return remote
  }
  const inbox = { limit: options.inbox?.limit ?? 0, waits: options.inbox?.full !== 'fail' }
  if (runsOnNode(path) && existsSync(path)) {
    if (options.inheritContext === true) throw invalidArgument('options.inheritContext', 'Expected false, because JavaScript runs on a thread of its own', true)
    return publish(await startWorker(path, inbox) as Channel<T>, path, 'worker')
  }
  const init = join(path, 'init.lua')
  const file = isFolder(path) && !existsSync(init) ? init : path
  try {
    return publish(native['spawn']!(file, options.inheritContext === false, inbox.limit, inbox.waits) as Channel<T>, file, 'lua')
  } catch (error) {
    throw notFound(error, file)
  }
}

function isFolder (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function publish<C extends { ended (options: OperationOptions): Promise<string> }> (channel: C, program: string, kind: ActorSpawn['kind']): C {
  publishActor({ program, kind }, () => withoutFiber(() => {
    const hold = new Hold()
    hold.unref()
    return channel.ended({ hold })
  }))
  return channel
}

/** Says of a module that is not there where it was looked for. */
function notFound (error: unknown, path: string): unknown {
  if (!(error instanceof EmiluaError) || error.code !== 'MODULE_NOT_FOUND') return error
  const meant = existsSync(`${path}.lua`) ? ` (is ${basename(path)}.lua meant?)` : ''
  error.message += `: ${path}${meant}`
  return showCaller(error, notFound)
}

function isClosed (error: unknown): boolean {
  return error instanceof EmiluaError && error.code === 'CHANNEL_CLOSED'
}

function isContext (program: unknown): program is ActorContext {
  return typeof program === 'object' && program !== null && 'module' in program && 'subprocess' in program
}

function checkProgram (module: unknown, options: unknown): void {
  if (typeof module !== 'string' && !(module instanceof URL)) throw invalidArgument('module', 'Expected a string or a URL', module)
  if (typeof module === 'string' && module.startsWith('file:')) throw invalidArgument('module', 'Expected a path or a URL object, not the text of a URL', module)
  checkOptions(options, ['inheritContext', 'inbox', 'subprocess'])
  const { inheritContext, inbox, subprocess } = options as SpawnVmOptions
  if (inheritContext !== undefined && typeof inheritContext !== 'boolean') throw invalidArgument('options.inheritContext', 'Expected a boolean', inheritContext)
  if (inbox !== undefined) checkInbox(inbox, subprocess !== undefined)
}

function checkInbox (inbox: unknown, elsewhere: boolean): void {
  if (typeof inbox !== 'object' || inbox === null) throw invalidArgument('options.inbox', 'Expected an object', inbox)
  if (elsewhere) throw invalidArgument('options.inbox', 'Expected nothing, because the inbox of another process holds what a socket does, and `send` waits', inbox)
  checkFields('options.inbox', inbox, ['limit', 'full'])
  const { limit, full } = inbox as Partial<InboxOptions>
  if (!Number.isSafeInteger(limit) || limit! < 1 || limit! > 2 ** 31 - 1) throw invalidArgument('options.inbox.limit', 'Expected an integer from 1 to 2147483647', limit)
  if (full !== undefined && full !== 'wait' && full !== 'fail') throw invalidArgument('options.inbox.full', "Expected 'wait' or 'fail'", full)
}
