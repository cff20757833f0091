// SPDX-License-Identifier: MIT OR BSL-1.0
import { executionAsyncResource } from 'node:async_hooks'
import { nextTick, setImmediate } from './platform.js'
import { Ring } from './ring.js'

/** What goes on: the rest of a fiber that yielded or was woken. */
export type Ready = (() => void) | { begin (): void }

/** A fiber that was spawned. Its first turn begins in a tick of its own, which has the asynchronous context of its spawner. */
export abstract class Start {
  /** @internal */
  abstract begin (): void
}

/** How many resumptions timers and input and output may have to wait for. */
const budget = 1024

/**
 * Fibers that yield one right after the other. They share a promise: their continuations are called in the order in
 * which they wait for it, and so as if each had one of its own.
 */
class Yields {
  size = 1
  readonly promise = new Promise(capture)
  private readonly resolve = captured

  begin (): void {
    if (yields === this) yields = null
    spent += this.size - 1
    this.resolve()
  }
}

let captured: () => void
// Not a closure: a promise has been made when its constructor returns.
function capture (resolve: (value: void) => void): void { captured = resolve }

/** A budget that is spent is not exceeded by more than so many. */
const most = 64

const settled = Promise.resolve()
const ring = new Ring<Ready | Start>()
/** What was made ready last, if those are fibers that yielded and are still to come. */
let yields: Yields | null = null
let spent = 0
let draining = false
/** How many are on their way to the ring. What is asked for meanwhile comes behind them. */
let coming = 0
/** Turns of the event loop that were asked for. Until they are over no tick is, for it would come before them. */
let turns = 0

/**
 * Puts something at the end of the ready ring.
 *
 * The ring is drained from ticks, which Node runs when no microtask is left, that is when every fiber of the last batch
 * has reached its next suspension, however many promises lie in between. First in, first out then means that every
 * ready fiber runs once a round. When the budget is spent, the next batch waits for a turn of the event loop.
 */
export function makeReady (item: Ready | Start): void {
  yields = null
  // Behind what has asked already, a resumption is drained together with it.
  if (ring.size > 0 && coming === 0 && !draining && !(item instanceof Start)) ring.push(item)
  // A tick that is asked for outside of a microtask would come before the microtasks there are.
  else if (coming === 0 && executionAsyncResource() instanceof Promise) enqueue(item)
  else enqueueSoon(item)
}

function enqueueSoon (item: Ready | Start): void {
  coming++
  void settled.then(() => {
    coming--
    enqueue(item)
  })
}

/** Puts the caller at the end of the ready ring. */
export function yieldTurn (): Promise<void> {
  if (yields !== null && yields.size < most && !draining) {
    yields.size++
    return yields.promise
  }
  const mine = new Yields()
  makeReady(mine)
  yields = mine
  return mine.promise
}

/**
 * Makes something ready that was parked. If nothing else is ready it goes on in a microtask, which is cheaper, within
 * the same budget: two fibers that only wake each other must not starve the process either.
 */
export function wake (item: Ready): void {
  if (ring.size > 0 || coming > 0 || spent >= budget) {
    makeReady(item)
  } else {
    spent++
    run(item)
  }
}

function run (item: Ready | Start): void {
  if (typeof item === 'function') item()
  else item.begin()
}

function enqueue (item: Ready | Start): void {
  ring.push(item)
  if (item instanceof Start) ask(drainWithStart, startAfterTurn)
  else if (ring.size === 1) ask(drain, drainAfterTurn)
}

function ask (tick: () => void, afterTurn: () => void): void {
  if (spent < budget && turns === 0) {
    nextTick(tick)
  } else {
    turns++
    setImmediate(afterTurn)
  }
}

function drainAfterTurn (): void {
  turns--
  spent = 0
  drain()
}

function startAfterTurn (): void {
  turns--
  spent = 0
  drainWithStart()
}

/** Starts begin in the order in which they have asked, so the first one is that of this tick. */
function drainWithStart (): void {
  draining = true
  for (let item = ring.shift(); ; item = ring.shift()) {
    spent++
    run(item)
    if (item instanceof Start) break
  }
  drain()
}

/** Runs what is ready up to the first fiber that has a tick of its own still to come. */
function drain (): void {
  let batch = ring.size
  const enough = spent + budget
  draining = true
  while (batch > 0 && spent < enough && !(ring.first instanceof Start)) {
    batch--
    spent++
    run(ring.shift())
  }
  draining = false
  if (ring.size > 0 && !(ring.first instanceof Start)) ask(drain, drainAfterTurn)
}
