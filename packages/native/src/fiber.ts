// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * The contract between operations and fibers, for packages that do not import `@emilua/runtime`.
 *
 * Whatever suspends goes through here and so behaves the same everywhere:
 *
 * 1. suspension forbidden? canceled? signal already aborted? Then the operation is refused, even if it could
 *    have completed at once;
 * 2. the operation is tried;
 * 3. it waits. The first of `fiber.cancel()` (`FiberCanceled`), the `AbortSignal` (its reason), the handle being
 *    closed (operation aborted) and completion decides, but a success is always delivered.
 *
 * A composed operation calls {@link suspend}; one that is an async function returns its promise through {@link composed}. A native one, which must not allocate a closure, is written as
 *
 * ```ts
 * const refused = checkpoint(options)
 * if (refused !== null) return refused
 * // … convert the arguments and try; return the result if there is one …
 * slots[id].park(currentFiber(), options?.signal)     // slots[id] is a preallocated subclass of Waiting
 * // … and on completion of id:
 * slots[id].unpark()
 * // success: resolve; failure: reject with slots[id].interrupted ? slots[id].reason : error
 * ```
 *
 * Without a signal, and while nobody is canceled or forbidden to wait, what need not wait costs two loads and two
 * comparisons.
 *
 * @packageDocumentation
 */
import { checkOptions, invalidArgument } from './failures.js'
import { Hold } from './hold.js'

export { Hold, type Held } from './hold.js'
export { Place, places } from './place.js'

/** An operation that is waiting and can be told to stop. */
export interface Interrupter {
  /**
   * Asks the operation to end soon with `reason`. Called at most once a wait, never after the operation was
   * deleted from its fiber. If it succeeds nevertheless, the success is what its caller sees.
   */
  interrupt (reason: unknown): void
}

/** A fiber at one place of its program, as operations see it. Valid for as long as the operation lasts. */
export interface FiberState {
  /**
   * The checks that come before an operation is tried.
   *
   * @returns `null` if the operation may go on, otherwise a rejected promise to return as it is.
   */
  enter (): Promise<never> | null
  /** Tells the fiber that an operation waits. It may be interrupted from now on. */
  add (operation: Interrupter): void
  /** Tells the fiber that the operation does not wait any more. */
  delete (operation: Interrupter): void
  /** Tells the fiber that an operation which it interrupted has succeeded nevertheless: nobody learned of a cancellation. */
  spare (): void
}

/** What the runtime installs when it is loaded. */
export interface FiberHook {
  /** The running fiber, or `null` where there is none or where it can be neither canceled nor forbidden to wait. */
  current (): FiberState | null
  /** Calls `fn` in the current fiber with cancellation masked. */
  uncancelable<T> (fn: () => T): T
  /** Calls `fn` outside of any fiber, and so whatever `fn` starts. */
  withoutFiber<T> (fn: () => T): T
  /** Whether an error says nothing but that a fiber, or a block of it, was canceled. */
  isCancellation (error: unknown): boolean
  /** See {@link endMainFiber}. */
  endMain (): Promise<void>
  /** What the fibers are at that have not ended, the main fiber first. */
  observe (): FiberReport[]
}

/** What a fiber is at: see `vms` of the runtime. */
export interface FiberReport {
  readonly id: string
  readonly isMain: boolean
  readonly state: 'ready' | 'waiting'
  readonly canceled: boolean
  readonly name: string | undefined
  /** What it waits for besides operations. */
  readonly parkedOn: string | undefined
  readonly waitsForFiber: string | undefined
  readonly where: string | undefined
  readonly function: string | undefined
  readonly seconds: number | undefined
  /** The operations that it waits for. */
  readonly operations: readonly Interrupter[]
}

/** What every suspending operation takes as its last argument. */
export interface OperationOptions {
  /** Ends the wait when it is aborted; the operation then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /** Decides whether the process stays alive for the operation; without one it does. */
  hold?: Hold | undefined
}

/** How a composed operation ends. The first call decides, later ones do nothing. */
export interface Settle<T> {
  resolve (value: T): void
  reject (error: unknown): void
}

// One object for all copies of this module in a process, so that the hot path loads a field of a constant
// instead of a property of the global object.
const key = Symbol.for('emilua.fiber')
interface Holder {
  hook: FiberHook | null
  /** How many fibers, and blocks of them, may refuse an operation: while there are none, none is looked for. */
  refusing: number
}
const shared = globalThis as unknown as Record<symbol, Holder | undefined>
const holder: Holder = shared[key] ??= { hook: null, refusing: 0 }

