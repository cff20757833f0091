// SPDX-License-Identifier: MIT OR BSL-1.0
import type { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { runtimeError } from '@emilua/native'
import { enter, mayRefuse, Place, places, suspend, uncancelable, unreported, Waiting, type FiberState, type Interrupter, type OperationOptions } from '@emilua/native/fiber'
import { FiberCanceled, isCancellation } from './canceled.js'
import { frames, Nested, type Frame, type Scope } from './frame.js'
import { runHandlers } from './handlers.js'
import { keepFailure, reportDetached, tell, type Failure } from './panic.js'
import { queueMicrotask, setImmediate } from './platform.js'
import { Start } from './scheduler.js'

/** @internal */
type FiberFrame = Frame<Fiber<unknown>>

/** @internal */
export const storage = frames as AsyncLocalStorage<FiberFrame>

/** What is known of a fiber, in one number: these are read at every operation. */
const Bit = {
  /** Nobody was told yet how it ended, and somebody may ask. */
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
  silent: 128,
  /** Its function was called. */
  begun: 256,
  /** Nobody may join it: it was detached, or is the main fiber. */
  detached: 512,
  /** Its failure was reported before its handlers ran. */
  reported: 1024
} as const

/** After so many refused operations a canceled fiber is said to go on. */
const patience = 64

/** What most fibers never need. */
interface ColdState {
  name: string | undefined
  forbidden: number
  disabled: number
  refusals: number
  /** It was told of its cancellation in this turn. */
  justTold: boolean
  /** Pending operations beyond the first. */
  more: Set<Interrupter> | null
  /** Joins beyond the first. */
  joiners: Set<Join> | null
  /** What is called when it has ended, after the joins. */
  watchers: (() => void)[] | null
  /** Canceled blocks, while cancellation is disabled. */
  postponed: Set<Postponed> | null
  controller: AbortController | null
  local: Record<string | symbol, unknown> | null
  failure: Failure | null
  reason: FiberCanceled | null
  /** Where it was spawned, and where it began to wait the last time. */
  spawned: Place | null
  waits: Place | null
}

/** A block whose cancellation waits until the fiber enables it. */
export interface Postponed {
  interrupt (): void
}

/** What a fiber is doing. A fiber that was canceled goes on until it has let the cancellation through. */
export type FiberStatus = 'ready' | 'running' | 'canceling' | 'succeeded' | 'failed' | 'canceled'

/**
 * What `emilua:fiber:end` of `node:diagnostics_channel` publishes: when the fiber has ended, its cleanup handlers
 * included, and before whoever waits for it goes on. Its `status` says how it ended.
 */
export interface FiberEnd {
  readonly fiber: Fiber<unknown>
  /** What it failed with, whether or not somebody waits for it; `undefined` if it succeeded or was canceled. */
  readonly error: unknown
}

const ended = channel('emilua:fiber:end')

let last = 0
let saidHowToCleanUp = false

/** Every fiber that has not ended, as a list through the fibers themselves. */
let newest: Fiber<unknown> | null = null

/**
 * A fiber: an async function that runs concurrently with others, can be waited for and can be canceled.
 *
 * @typeParam T - what its function returns
 */
export class Fiber<T> extends Start {
  /** @internal */ readonly owner: Fiber<unknown>
  /** @internal */ scope: Scope | null = null
  /** @internal */ readonly masked = false
  /** @internal what it is parked on besides operations: another fiber or the name of a kind of thing */
  parkedOn: Fiber<unknown> | string | null = null
  private readonly number = ++last
  private state: number = Bit.joinable
  /** The function until it is called, then what it returned or threw. */
  private value: unknown
  private joiner: Join | null = null
  private operation: Interrupter | null = null
  private coldState: ColdState | null = null
  private older: Fiber<unknown> | null = null
  private newer: Fiber<unknown> | null = null

  private constructor (fn: (() => T | PromiseLike<T>) | null) {
    super()
    this.owner = this as Fiber<unknown>
    this.value = fn
    if (fn === null) this.state = Bit.detached | Bit.begun
    else this.link()
  }

  /** @internal @param fn - `null` for the main fiber, which runs already */
  static create<T> (fn: (() => T | PromiseLike<T>) | null): Fiber<T> { return new Fiber(fn) }

  /** Tells fibers apart in messages: `0x2`. For debugging only. */
  get id (): string { return '0x' + this.number.toString(16) }

  /** The name it was spawned with. */
  get name (): string | undefined { return this.coldState?.name }

  /** What it is doing. */
  get status (): FiberStatus {
    const { state } = this
    if ((state & Bit.ended) === 0) return (state & Bit.canceled) !== 0 ? 'canceling' : (state & Bit.begun) === 0 ? 'ready' : 'running'
    return (state & Bit.failed) === 0 ? 'succeeded' : (state & (Bit.caught | Bit.silent)) === 0 ? 'failed' : 'canceled'
  }

  /**
   * Whether somebody still has to be told how the fiber ends: until a `join` has completed or `detach` was called.
   */
  get joinable (): boolean { return (this.state & Bit.joinable) !== 0 }

  /** Whether the fiber has ended by cancellation, that is by letting {@link FiberCanceled} through. */
  get cancellationCaught (): boolean { return (this.state & Bit.caught) !== 0 }

  /**
   * Waits until the fiber has ended, its cleanup handlers included. Any number of fibers may, at any time.
   *
   * Suspends, and is a cancellation point: canceling or aborting the wait does nothing to the fiber that is waited for.
   *
   * @returns what the fiber's function returned
   * @throws what it threw, unchanged; {@link FiberCanceled} if it was canceled;
   * `NOT_JOINABLE` if the fiber was detached; `JOIN_SELF` if it is the running fiber
   */
  join (options?: OperationOptions): Promise<T> {
    const state = storage.getStore()
    const waiter = state === undefined ? main : state.owner
    const fiber = running(state)
    const refused = enter(fiber, options)
    if (refused !== null) return refused
    if ((this.state & Bit.detached) !== 0) return Promise.reject(notJoinable('it was detached'))
    if (waiter === this) return Promise.reject(runtimeError('joinSelf'))
    let join!: Join
    const promise = new Promise<T>((resolve, reject) => {
      join = new Join(this, waiter, resolve as (value: unknown) => void, reject)
      if ((this.state & Bit.ended) !== 0) this.deliver(join)
      else this.park(join, fiber, options?.signal)
    })
    join.promised(promise)
    return promise
  }

  /**
   * Gives up the right to join or cancel the fiber; it runs on. If it has failed or fails later, that is reported.
   *
   * @throws `NOT_JOINABLE` if it was detached or joined before, or somebody waits for it
   */
  detach (): void {
    if ((this.state & Bit.detached) !== 0) throw notJoinable('it was detached before')
    if ((this.state & Bit.joinable) === 0) throw notJoinable('it was joined before')
    if (this.joiner !== null || this.coldState?.watchers != null) throw notJoinable('somebody waits in its join()')
    this.state = this.state & ~Bit.joinable | Bit.detached
  }

  /**
   * Requests that the fiber ends. The request is kept for ever: from now on every cancellation point of the fiber
   * rejects with {@link FiberCanceled}, also those where it waits already, unless cancellation is disabled there.
   *
   * Safe at any time; does nothing once the fiber has ended or was detached. Neither suspends nor is a cancellation point.
   */
  cancel (): void {
    if ((this.state & (Bit.detached | Bit.ended | Bit.canceled)) !== 0) return
    this.state |= Bit.canceled
    mayRefuse(1)
    if (this.coldState === null || this.coldState.disabled === 0) this.interruptAll()
  }

  /** @internal {@link Fiber.cancel}, because of a failure elsewhere, if one is given */
  cancelBecause (failure: unknown): void {
    if (failure !== undefined && (this.state & Bit.canceled) === 0) this.cold().reason ??= new FiberCanceled(failure)
    this.cancel()
  }

  /**
   * Cancels the fiber and waits until it has ended, whoever else waits for it; for `await using`. Cancellation is
   * masked meanwhile. Does nothing with a fiber that was detached.
   *
   * @throws what the fiber failed with, unless somebody was told already
   */
  async [Symbol.asyncDispose] (): Promise<void> {
    if ((this.state & Bit.detached) !== 0) return
    const waiter = here().owner
    if (waiter === this) throw runtimeError('joinSelf')
    this.cancel()
    if (this.running) await uncancelable(() => this.ended(waiter))
    const news = this.joinable && this.status === 'failed'
    this.claim()
    if (news) throw this.value
  }

  private ended (waiter: Fiber<unknown> | null): Promise<undefined> {
    return suspend(undefined, settle => {
      if (waiter !== null) waiter.parkedOn = this as Fiber<unknown>
      this.watch(() => {
        if (waiter !== null) waiter.parkedOn = null
        settle.resolve(undefined)
      })
    })
  }

  /** What `console.log` shows. */
  [inspect.custom] (): string {
    const name = this.name === undefined ? '' : ` '${this.name}'`
    return `Fiber ${this.id}${name} (${this === main ? 'main' : this.status})`
  }

  /** What `JSON.stringify` says of it. */
  toJSON (): { id: string, name: string | undefined, status: FiberStatus } {
    return { id: this.id, name: this.name, status: this.status }
  }

  /** @internal the name of this fiber in messages */
  get who (): string {
    if (this === main) return 'Main fiber'
    return this.name === undefined ? `Fiber ${this.id}` : `Fiber ${this.id} (${this.name})`
  }

  /** @internal no block is canceled where a fiber begins */
  get limit (): null { return null }

  /** @internal calls `callback` when the fiber has ended; it has not yet */
  watch (callback: () => void): void { (this.cold().watchers ??= []).push(callback) }

  /** @internal the caller answers for how it ended. @returns what it returned or threw */
  claim (): unknown {
    this.state &= ~Bit.joinable
    if (this.coldState?.failure != null) tell(this.coldState.failure)
    return this.value
  }

  /** @internal whether somebody waits for it while no operation of ours waits in it */
  get waitsForForeign (): boolean {
    return this.operation === null && (this.joiner !== null || this.coldState?.watchers != null)
  }

  /** @internal whether it was asked to end, and does not postpone that */
  get canceled (): boolean { return (this.state & Bit.canceled) !== 0 && !this.postpones }

  /** How many operations were refused after it knew that it was canceled. */
  private get refusals (): number { return this.coldState === null ? 0 : this.coldState.refusals }

  /** @internal whether it has disabled cancellation */
  get postpones (): boolean { return this.coldState !== null && this.coldState.disabled > 0 }

  /** @internal @returns whether the block's cancellation has to wait */
  postpone (block: Postponed): boolean {
    if (this.postpones) (this.cold().postponed ??= new Set()).add(block)
    return this.postpones
  }

  /** @internal */
  get running (): boolean { return (this.state & Bit.ended) === 0 }

  /** @internal whether its operations have to ask it: always, but for a main fiber that may suspend */
  get asks (): boolean { return this !== main || (this.state & Bit.forbidden) !== 0 }

  /** @internal the first turn */
  begin (): void {
    const fn = this.value as () => T | PromiseLike<T>
    this.value = undefined
    this.state |= Bit.begun
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
      if (isCancellation(value)) {
        how |= (this.state & Bit.canceled) !== 0 ? Bit.caught : Bit.silent
        const bare = value instanceof FiberCanceled
        if (!bare || this.refusals > 0) sayHowToCleanUp(this.who)
        if (!bare) value = this.reason()
      } else if ((this.state & Bit.joinable) === 0) {
        this.state |= Bit.reported
        reportDetached(this.who, value)
      }
    }
    if (this.scope === null || this.scope.length === 0) this.end(how, value)
    else void runHandlers(this, this.scope).then(() => { this.end(how, value) })
  }

  private end (how: number, value: unknown): void {
    if ((this.state & (Bit.canceled | Bit.forbidden)) !== 0) this.refuseNoMore()
    this.state |= Bit.ended | how
    this.value = value
    this.unlink()
    if (ended.hasSubscribers) this.publishEnd()
    if (this.joiner !== null) this.deliverAll()
    else if (how === Bit.failed && (this.state & Bit.reported) === 0) this.cold().failure = keepFailure(this.who, value)
    if (this.coldState !== null) this.tellWatchers(this.coldState)
  }

  private refuseNoMore (): void {
    if ((this.state & Bit.canceled) !== 0) mayRefuse(-1)
    if ((this.state & Bit.forbidden) !== 0) mayRefuse(-1)
    this.state &= ~Bit.forbidden
  }

  private publishEnd (): void {
    const end: FiberEnd = { fiber: this as Fiber<unknown>, error: this.status === 'failed' ? this.value : undefined }
    ended.publish(end)
  }

  private deliverAll (): void {
    for (let join = this.joiner; join !== null; join = this.joiner) this.deliver(join)
  }

  private tellWatchers (cold: ColdState): void {
    const { watchers } = cold
    cold.watchers = cold.postponed = null
    for (const watcher of watchers ?? []) watcher()
  }

  private park (join: Join, fiber: FiberState | null, signal: AbortSignal | undefined): void {
    if (this.joiner === null) this.joiner = join
    else (this.cold().joiners ??= new Set()).add(join)
    if (join.waiter !== null) join.waiter.parkedOn = this as Fiber<unknown>
    if (fiber !== null || signal !== undefined) join.park(fiber, signal)
  }

  /** @internal the wait for this fiber is over */
  leave (join: Join): void {
    if (this.joiner !== join) {
      this.coldState?.joiners?.delete(join)
    } else {
      this.joiner = null
      for (const next of this.coldState?.joiners ?? []) {
        this.coldState!.joiners!.delete(next)
        this.joiner = next
        break
      }
    }
    if (join.waiter !== null) join.waiter.parkedOn = null
    join.unpark()
  }

  private deliver (join: Join): void {
    this.leave(join)
    this.claim()
    if ((this.state & Bit.failed) === 0) join.resolve(this.value)
    else join.reject(this.value)
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
      // What it starts beside that, it starts before it knows.
      cold.justTold = true
      queueMicrotask(() => { cold.justTold = false })
    }
    if (cold.justTold) return unreported(Promise.reject(this.reason()))
    if (++cold.refusals === patience) {
      process.emitWarning(`${this.who} goes on after it was canceled: ${patience} operations were refused`)
    }
    // from a macrotask, because a loop that retries in microtasks would let nothing else run
    return unreported(new Promise((_resolve, reject) => { setImmediate(reject, this.reason()) }))
  }

  /** @internal the check for what suspends but is no cancellation point */
  refuseForbidden (): Promise<never> | null {
    if ((this.state & Bit.forbidden) === 0) return null
    return Promise.reject(runtimeError('suspensionForbidden', 'The fiber has forbidden itself to suspend'))
  }

  /** @internal */
  add (operation: Interrupter): void {
    if (places.recorded) this.notePlace()
    if (this.operation === null) this.operation = operation
    else (this.cold().more ??= new Set()).add(operation)
  }

  /** @internal */
  delete (operation: Interrupter): void {
    if (this.operation === operation) this.operation = null
    else this.coldState?.more?.delete(operation)
  }

  /** @internal */
  spare (): void {
    if (this.refusals === 0) this.state &= ~Bit.delivered
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
    const forbidden = (this.state & Bit.forbidden) !== 0
    if (forbidden === (cold.forbidden > 0)) return
    this.state ^= Bit.forbidden
    mayRefuse(forbidden ? -1 : 1)
  }

  /** @internal */
  disable (change: 1 | -1): void {
    const cold = this.cold()
    if (cold.disabled + change < 0) throw runtimeError('cancellationNotDisabled', 'restoreCancellation() without disableCancellation()')
    cold.disabled += change
    if (cold.disabled > 0) return
    if ((this.state & Bit.canceled) !== 0) this.interruptAll()
    for (const block of cold.postponed ?? []) block.interrupt()
    cold.postponed = null
  }

  private cold (): ColdState {
    return this.coldState ??= {
      name: undefined,
      forbidden: 0,
      disabled: 0,
      refusals: 0,
      justTold: false,
      more: null,
      joiners: null,
      watchers: null,
      postponed: null,
      controller: null,
      local: null,
      failure: null,
      reason: null,
      spawned: null,
      waits: null
    }
  }

  /** @internal */
  call (name: string): void { this.cold().name = name }

  /** @internal it begins to wait here */
  notePlace (): void { this.cold().waits = new Place() }

  /** @internal */
  noteSpawn (): void { this.cold().spawned = new Place() }

  /** @internal the operations that wait in it */
  get operations (): Interrupter[] {
    return this.operation === null ? [] : [this.operation, ...this.coldState?.more ?? []]
  }

  /** @internal where it waits, as far as that was noted, else where it was spawned */
  get place (): { spawned: Place | null, waits: Place | null } {
    const waits = this.operation !== null || this.parkedOn !== null
    return { spawned: this.coldState?.spawned ?? null, waits: waits ? this.coldState?.waits ?? null : null }
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
function notJoinable (why: string): Error {
  return runtimeError('notJoinable', `Fiber is not joinable: ${why}`)
}

function succeed (value: unknown): void { storage.getStore()!.owner!.finish(0, value) }
function fail (error: unknown): void { storage.getStore()!.owner!.finish(Bit.failed, error) }

/** What a program sees of cleanup that was canceled as well, once. @internal */
export function sayHowToCleanUp (who: string): void {
  if (saidHowToCleanUp) return
  saidHowToCleanUp = true
  process.emitWarning(`${who} was canceled, and so was what it awaited to clean up. Disposal that has to wait belongs into uncancelable()`)
}

class Join extends Waiting {
  constructor (
    private readonly target: { leave (join: Join): void },
    readonly waiter: Fiber<unknown> | null,
    readonly resolve: (value: unknown) => void,
    readonly reject: (error: unknown) => void
  ) {
    super()
  }

  protected override cancel (): void {
    this.target.leave(this)
    this.reject(this.reason)
  }
}

/** The program's top level, which nobody can join or cancel: wherever nothing is stored. */
export const main: Fiber<unknown> = Fiber.create(null)

/** Where no fiber is. @internal */
export const nowhere: FiberFrame = new Nested<Fiber<unknown>>(null, null, false, null)

/** The frame of the code that runs. A fiber that has ended counts as none. @internal */
export function here (): FiberFrame {
  const frame = storage.getStore()
  if (frame === undefined) return main
  return frame.owner === null || frame.owner.running ? frame : nowhere
}

/** The frame if there is somebody in it whom operations have to ask. @internal */
export function running (frame: FiberFrame | undefined): FiberState | null {
  if (frame === undefined) return main.asks ? main : null
  const { owner } = frame
  if (owner !== null && !owner.running) return null
  return (owner !== null && owner.asks) || frame.limit !== null ? frame : null
}
