// SPDX-License-Identifier: MIT OR BSL-1.0
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EmiluaError, invalidArgument } from '@emilua/native'
import { NativeObject, adopt, handleOf, natives, notConstructible, operate0, register, type OperationOptions } from '@emilua/native'

const native = natives('actor')

/** What can be sent: copied deeply when it is, but for addresses, which stay what they are. */
export type Message =
  | undefined | null | boolean | number | string | Uint8Array
  | readonly Message[] | { readonly [key: string]: Message }
  | NativeMessage

/** Objects that can be sent: channels, the inbox, and values such as addresses of `@emilua/ip`. */
export type NativeMessage = object

/** How an actor ended. */
export interface ActorEnd {
  /** `"ended"`, or what it failed with. */
  readonly reason: string
}

/** The address of an actor: where messages to it go in. */
export class Channel<T = Message> extends NativeObject {
  // A channel takes what it was made for and nothing narrower.
  declare protected readonly accepts: (message: T) => void

  /** @internal channels come from {@link spawnVm} and from messages */
  constructor () {
    super(adopt() ?? notConstructible('Channel'))
  }

  /**
   * Sends a copy of `message` and does not wait for anybody to take it. Messages of one sender keep their order.
   *
   * Throws `CHANNEL_CLOSED` (category `emilua`) once the channel, or the inbox at its other end, is known to be
   * closed, and `EINVAL` for `message` when something in it cannot be copied.
   */
  send (message: T): void {
    native['channel.send']!(handleOf(this), message)
  }

  /** Gives up the right to send. The actor's inbox stays open for others; idempotent. */
  close (): void {
    native['channel.close']!(handleOf(this))
  }

  /** Settles when the actor ended, which is not when the channel is closed. */
  get closed (): Promise<ActorEnd> {
    return operate0<string>(native['channel.closed']!, handleOf(this), undefined).then(reason => ({ reason }))
  }

  [Symbol.dispose] (): void {
    this.close()
  }
}

/** Where the messages to this program come out. Sent in a message it becomes a {@link Channel} to this program. */
export class Inbox extends NativeObject {
  /** @internal there is one inbox: {@link inbox} */
  constructor () {
    super(adopt() ?? notConstructible('Inbox'))
  }

  /**
   * The next message; waits for it. One receiver at a time: `EBUSY`.
   *
   * Rejects with `CHANNEL_CLOSED` (category `emilua`) once the inbox is closed.
   */
  receive<T = Message> (options?: OperationOptions): Promise<T> {
    return operate0<T>(native['inbox.receive']!, handleOf(this), options)
  }

  /** Closes the inbox for good and drops what was not received; idempotent. */
  close (): void {
    native['inbox.close']!(handleOf(this))
  }

  /** The messages until the inbox is closed. */
  async * [Symbol.asyncIterator] (): AsyncGenerator<Message, void, undefined> {
    for (;;) {
      let message: Message
      try {
        message = await this.receive()
      } catch (error) {
        if (isClosed(error)) return
        throw error
      }
      yield message
    }
  }
}

register('actor', 'channel', Channel)
register('actor', 'inbox', Inbox)

/** The inbox of this program: of the main thread, or of the worker that calls. */
export const inbox = native['own_inbox']!() as Inbox

/** How {@link spawnVm} starts an actor. */
export interface SpawnVmOptions {
  /**
   * `true`, the default: on the native thread that Lua actors of this process share. `false`: on a thread of its own,
   * for what computes long or blocks.
   */
  inheritContext?: boolean
}

/**
 * Starts a Lua program as an actor: a VM of its own on a native thread, that shares nothing with this program.
 *
 * @param module - the program's file, or the directory of its `init.lua`. A string is a path, relative to the folder
 *   of the program that this process runs.
 * @returns the channel to its inbox. Rejects with what the system says when there is no such file; what fails later,
 *   a syntax error for one, is the reason in {@link Channel.closed}. `EINVAL` for a program in another language.
 */
export async function spawnVm<T = Message> (module: string | URL, options: SpawnVmOptions = {}): Promise<Channel<T>> {
  const path = module instanceof URL ? fileURLToPath(module) : resolve(dirname(process.argv[1] ?? '.'), module)
  if (/\.[cm]?[jt]s$/.test(path)) {
    throw invalidArgument('module', 'Expected a Lua program: programs in JavaScript run in worker_threads')
  }
  return native['spawn']!(path, options.inheritContext === false) as Channel<T>
}

function isClosed (error: unknown): boolean {
  return error instanceof EmiluaError && error.code === 'CHANNEL_CLOSED'
}
