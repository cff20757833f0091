// SPDX-License-Identifier: MIT OR BSL-1.0
import { NativeObject, adopt, checkOptions, handleOf, invalidArgument, natives, notConstructible, operate0, operate1, operate2, register, type NativeValue, type OperationOptions } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import type { ActorEnd } from './actor-end.js'

const native = natives('actor')

/** What an actor in another process can be sent. */
export type RemoteMessage = boolean | number | string | NativeObject | { readonly [key: string]: RemoteMessage | null }

/** What may be given where a message of type `T` is to arrive: any object of the core where one is. */
export type SentRemotely<T> = T extends NativeObject ? NativeObject
  : T extends object ? { [K in keyof T]: SentRemotely<T[K]> } : T

/**
 * The address of an actor in another process. A message there is a boolean, number, string, `FileDescriptor`, channel or
 * inbox, or an object of at most 25 of them, or of `null`, which a Lua program does not see; strings and names have up to
 * 255 bytes.
 */
export class RemoteChannel<T = RemoteMessage> extends NativeObject {
  // A channel takes what it was made for and nothing narrower.
  declare protected readonly accepts: (message: T) => void
  #isOpen = true

  /** @internal channels come from spawnVm and from messages */
  constructor () {
    super(adopt() ?? notConstructible('RemoteChannel'))
  }

  /**
   * Sends a copy of `message`, and waits only while the actor has not taken the ones before. Messages of one sender keep
   * their order.
   *
   * Rejects with `CHANNEL_CLOSED` (category `emilua`) once the inbox at its other end is closed, and with `EINVAL` for
   * what no other process can be sent.
   */
  send (message: SentRemotely<T>, options?: OperationOptions): Promise<void> {
    return operate1<undefined>(native['remote_channel.send']!, handleOf(this), options, message)
  }

  /** Gives up the right to send. The actor's inbox stays open for others; idempotent. */
  close (): void {
    native['remote_channel.close']!(handleOf(this))
    this.#isOpen = false
  }

  /** Lets the actor outlive this program. Throws `ECHILD` for an actor that another one has started. */
  detach (): void {
    native['remote_channel.detach']!(handleOf(this))
  }

  /**
   * Sends a signal to the actor's process, `SIGKILL` without one, which also closes the channel. Throws `ECHILD` for an
   * actor that another one has started, and `ESRCH` when it has ended, but not for `SIGKILL`.
   *
   * @param signo - a number of signal(7)
   */
  kill (signo?: number): void {
    native['remote_channel.kill']!(handleOf(this), signo)
  }

  /**
   * The number of the actor's process. When that has ended, it may be another one's. Throws `ECHILD` for an actor that
   * another one has started.
   */
  get childPid (): number {
    return native['remote_channel.child_pid']!(handleOf(this)) as number
  }

  /**
   * Settles when the actor's process has ended: with `"ended"`; with what its program failed with, as in
   * {@link Channel.closed}; with `"exited with status 3"`, `"killed by signal 9"`; or with `"killed"` after
   * {@link RemoteChannel.kill} without a signal, also where the actor was about to end by itself. Whoever asks, before or
   * after, has seen it: a failure does not make the exit status 1 then. Rejects with `ECHILD` for an actor that another
   * one has started.
   */
  get closed (): Promise<ActorEnd> {
    return composed(this.end().then(reason => ({ reason })))
  }

  /** @internal the reason in {@link closed}, where the process does not always stay alive for it */
  end (options?: OperationOptions): Promise<string> {
    return operate0<string>(native['remote_channel.closed']!, handleOf(this), options)
  }

  /** @internal how the actor ended, for who only looks on: its failure stays unseen */
  ended (options?: OperationOptions): Promise<string> {
    return operate0<string>(native['remote_channel.ended']!, handleOf(this), options)
  }

