// SPDX-License-Identifier: MIT OR BSL-1.0
import { executionAsyncResource } from 'node:async_hooks'
import { nextTick, setImmediate } from './platform.js'
import { Ring } from './ring.js'

/** What goes on: a fiber that was spawned, or the rest of one that yielded or was woken. */
export type Ready = (() => void) | { begin (): void }

/** How many resumptions timers and input and output may have to wait for. */
const budget = 1024

const settled = Promise.resolve()
const ring = new Ring<Ready>()
let spent = 0
let scheduled = false

/**
 * Puts something at the end of the ready ring.
 *
 * The ring is drained from ticks, which Node runs when no microtask is left, that is when every fiber of the last batch
 * has reached its next suspension, however many promises lie in between. First in, first out then means that every
 * ready fiber runs once a round. When the budget is spent, the next batch waits for a turn of the event loop.
 */
export function makeReady (item: Ready): void {
  ring.push(item)
  if (!scheduled) schedule()
}

/**
 * Makes something ready that was parked. If nothing else is ready it goes on in a microtask, which is cheaper, within
 * the same budget: two fibers that only wake each other must not starve the process either.
 */
export function wake (item: Ready): void {
  if (ring.size > 0 || spent >= budget) {
    makeReady(item)
  } else {
    spent++
    run(item)
  }
}

function run (item: Ready): void {
  if (typeof item === 'function') item()
  else item.begin()
}

function schedule (): void {
  scheduled = true
  // A tick that is asked for outside of a microtask would come before the microtasks there are.
  if (executionAsyncResource() instanceof Promise) ask()
  else void settled.then(ask)
}

function ask (): void {
  if (spent < budget) nextTick(drain)
  else setImmediate(drainAfterTurn)
}

function drainAfterTurn (): void {
  spent = 0
  drain()
}

function drain (): void {
  let batch = Math.min(ring.size, budget)
  spent += batch
  while (batch-- > 0) run(ring.shift())
  scheduled = false
  if (ring.size > 0) schedule()
}
