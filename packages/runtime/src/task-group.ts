// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument, systemError } from '@emilua/native'
import { suspend } from '@emilua/native/fiber'
import { blockOf } from './block.js'
import { CancelScope } from './cancel-scope.js'
import { failureIn, isCancellation } from './canceled.js'
import { here, type Fiber } from './fiber.js'
import { custom, show, type InspectOptionsStylized } from './show.js'
import { spawn, type SpawnOptions } from './spawn.js'

/** The fibers of one {@link taskGroup}. */
export class TaskGroup {
  readonly #block = new CancelScope()
  readonly #waiter = here().owner
  readonly #children = new Set<Fiber<unknown>>()
  readonly #failures: unknown[] = []
  #open = true
  /** Something failed, or the block was left: whatever runs is canceled. */
  #ending = false
  /** The failure, here or around the group, that canceled the rest, if one did. */
  #cause: unknown
  /** The block has its result: failures of the rest do not change it, and are reported. */
  #decided = false
  #whenEmpty: (() => void) | null = null

  private constructor () {}

  /** @internal */
  static create (): TaskGroup { return new TaskGroup() }

  /**
   * Starts a fiber that belongs to the group. Fibers of the group may start more of them. It can be joined, by any
   * number of fibers, and canceled, but not detached. If the group is being canceled already, so is the fiber.
   *
   * @returns its handle, which need not be kept
   * @throws `EINVAL` if `fn` is not a function (`arg` is `'fn'`), and once the group has ended
   */
  spawn<T> (fn: () => T | PromiseLike<T>, options?: SpawnOptions): Fiber<T> {
    if (!this.#open) throw systemError('EINVAL', 'The task group has ended')
    const fiber = spawn(fn, options)
    this.#children.add(fiber)
    fiber.watch(() => { this.left(fiber) })
    if (this.#ending) fiber.cancelBecause(this.#cause)
    return fiber
  }

  /**
   * Cancels every fiber that the group has now. The block itself goes on: this is how it says that it has enough.
   */
  cancel (): void {
    for (const child of [...this.#children]) child.cancel()
  }

  /** For `console.log`. */
  [custom] (depth: number, options: InspectOptionsStylized): string {
    return show('TaskGroup', () => ({
      running: this.#children.size, failed: this.#failures.length, open: this.#open
    }), depth, options)
  }

  /** @internal the block has its result: ends the rest */
  decide (): void {
    this.#decided = true
    this.end()
  }

  /** @internal */
  async run<T> (fn: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
    try {
      const result = await this.#block.run(() => fn(this))
      await this.allEnded()
      if (this.#failures.length === 0) return result
    } catch (error) {
      if (isCancellation(error)) this.end((error as Error).cause)
      else this.fail(error)
      await this.nobodyLeft()
      if (this.#failures.length === 0) throw error
    } finally {
      this.#open = false
    }
    throw this.failure()
  }

  private left (fiber: Fiber<unknown>): void {
    this.#children.delete(fiber)
    if (fiber.status === 'failed' && !this.#decided) this.fail(fiber.claim())
    if (this.#children.size === 0) this.#whenEmpty?.()
    else this.parkOnChild()
  }

  private fail (thrown: unknown): void {
    const error = failureIn(thrown)
    // The block fails with the error of a fiber that it has joined.
    if (!this.#failures.includes(error)) this.#failures.push(error)
    this.end(error)
  }

  private end (cause?: unknown): void {
    if (this.#ending) return
    this.#ending = true
    this.#cause = cause
    if (!this.#decided) this.#block.cancel(cause)
    for (const child of [...this.#children]) child.cancelBecause(cause)
  }

  /** Waits for the fibers; a cancellation point unless they are being canceled. */
  private async allEnded (): Promise<void> {
    if (!this.#ending && this.#children.size > 0) {
      await suspend<undefined>(undefined, settle => { this.park(() => { settle.resolve(undefined) }) })
    }
    await this.nobodyLeft()
  }

  private async nobodyLeft (): Promise<void> {
    while (this.#children.size > 0) await new Promise<void>(resolve => { this.park(resolve) })
  }

  private park (wake: () => void): void {
    this.#whenEmpty = () => {
      this.#whenEmpty = null
      if (this.#waiter !== null) this.#waiter.parkedOn = null
      wake()
    }
    this.parkOnChild()
  }

  private parkOnChild (): void {
    if (this.#whenEmpty === null || this.#waiter === null) return
    for (const child of this.#children) {
      this.#waiter.parkedOn = child
      return
    }
  }

  private failure (): unknown {
    const [first] = this.#failures
    if (this.#failures.length === 1) return first
    return new AggregateError(this.#failures, `${this.#failures.length} tasks failed`, { cause: first })
  }
}

/**
 * Calls `fn` with a group to start fibers in, and waits for all of them: none outlives the call.
 *
 * The first failure, of a fiber or of `fn` itself, cancels the others, `fn` included, and is what the call rejects with
 * once all have ended. If others fail while they are canceled, it is an `AggregateError` of all, the first one first,
 * which is also its `cause`. A fiber of the group that is canceled by its handle has not failed. The `FiberCanceled` that
 * the others meet has the failure as its `cause`; where an error has both in it, of a disposal that was canceled, the
 * failure alone counts. A failure that nobody awaits is reported as that of a fiber that nobody joins: see `onPanic`.
 *
 * Suspends; a cancellation point while it waits. If the calling fiber is canceled, or a block that the call is in, so are
 * the fibers of the group.
 *
 * ```ts
 * const [user, posts] = await taskGroup(async group => {
 *   const user = group.spawn(() => loadUser(id))
 *   const posts = group.spawn(() => loadPosts(id))
 *   return [await user.join(), await posts.join()]
 * })
 * ```
 *
 * @returns what `fn` returned
 * @throws the failure; `FiberCanceled`; `EINVAL` (`arg` is `'fn'`) if `fn` is not a function
 */
export function taskGroup<T> (fn: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
  return blockOf(runGroup(fn), 'taskGroup', fn)
}

async function runGroup<T> (fn: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'Expected a function', fn)
  return await TaskGroup.create().run(fn)
}

/**
 * Runs each function in a fiber of its own and takes what the first one to end returned or threw. The others are
 * canceled, and have ended when the call does; should one fail meanwhile, that is reported, see `onPanic`, and the result
 * stays.
 *
 * Suspends; a cancellation point until the first has ended.
 *
 * @throws what the first one threw; if others fail while they are canceled then, an `AggregateError` of all;
 * `EINVAL` (`arg` is `'fns'`) if there is no function in it, or (`'fns[1]'`) something else
 */
export function race<T> (fns: Iterable<() => T | PromiseLike<T>>): Promise<T> {
  return blockOf(runRace(fns), 'race', undefined)
}

async function runRace<T> (fns: Iterable<() => T | PromiseLike<T>>): Promise<T> {
  const all = functionsOf(fns)
  return await runGroup(async group => {
    const first = await suspend<Fiber<T>>(undefined, settle => {
      for (const fn of all) {
        const fiber: Fiber<T> = group.spawn(fn)
        fiber.watch(() => {
          if (fiber.status === 'succeeded') group.decide()
          settle.resolve(fiber)
        })
      }
    })
    group.decide()
    return first.status === 'succeeded' ? first.claim() as T : await first.join()
  })
}

function functionsOf<F> (fns: Iterable<F>): F[] {
  const iterable = typeof (fns as Partial<Iterable<F>> | null | undefined)?.[Symbol.iterator] === 'function'
  const all = iterable ? [...fns] : []
  if (!iterable) throw invalidArgument('fns', 'Expected a list of functions', fns)
  if (all.length === 0) throw invalidArgument('fns', 'Expected one function or more, not none')
  const wrong = all.findIndex(fn => typeof fn !== 'function')
  if (wrong >= 0) throw invalidArgument(`fns[${wrong}]`, 'Expected a function', all[wrong])
  return all
}
