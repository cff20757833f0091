// SPDX-License-Identifier: MIT OR BSL-1.0
import type { AsyncLocalStorage } from 'node:async_hooks'
import { invalidArgument, runtimeError } from '@emilua/native'
import { enter, uncancelable, Waiting, type FiberState, type Interrupter, type OperationOptions } from '@emilua/native/fiber'
import { FiberCanceled } from './canceled.js'
import { frames, Nested, type Frame, type Scope } from './frame.js'
import { runHandlers } from './handlers.js'
import { forgetFailure, keepFailure, reportOnce, reportPanic, type Failure } from './report.js'
import { makeReady } from './scheduler.js'

type FiberFrame = Frame<Fiber<unknown>>

export const storage = frames as AsyncLocalStorage<FiberFrame>

/** What is known of a fiber, in one number: these are read at every operation. */
const Bit = {
  joinable: 1,
  ended: 2,
  failed: 4,
  /** It let the cancellation through that it was asked for. */
  caught: 8,
  /** `cancel()` was called. */
  canceled: 16,
  /** The cancellation was delivered at least once. */
  delivered: 32,
  /** It has forbidden itself to suspend. */
  forbidden: 64,
  /** Ended by the cancellation of another fiber, which is nothing to report. */
  silent: 128
} as const

/** After so many refused operations a canceled fiber is said to go on. */
const patience = 64

/** What most fibers never need. */
interface ColdState {
  forbidden: number
  disabled: number
  refusals: number
  /** Pending operations beyond the first. */
  more: Set<Interrupter> | null
  controller: AbortController | null
  local: Record<string | symbol, unknown> | null
  failure: Failure | null
  reason: FiberCanceled | null
}

let last = 0

/** Every fiber that has not ended, as a list through the fibers themselves. */
let newest: Fiber<unknown> | null = null

/**
 * A fiber: an async function that runs concurrently with others, can be waited for and can be canceled.
 *
 * @typeParam T - what its function returns
 */
export class Fiber<T> {
  /** @internal */ readonly owner: Fiber<unknown>
  /** @internal */ scope: Scope | null = null
  /** @internal */ readonly masked = false
  /** @internal what it is parked on besides operations: another fiber or the name of a kind of thing */
  parkedOn: Fiber<unknown> | string | null = null
  private readonly number = ++last
  private state: number = Bit.joinable
  /** The function until the fiber starts, then what it returned or threw. */
  private value: unknown
  private joiner: Join<T> | null = null
  private operation: Interrupter | null = null
  private coldState: ColdState | null = null
  private older: Fiber<unknown> | null = null
  private newer: Fiber<unknown> | null = null

  private constructor (fn: (() => T | PromiseLike<T>) | null) {
    this.value = fn
    this.owner = this as Fiber<unknown>
    if (fn === null) this.state = 0
    else this.link()
  }

  /** @internal @param fn - `null` for the main fiber, which runs already */
  static create<T> (fn: (() => T | PromiseLike<T>) | null): Fiber<T> { return new Fiber(fn) }

  /**
   * Whether the fiber may still be joined, detached or canceled: until a `join` has completed or `detach` was called.
   */
  get joinable (): boolean { return (this.state & Bit.joinable) !== 0 }

  /** Whether the fiber has ended by cancellation, that is by letting {@link FiberCanceled} through. */
  get cancellationCaught (): boolean { return (this.state & Bit.caught) !== 0 }

  /**
   * Waits until the fiber has ended, its cleanup handlers included.
   *
   * Suspends, and is a cancellation point: if the wait itself is canceled or aborted, this fiber remains joinable.
   *
   * @returns what the fiber's function returned
   * @throws what it threw, unchanged; {@link FiberCanceled} if it was canceled;
   * `NOT_JOINABLE` if the fiber is not joinable or somebody waits for it already; `JOIN_SELF` if it is the running fiber
   */
  join (options?: OperationOptions): Promise<T> {
    const state = storage.getStore()
    const waiter = state === undefined ? main : state.owner
    const fiber = running(state)
    const refused = enter(fiber, options?.signal)
    if (refused !== null) return refused
    if ((this.state & Bit.joinable) === 0) return Promise.reject(runtimeError('notJoinable'))
    if (this.joiner !== null) return Promise.reject(runtimeError('notJoinable', 'The fiber is being joined already'))
    if (waiter === this) return Promise.reject(runtimeError('joinSelf'))
    return new Promise<T>((resolve, reject) => {
      const join = new Join<T>(this, waiter, resolve, reject)
      if ((this.state & Bit.ended) !== 0) this.deliver(join)
      else this.park(join, fiber, options?.signal)
    })
  }

  /**
   * Gives up the right to join or cancel the fiber; it runs on. If it has failed or fails later, that is reported
   * on stderr.
   *
   * @throws `NOT_JOINABLE` if the fiber is not joinable or somebody waits for it
   */
  detach (): void {
    if ((this.state & Bit.joinable) === 0 || this.joiner !== null) throw runtimeError('notJoinable')
    this.state &= ~Bit.joinable
    const kept = this.coldState?.failure
    if (kept != null) reportOnce(kept)
  }

