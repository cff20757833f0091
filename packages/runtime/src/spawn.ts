// SPDX-License-Identifier: MIT OR BSL-1.0
import { channel } from 'node:diagnostics_channel'
import { checkOptions, invalidArgument } from '@emilua/native'
import { places } from '@emilua/native/fiber'
import { Fiber } from './fiber.js'
import { makeReady } from './scheduler.js'

/** How {@link spawn} starts a fiber. */
export interface SpawnOptions {
  /** What reports and `console.log` call it, beside its number. */
  name?: string | undefined
}

/** What `emilua:fiber:spawn` of `node:diagnostics_channel` publishes: in `spawn`, before the fiber begins. */
export interface FiberSpawn {
  readonly fiber: Fiber<unknown>
}

const spawned = channel('emilua:fiber:spawn')

/**
 * Starts a fiber. It begins on a later turn: whoever calls goes on until it suspends. Each `AsyncLocalStorage` has in
 * it what it has where `spawn` is called.
 *
 * @param fn - what the fiber runs; called without arguments
 * @returns the handle to join, cancel or detach it. If the handle is dropped, the fiber runs on; should it fail
 * and nobody wait for it, that is reported, see {@link onPanic}
 * @throws `EINVAL` (`arg` is `'fn'`) if `fn` is not a function, or for an option that does not exist
 */
export function spawn<T> (fn: () => T | PromiseLike<T>, options?: SpawnOptions): Fiber<T> {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'Expected a function', fn)
  const name = options === undefined ? undefined : nameIn(options)
  const fiber = Fiber.create(fn)
  if (name !== undefined) fiber.call(name)
  if (places.recorded) fiber.noteSpawn()
  makeReady(fiber)
  if (spawned.hasSubscribers) spawned.publish({ fiber } satisfies FiberSpawn)
  return fiber
}

function nameIn (options: SpawnOptions): string | undefined {
  checkOptions(options, ['name'])
  const { name } = options
  if (name !== undefined && typeof name !== 'string') throw invalidArgument('options.name', 'Expected a string', name)
  return name
}