/**
 * Makes `hook` the answer to "which fiber is this?" for the whole process. For the runtime only.
 *
 * @throws Error if a runtime is already there: two would each think that the other's fibers do not exist.
 */
export function installFiberHook (hook: FiberHook): void {
  if (holder.hook !== null) throw new Error('two copies of @emilua/runtime are loaded in this process')
  holder.hook = hook
}

/** For the runtime: from now on a fiber more, or one less, may refuse an operation. It says so before one does. */
export function mayRefuse (change: 1 | -1): void { holder.refusing += change }

/** What the fibers of this program are at; `null` where there is no runtime. */
export function observedFibers (): FiberReport[] | null {
  return holder.hook === null ? null : holder.hook.observe()
}

/** The fiber that runs, or `null`: no runtime, no fiber, or the callback of foreign code. */
export function currentFiber (): FiberState | null {
  const hook = holder.hook
  return hook === null ? null : hook.current()
}

/** Calls `fn` with cancellation masked: for `[Symbol.asyncDispose]` and its like. Lexical, so nothing to undo. */
export function uncancelable<T> (fn: () => T): T {
  const hook = holder.hook
  return hook === null ? fn() : hook.uncancelable(fn)
}

/** Calls `fn` outside of any fiber: for bridges, whose operations belong to the stream and not to who made it. */
export function withoutFiber<T> (fn: () => T): T {
  const hook = holder.hook
  return hook === null ? fn() : hook.withoutFiber(fn)
}

/**
 * For launchers, in a `finally`: the program's top level is through, by whatever end. If the runtime is loaded, the main
 * fiber's cleanup handlers run. A launcher that can load nothing any more has it from the global object, by
 * `Symbol.for('emilua.endMainFiber')`, where it is as soon as any package of the program has loaded this module.
 */
export async function endMainFiber (): Promise<void> {
  if (holder.hook !== null) await holder.hook.endMain()
}
Object.defineProperty(globalThis, Symbol.for('emilua.endMainFiber'), { value: endMainFiber, configurable: true })

/**
 * The checks that come before an operation is tried: suspension forbidden, fiber canceled, options that exist, signal
 * aborted.
 *
 * @param argument - the argument that is given as a field of the options, such as flags, whatever that is called
 * @returns `null` if the operation may go on, otherwise a rejected promise to return as it is.
 */
export function enter (fiber: FiberState | null, options?: OperationOptions | null, argument?: unknown): Promise<never> | null {
  if (fiber !== null) {
    const refused = fiber.enter()
    if (refused !== null) return refused
  }
  return options == null || isChecked(options) ? null : enterOptions(options, argument)
}

/** {@link enter} for the running fiber, which takes long to find: for what may have nothing to wait for. */
export function checkpoint (options?: OperationOptions | null, argument?: unknown): Promise<never> | null {
  return enter(holder.refusing === 0 ? null : currentFiber(), options, argument)
}

/**
 * Marks a promise that a cancellation rejects as handled: being canceled is no failure, also of what nobody awaits.
 *
 * @returns the promise
 */
export function unreported<T> (promise: Promise<T>): Promise<T> {
  promise.catch(ignore)
  return promise
}

/**
 * For what is made of operations: `promise` is about to reject with `error`, and if that is a cancellation nobody has to
 * await it, see {@link unreported}.
 *
 * @returns the error
 */
export function rejecting (error: unknown, promise: Promise<unknown> | null): unknown {
  if (promise !== null && holder.hook?.isCancellation(error) === true) void unreported(promise)
  return error
}

/** What an operation returns that is an async function: its promise, which nobody has to await where it is canceled. */
export function composed<T> (promise: Promise<T>): Promise<T> {
  if (holder.hook === null) return promise
  const own: Promise<T> = promise.catch((error: unknown) => { throw rejecting(error, own) })
  return own
}

function ignore (): void {}

function isChecked (options: OperationOptions): boolean {
  const { hold } = options
  return hold instanceof Hold && hold.alone === options
}

const names: readonly (keyof OperationOptions)[] = ['signal', 'hold']

