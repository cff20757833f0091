// SPDX-License-Identifier: MIT OR BSL-1.0
import { channel } from 'node:diagnostics_channel'

/** What `emilua:actor:spawn` of `node:diagnostics_channel` publishes: when `spawnVm` has started an actor. */
export interface ActorSpawn {
  /** The path of its program; `undefined` for a process that ends after its script. */
  readonly program: string | undefined
  /** Lua on a thread of this process, a worker of Node's, or Lua in a process of its own. */
  readonly kind: 'lua' | 'worker' | 'process'
}

/**
 * What `emilua:actor:end` of `node:diagnostics_channel` publishes: when an actor has ended that was spawned while
 * somebody had subscribed to it. Who subscribes only looks on: a failure that nobody asks for still makes the exit status 1.
 */
export interface ActorFinish extends ActorSpawn {
  /** What `Channel.closed` gives: `"ended"`, or why not. */
  readonly reason: string
  readonly failed: boolean
}

const spawned = channel('emilua:actor:spawn')
const ended = channel('emilua:actor:end')

/**
 * Publishes the beginning of an actor and, if anybody wants to know, its end.
 *
 * @param end - settles with the reason when it has ended
 */
export function publishActor (actor: ActorSpawn, end: () => Promise<string>): void {
  if (spawned.hasSubscribers) spawned.publish(actor)
  if (!ended.hasSubscribers) return
  // What waits for the end is told of no failure: it belongs to nobody's fiber, and the program may end first.
  end().then(reason => {
    ended.publish({ ...actor, reason, failed: reason !== 'ended' && reason !== 'killed' } satisfies ActorFinish)
  }, () => {})
}
