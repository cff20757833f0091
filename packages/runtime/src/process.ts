// SPDX-License-Identifier: MIT OR BSL-1.0
import { installFiberHook, type MainFailure } from '@emilua/native/fiber'
import { Fiber, main, nowhere, running, storage } from './fiber.js'
import { runHandlers } from './handlers.js'
import { Panic, report, watchExit, type Stuck } from './panic.js'
import { mask } from './scope.js'

/** Whether nothing can wake the fiber: it waits for another fiber, directly or not, where somebody could, or nobody. */
function isStuck (fiber: Fiber<unknown>, seen: Set<Fiber<unknown>>): boolean {
  if (!(fiber.parkedOn instanceof Fiber)) return fiber.parkedOn !== null
  if (seen.has(fiber)) return true
  return isStuck(fiber.parkedOn, seen.add(fiber))
}

function stuck (): Stuck[] {
  return [main, ...Fiber.unfinished()].filter(fiber => isStuck(fiber, new Set())).map(({ who, parkedOn }) => ({
    who,
    parkedOn: parkedOn instanceof Fiber ? `fiber ${parkedOn.id}` : String(parkedOn)
  }))
}

function runMainHandlers (): Promise<void> | null {
  return main.scope === null || main.scope.length === 0 ? null : runHandlers(main, main.scope)
}

async function endMain (failure: MainFailure | undefined): Promise<void> {
  if (failure !== undefined) report(new Panic(`Main fiber from VM ${main.id}`, failure.error))
  if (main.scope !== null) await runHandlers(main, main.scope)
  if (failure !== undefined) process.exit(1)
}

installFiberHook({
  current: () => running(storage.getStore()),
  uncancelable: mask,
  withoutFiber: fn => storage.run(nowhere, fn),
  endMain
})
watchExit(runMainHandlers, stuck)
