// SPDX-License-Identifier: MIT OR BSL-1.0
import { AsyncLocalStorage } from 'node:async_hooks'
import type { FiberState, Interrupter } from '@emilua/native/fiber'

/** The cleanup handlers of a scope, last pushed last. */
export type Scope = (() => unknown)[]

/** What a frame asks of its fiber. */
export interface Owner extends FiberState {
  /** The name of the fiber in messages. */
  readonly who: string
  /** @returns `null` if an operation may go on, otherwise a rejected promise */
  refuse (masked: boolean): Promise<never> | null
}

/** Code that can be canceled without its fiber: the innermost such block around a frame, and through it the others. */
export interface Limit extends FiberState {
  readonly outer: Limit | null
  readonly signal: AbortSignal
}

/** Where in which fiber a piece of code runs: what AsyncLocalStorage holds. Only the root scope is made late. */
export interface Frame<O extends Owner = Owner> extends FiberState {
  /** `null`: no fiber, because foreign code runs. */
  readonly owner: O | null
  scope: Scope | null
  /** Whether the cancellation of the fiber, and of limits outside of `limit`, counts for nothing here. */
  readonly masked: boolean
  readonly limit: Limit | null
}

export const frames = new AsyncLocalStorage<Frame>()

/** A frame inside of a fiber, or outside of all. */
export class Nested<O extends Owner> implements Frame<O> {
  constructor (readonly owner: O | null, public scope: Scope | null, readonly masked: boolean, readonly limit: Limit | null) {}

  enter (): Promise<never> | null {
    const refused = this.owner === null ? null : this.owner.refuse(this.masked)
    return refused === null && this.limit !== null ? this.limit.enter() : refused
  }

  add (operation: Interrupter): void {
    if (!this.masked) this.owner?.add(operation)
    this.limit?.add(operation)
  }

  delete (operation: Interrupter): void {
    if (!this.masked) this.owner?.delete(operation)
    this.limit?.delete(operation)
  }

  spare (): void {
    if (!this.masked) this.owner?.spare()
    this.limit?.spare()
  }
}
