// SPDX-License-Identifier: MIT OR BSL-1.0
import { mayRefuse, unreported, type Interrupter } from '@emilua/native/fiber'
import { FiberCanceled, isCancellation } from './canceled.js'
import { here, sayHowToCleanUp, storage, type Fiber } from './fiber.js'
import { Nested, type Limit } from './frame.js'
import { queueMicrotask, setImmediate } from './platform.js'

// What was started in a canceled block may outlive it, and is refused for as long as it can ask.
let collected: FinalizationRegistry<undefined> | null = null

/** A block of a fiber that can be canceled without the fiber: what lies under time limits and task groups. */
export class CancelScope implements Limit {
  canceled = false
  readonly outer: CancelScope | null
  private readonly owner: Fiber<unknown> | null
  private readonly masked: boolean
  private readonly operations = new Set<Interrupter>()
  private controller: AbortController | null = null
  private refused = false
  /** It was told in this turn. */
  private justTold = false
  /** It went on to operations after it was told. */
  private goesOn = false
  private reason: FiberCanceled | null = null
  private cause: unknown

  /** Opens it where the caller is. */
  constructor () {
    const frame = here()
    this.owner = frame.owner
    this.masked = frame.masked
    this.outer = frame.limit as CancelScope | null
  }

  /** Calls `fn` in it. */
  run<T> (fn: () => T): T {
    const frame = here()
    if (frame.owner !== null) frame.scope ??= []
    return storage.run(new Nested(frame.owner, frame.scope, this.masked, this), fn)
  }

  /**
   * From now on every cancellation point in it rejects, also those where it waits already.
   *
   * @param cause - why, if something failed
   */
  cancel (cause?: unknown): void {
    if (this.canceled) return
    this.canceled = true
    this.cause = cause
    mayRefuse(1)
    collected ??= new FinalizationRegistry(() => { mayRefuse(-1) })
    collected.register(this, undefined)
    if (this.owner?.postpone(this) !== true) this.interrupt()
  }

  /** Interrupts what waits in it. */
  interrupt (): void {
    if (this.operations.size > 0) this.refused = true
    for (const operation of [...this.operations]) operation.interrupt(this.why())
    this.controller?.abort(this.why())
  }

  /** Whether `error` is how the code in it met this cancellation, and no other one is on its way out. */
  caused (error: unknown): boolean {
    if (!this.canceled || !isCancellation(error)) return false
    if (!this.masked && this.owner?.canceled === true) return false
    for (let scope = this.outer; scope !== null; scope = scope.outer) if (scope.canceled) return false
    if (this.goesOn) sayHowToCleanUp('A block with a time limit')
    return true
  }

  get signal (): AbortSignal {
    this.controller ??= new AbortController()
    if (this.canceled && this.owner?.postpones !== true) this.controller.abort(this.why())
    return this.controller.signal
  }

  enter (): Promise<never> | null {
    const refused = this.outer === null ? null : this.outer.enter()
    if (refused !== null || !this.canceled || this.owner?.postpones === true) return refused
    if (!this.refused) {
      this.refused = true
      // What is started beside that is started before anybody knows.
      this.justTold = true
      queueMicrotask(() => { this.justTold = false })
    }
    if (this.justTold) return unreported(Promise.reject(this.why()))
    this.goesOn = true
    // from a macrotask, because a loop that retries in microtasks would let nothing else run
    return unreported(new Promise((_resolve, reject) => { setImmediate(reject, this.why()) }))
  }

  add (operation: Interrupter): void {
    this.operations.add(operation)
    this.outer?.add(operation)
  }

  delete (operation: Interrupter): void {
    this.operations.delete(operation)
    this.outer?.delete(operation)
  }

  spare (): void {
    if (!this.goesOn) this.refused = false
    this.outer?.spare()
  }

  private why (): FiberCanceled { return this.reason ??= new FiberCanceled(this.cause) }
}
