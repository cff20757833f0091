// SPDX-License-Identifier: MIT OR BSL-1.0
import { installFiberHook } from '@emilua/native/fiber'
import { isCancellation } from './canceled.js'
import { Fiber, main, nowhere, running, storage } from './fiber.js'
import { runHandlers } from './handlers.js'
import { reportFibers } from './observe.js'
import { watchExit, type Stuck } from './panic.js'
import { mask } from './scope.js'

/**
 * Whether nothing can wake the fiber: it waits for another fiber, directly or not, where somebody could, or nobody.
 *
 * @param foreign - whether what is not ours cannot either
 */
function isStuck (fiber: Fiber<unknown>, foreign: boolean, seen: Set<Fiber<unknown>>): boolean {
  if (!(fiber.parkedOn instanceof Fiber)) return fiber.parkedOn !== null || (foreign && fiber.waitsForForeign)
  if (seen.has(fiber)) return true
  return isStuck(fiber.parkedOn, foreign, seen.add(fiber))
}

/** @param unsettled - whether the top level waits, so that a wait for what is not ours was not meant to be dropped */
function stuck (unsettled: boolean): Stuck[] {
  return [main, ...Fiber.unfinished()].filter(fiber => isStuck(fiber, unsettled, new Set())).map(({ who, parkedOn }) => ({
    who,
    parkedOn: parkedOn instanceof Fiber ? `fiber ${parkedOn.id}` : parkedOn ?? 'something that is not ours'
  }))
}

function runMainHandlers (): Promise<void> | null {
  return main.scope === null || main.scope.length === 0 ? null : runHandlers(main, main.scope)
}

installFiberHook({
  current: () => running(storage.getStore()),
  uncancelable: mask,
  withoutFiber: fn => storage.getStore() === nowhere ? fn() : storage.run(nowhere, fn),
  isCancellation,
  endMain: async () => { await runMainHandlers() },
  observe: reportFibers
})
watchExit(runMainHandlers, stuck)