  /**
   * Requests that the fiber ends. The request is kept for ever: from now on every cancellation point of the fiber
   * rejects with {@link FiberCanceled}, also those where it waits already, unless cancellation is disabled there.
   *
   * Safe at any time; does nothing unless the fiber is joinable. Neither suspends nor is a cancellation point.
   */
  cancel (): void {
    if ((this.state & (Bit.joinable | Bit.ended | Bit.canceled)) !== Bit.joinable) return
    this.state |= Bit.canceled
    if (this.coldState === null || this.coldState.disabled === 0) this.interruptAll()
  }

  /** Cancels the fiber and waits for it, for `await using`; rejects if it failed. Cancellation is masked meanwhile. */
  async [Symbol.asyncDispose] (): Promise<void> {
    if (!this.joinable) return
    this.cancel()
    try {
      await uncancelable(() => this.join())
    } catch (error) {
      if (!this.cancellationCaught) throw error
    }
  }

  /** @internal */
  get id (): string { return '0x' + this.number.toString(16) }

  /** @internal the name of this fiber in messages */
  get name (): string { return this === main ? 'Main fiber' : `Fiber ${this.id}` }

  /** @internal */
  get running (): boolean { return (this.state & Bit.ended) === 0 }

  /** @internal whether its operations have to ask it: always, but for a main fiber that may suspend */
  get asks (): boolean { return this !== main || (this.state & Bit.forbidden) !== 0 }

  /** @internal the first turn */
  begin (): void {
    const fn = this.value as () => T | PromiseLike<T>
    this.value = undefined
    storage.enterWith(this)
    try {
      const result = fn()
      if (result === null || typeof result !== 'object' || typeof (result as PromiseLike<T>).then !== 'function') {
        this.finish(0, result)
      } else {
        const promise = result instanceof Promise ? result as Promise<T> : Promise.resolve(result)
        promise.then(succeed, fail)
      }
    } catch (error) {
      this.finish(Bit.failed, error)
    }
  }

  /** @internal the function is through */
  finish (how: number, value: unknown): void {
    if (how === Bit.failed) {
      if (value instanceof FiberCanceled) how |= (this.state & Bit.canceled) !== 0 ? Bit.caught : Bit.silent
      else if ((this.state & Bit.joinable) === 0) reportPanic(this.name, value)
    }
    if (this.scope === null || this.scope.length === 0) this.end(how, value)
    else void runHandlers(this, this.scope).then(() => { this.end(how, value) })
  }

  private end (how: number, value: unknown): void {
    this.state |= Bit.ended | how
    this.value = value
    this.unlink()
    if (this.joiner !== null) this.deliver(this.joiner)
    else if (how === Bit.failed && (this.state & Bit.joinable) !== 0) this.cold().failure = keepFailure(this, this.id, value)
  }

  private park (join: Join<T>, fiber: FiberState | null, signal: AbortSignal | undefined): void {
    this.joiner = join
    if (join.waiter !== null) join.waiter.parkedOn = this as Fiber<unknown>
    if (fiber !== null || signal !== undefined) join.park(fiber, signal)
  }

  /** @internal the wait for this fiber is over without it having ended */
  abandon (join: Join<T>): void {
    this.joiner = null
    if (join.waiter !== null) join.waiter.parkedOn = null
    join.unpark()
  }

  private deliver (join: Join<T>): void {
    this.state &= ~Bit.joinable
    this.abandon(join)
    if ((this.state & Bit.failed) === 0) {
      join.resolve(this.value as T)
    } else {
      if (this.coldState?.failure != null) forgetFailure(this.coldState.failure)
      join.reject(this.value)
    }
    this.value = undefined
  }

  /** @internal */
  enter (): Promise<never> | null {
    return (this.state & (Bit.canceled | Bit.forbidden)) === 0 ? null : this.refuse(this.masked)
  }

  /** @internal @returns `null` or a rejected promise */
  refuse (masked: boolean): Promise<never> | null {
    if ((this.state & Bit.forbidden) !== 0) return this.refuseForbidden()
    if (masked || (this.state & Bit.canceled) === 0) return null
    const cold = this.cold()
    if (cold.disabled > 0) return null
    if ((this.state & Bit.delivered) === 0) {
      this.state |= Bit.delivered
      return Promise.reject(this.reason())
    }
    if (++cold.refusals === patience) {
      process.emitWarning(`${this.name} goes on after it was canceled: ${patience} operations were refused`)
    }
    // from a macrotask, because a loop that retries in microtasks would let nothing else run
    return new Promise((_resolve, reject) => { setImmediate(reject, this.reason()) })
  }

