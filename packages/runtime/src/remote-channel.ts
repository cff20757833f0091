// SPDX-License-Identifier: MIT OR BSL-1.0
import { Hold, NativeObject, adopt, checkOptions, handleOf, invalidArgument, natives, notConstructible, operate0, operate1, register, type NativeValue, type OperationOptions } from '@emilua/native'
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
  #killed = false

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
    this.#killed ||= signo === undefined
  }

  /**
   * The number of the actor's process. When that has ended, it may be another one's. Throws `ECHILD` for an actor that
   * another one has started.
   */
  get childPid (): number {
    return native['remote_channel.child_pid']!(handleOf(this)) as number
  }

  /**
   * Settles when the actor's process has ended: `"ended"`, `"exited with status 1"`, `"killed by signal 9"`; or `"killed"`
   * after {@link RemoteChannel.kill} of this object, also where the actor was about to end by itself. Rejects with
   * `ECHILD` for an actor that another one has started.
   */
  get closed (): Promise<ActorEnd> {
    return composed(this.#end().then(reason => ({ reason })))
  }

  /** @internal the reason, which does not keep the program */
  endUnheld (): Promise<string> {
    const hold = new Hold()
    hold.unref()
    return this.#end({ hold })
  }

  async #end (options?: OperationOptions): Promise<string> {
    const reason = await operate0<string>(native['remote_channel.closed']!, handleOf(this), options)
    return this.#killed && (reason === 'killed by signal 9' || reason === 'ended') ? 'killed' : reason
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
