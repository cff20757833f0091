// SPDX-License-Identifier: MIT OR BSL-1.0
import { AsyncLocalStorage } from 'node:async_hooks'
import type { FiberState, Interrupter } from '@emilua/native/fiber'

/** The cleanup handlers of a scope, last pushed last. */
export type Scope = (() => unknown)[]

/** What a frame asks of its fiber. */
export interface Owner extends FiberState {
  /** The name of the fiber in messages. */
  readonly name: string
  /** @returns `null` if an operation may go on, otherwise a rejected promise */
  refuse (masked: boolean): Promise<never> | null
}

/** Where in which fiber a piece of code runs: what AsyncLocalStorage holds. Only the root scope is made late. */
export interface Frame<O extends Owner = Owner> extends FiberState {
  /** `null`: no fiber, because foreign code runs. */
  readonly owner: O | null
  scope: Scope | null
  readonly masked: boolean
}

export const frames = new AsyncLocalStorage<Frame>()

/** A frame inside of a fiber, or outside of all. */
export class Nested<O extends Owner> implements Frame<O> {
  constructor (readonly owner: O | null, public scope: Scope | null, readonly masked: boolean) {}

  enter (): Promise<never> | null { return this.owner === null ? null : this.owner.refuse(this.masked) }

  add (operation: Interrupter): void {
    if (!this.masked) this.owner?.add(operation)
  }

  delete (operation: Interrupter): void {
    if (!this.masked) this.owner?.delete(operation)
  }
}