  /**
   * Has the inbox of this program get a message when the actor's process has ended: `{ ended: tag, reason }`, with the
   * reason as in {@link RemoteChannel.closed}. At once if it has ended. It counts as having asked for that. Throws
   * `ECHILD` for an actor that another one has started.
   *
   * @param tag - what tells which actor it was; copied
   */
  watch (tag?: RemoteMessage): void {
    native['remote_channel.watch']!(handleOf(this), tag)
  }

  /**
   * Asks: sends a copy of `message` with a field `reply`, a channel for one answer, and waits for what is sent there.
   * That channel dies with the wait: who answers too late gets `CHANNEL_CLOSED`.
   *
   * Rejects with `ETIMEDOUT` when the time is over, with `CHANNEL_CLOSED` when nobody is left who could answer (the
   * actor has ended, or dropped the channel), and as {@link RemoteChannel.send} does.
   *
   * @param seconds - how long to wait; `Infinity` for ever
   */
  call<R = RemoteMessage> (message: SentRemotely<Omit<T, 'reply'>>, seconds: number, options?: OperationOptions): Promise<R> {
    return operate2<R>(native['remote_channel.call']!, handleOf(this), options, message, seconds)
  }

  /** Whether `other` is the same capability, wherever it came from. */
  equals (other: unknown): boolean {
    return other instanceof RemoteChannel && native['remote_channel.__eq']!(handleOf(this), other) as boolean
  }

  /** For `console.log`: whether it was closed here. */
  [Symbol.for('nodejs.util.inspect.custom')] (): string {
    return `RemoteChannel { isOpen: ${#isOpen in this && this.#isOpen} }`
  }

  [Symbol.dispose] (): void {
    this.close()
  }
}

register('actor', 'remote_channel', RemoteChannel)

/** Sources of Lua by the parts of their paths: `{ app: { 'init.lua': '…' } }` is `/app/init.lua`. */
export interface SourceTree { readonly [part: string]: string | SourceTree }

/** What the process of an actor is like; what is not here it has not. See the guide "Sandboxes". */
export interface SubprocessOptions {
  /** New namespaces. Who is not root needs that of users with the others. */
  newnsUser?: boolean
  newnsMount?: boolean
  newnsPid?: boolean
  newnsNet?: boolean
  newnsIpc?: boolean
  newnsUts?: boolean
  /** Its environment, and nothing else. */
  environment?: Readonly<Record<string, string>>
  /** Standard input: this process's, or a `FileDescriptor`. Without it, it has ended. */
  stdin?: 'share' | NativeObject | NativeValue
  /** Standard output. Without it, nobody reads it. */
  stdout?: 'share' | NativeObject | NativeValue
  /** Standard error. Without it, nobody reads it. */
  stderr?: 'share' | NativeObject | NativeValue
  /** A script that runs first, and the descriptor that it knows as `arg`. See the guide "init.script". */
  init?: { script: string, arg?: NativeObject | NativeValue }
  /** Sources that are looked at before files. */
  sourceTreeCache?: SourceTree
  /** The slave of `@emilua/libc-service` that its calls of libc go through; it is handed on. */
  libcService?: NativeObject
  /** What it is confined to, instead of by namespaces and a script: see `Sandbox.context` of `@emilua/sandbox`. */
  sandbox?: NativeObject
}

/** A program, and the process that it is to run in: what {@link spawnVm} takes instead of a path. */
export interface ActorContext {
  readonly module: string | URL
  readonly subprocess: SubprocessOptions
}

/** Starts the Lua program at `path` in a process of its own; without one, the process ends after its script. */
export function spawnProcess<T> (path: string | undefined, subprocess: SubprocessOptions): RemoteChannel<T> {
  checkOptions(subprocess, ['newnsUser', 'newnsMount', 'newnsPid', 'newnsNet', 'newnsIpc', 'newnsUts', 'environment', 'stdin', 'stdout', 'stderr', 'init', 'sourceTreeCache', 'libcService', 'sandbox'])
  if (typeof subprocess !== 'object') throw invalidArgument('options.subprocess', 'Expected an object', subprocess)
  return native['spawn_process']!(subprocess, path) as RemoteChannel<T>
}