  /** @internal the check for what suspends but is no cancellation point */
  refuseForbidden (): Promise<never> | null {
    if ((this.state & Bit.forbidden) === 0) return null
    return Promise.reject(runtimeError('suspensionForbidden', 'The fiber has forbidden itself to suspend'))
  }

  /** @internal */
  add (operation: Interrupter): void {
    if (this.operation === null) this.operation = operation
    else (this.cold().more ??= new Set()).add(operation)
  }

  /** @internal */
  delete (operation: Interrupter): void {
    if (this.operation === operation) this.operation = null
    else this.coldState?.more?.delete(operation)
  }

  private interruptAll (): void {
    const pending = this.coldState?.more == null ? [] : [...this.coldState.more]
    if (this.operation !== null) pending.unshift(this.operation)
    if (pending.length > 0) this.state |= Bit.delivered
    for (const operation of pending) operation.interrupt(this.reason())
    this.coldState?.controller?.abort(this.reason())
  }

  private reason (): FiberCanceled { return this.cold().reason ??= new FiberCanceled() }

  /** @internal */
  get signal (): AbortSignal {
    const controller = this.cold().controller ??= new AbortController()
    if ((this.state & Bit.canceled) !== 0 && this.cold().disabled === 0) controller.abort(this.reason())
    return controller.signal
  }

  /** @internal */
  get local (): Record<string | symbol, unknown> {
    return this.cold().local ??= Object.create(null) as Record<string | symbol, unknown>
  }

  /** @internal */
  forbid (change: 1 | -1): void {
    const cold = this.cold()
    if (cold.forbidden + change < 0) throw runtimeError('suspensionAlreadyAllowed', 'allowSuspend() without forbidSuspend()')
    cold.forbidden += change
    if (cold.forbidden > 0) this.state |= Bit.forbidden
    else this.state &= ~Bit.forbidden
  }

  /** @internal */
  disable (change: 1 | -1): void {
    const cold = this.cold()
    if (cold.disabled + change < 0) throw runtimeError('cancellationNotDisabled', 'restoreCancellation() without disableCancellation()')
    cold.disabled += change
    if (cold.disabled === 0 && (this.state & Bit.canceled) !== 0) this.interruptAll()
  }

  private cold (): ColdState {
    return this.coldState ??= { forbidden: 0, disabled: 0, refusals: 0, more: null, controller: null, local: null, failure: null, reason: null }
  }

  private link (): void {
    this.older = newest
    if (newest !== null) newest.newer = this as Fiber<unknown>
    newest = this as Fiber<unknown>
  }

  private unlink (): void {
    if (this.newer === null) newest = this.older
    else this.newer.older = this.older
    if (this.older !== null) this.older.newer = this.newer
    this.older = this.newer = null
  }

  /** @internal every fiber that has not ended, the main fiber excepted, newest first */
  static * unfinished (): Iterable<Fiber<unknown>> {
    for (let fiber = newest; fiber !== null; fiber = fiber.older) yield fiber
  }
}

// No closures: what a fiber waits for carries its frame, and that is the fiber itself where these were registered.
function succeed (value: unknown): void { storage.getStore()!.owner!.finish(0, value) }
function fail (error: unknown): void { storage.getStore()!.owner!.finish(Bit.failed, error) }

class Join<T> extends Waiting {
  constructor (
    private readonly target: Fiber<T>,
    readonly waiter: Fiber<unknown> | null,
    readonly resolve: (value: T) => void,
    readonly reject: (error: unknown) => void
  ) {
    super()
  }

  protected override cancel (): void {
    this.target.abandon(this)
    this.reject(this.reason)
  }
}

/** The program's top level, which nobody can join or cancel: wherever nothing is stored. */
export const main: Fiber<unknown> = Fiber.create(null)

/** Where no fiber is. */
export const nowhere: FiberFrame = new Nested<Fiber<unknown>>(null, null, false)

/** The frame of the code that runs. A fiber that has ended counts as none. */
export function here (): FiberFrame {
  const frame = storage.getStore()
  if (frame === undefined) return main
  return frame.owner === null || frame.owner.running ? frame : nowhere
}

/** The frame if there is a fiber in it that operations have to ask. */
export function running (frame: FiberFrame | undefined): FiberState | null {
  if (frame === undefined) return main.asks ? main : null
  return frame.owner !== null && frame.owner.running && frame.owner.asks ? frame : null
}

/**
 * Starts a fiber. It begins on a later turn: whoever calls goes on until it suspends.
 *
 * @param fn - what the fiber runs; called without arguments
 * @returns the handle to join, cancel or detach it. If the handle is dropped, the fiber runs on; should it fail
 * without having been joined, that is reported on stderr, at the latest when the process ends
 * @throws `EINVAL` (`arg` is `'fn'`) if `fn` is not a function
 */
export function spawn<T> (fn: () => T | PromiseLike<T>): Fiber<T> {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'Expected a function')
  const fiber = Fiber.create(fn)
  makeReady(fiber)
  return fiber
}