function enterOptions (options: OperationOptions, argument: unknown): Promise<never> | null {
  try {
    checkOptions(options, names, argument)
    const { signal, hold } = options
    if (signal != null && (typeof signal !== 'object' || typeof signal.addEventListener !== 'function')) {
      throw invalidArgument('options.signal', 'Expected an AbortSignal', signal)
    }
    if (hold != null && !(hold instanceof Hold)) throw invalidArgument('options.hold', 'Expected a Hold', hold)
    return signal?.aborted === true ? Promise.reject(signal.reason) : null
  } catch (error) {
    return Promise.reject(error)
  }
}

/**
 * A place to wait in, to be allocated once and used for many operations one after the other. It connects the
 * operation with its fiber and its signal and keeps the reason of the first interruption.
 */
export abstract class Waiting implements Interrupter {
  /** Whether somebody asked this wait to end. */
  interrupted = false
  /** What the operation rejects with if it was interrupted and did not succeed. */
  reason: unknown = undefined
  private promise: Promise<unknown> | null = null
  private fiber: FiberState | null = null
  private signal: AbortSignal | null = null

  /** Begins a wait. */
  park (fiber: FiberState | null, signal?: AbortSignal | null): void {
    this.interrupted = false
    this.reason = undefined
    this.fiber = fiber
    if (fiber !== null) fiber.add(this)
    if (signal != null) {
      this.signal = signal
      signal.addEventListener('abort', this, { once: true })
    }
  }

  /** Says what somebody awaits in a fiber; after {@link park}. */
  promised (promise: Promise<unknown>): void {
    if (this.fiber !== null) this.promise = promise
  }

  /** Whether a fiber was told of the wait. */
  get belongsToFiber (): boolean { return this.fiber !== null }

  /** Ends the wait: neither fiber nor signal can reach this object any more. The first thing a completion does. */
  unpark (): void {
    if (this.fiber !== null) {
      this.fiber.delete(this)
      this.fiber = this.promise = null
    }
    if (this.signal !== null) {
      this.signal.removeEventListener('abort', this)
      this.signal = null
    }
  }

  /** What was interrupted has succeeded nevertheless; before {@link unpark}. */
  spare (): void {
    if (this.fiber !== null) this.fiber.spare()
  }

  /** What somebody awaits, if that is known. */
  protected get awaited (): Promise<unknown> | null { return this.promise }

  interrupt (reason: unknown): void {
    const { awaited } = this
    if (awaited !== null) void unreported(awaited)
    this.end(reason)
  }

  /** @internal the listener of the signal is this object itself, so that no closure is made */
  handleEvent (event: Event): void {
    this.end((event.target as AbortSignal).reason)
  }

  private end (reason: unknown): void {
    if (this.interrupted) return
    this.interrupted = true
    this.reason = reason
    this.cancel()
  }

  /** Starts to cancel the operation, once a wait. The completion follows now or later. */
  protected abstract cancel (): void
}

class Composed<T> extends Waiting implements Settle<T> {
  undo: ((reason: unknown) => void) | null = null
  settled = false

  constructor (private readonly onResolve: (value: T) => void, private readonly onReject: (error: unknown) => void) {
    super()
  }

  resolve (value: T): void {
    if (this.settled) return
    this.settled = true
    if (this.interrupted) this.spare()
    this.unpark()
    this.onResolve(value)
  }

  reject (error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.unpark()
    this.onReject(error)
  }

  protected override cancel (): void {
    if (this.undo === null) this.reject(this.reason)
    else this.undo(this.reason)
  }
}

/**
 * Runs a composed operation in the order that all operations keep.
 *
 * `start` is called, synchronously, only if nothing refuses the operation. It tries, and either settles at once or
 * returns how to interrupt the wait: a function that makes the operation settle now or later, usually by taking it
 * out of a queue and rejecting with the reason it is given. Without such a function an interruption rejects at once.
 * What `start` throws rejects the promise.
 */
export function suspend<T> (
  options: OperationOptions | undefined,
  start: (settle: Settle<T>) => ((reason: unknown) => void) | void
): Promise<T> {
  const fiber = currentFiber()
  const refused = enter(fiber, options)
  if (refused !== null) return refused
  const signal = options?.signal
  let operation!: Composed<T>
  const promise = new Promise<T>((resolve, reject) => {
    operation = new Composed<T>(resolve, reject)
    try {
      operation.undo = start(operation) ?? null
    } catch (error) {
      operation.reject(error)
    }
    if (!operation.settled) operation.park(fiber, signal)
  })
  operation.promised(promise)
  return promise
}
