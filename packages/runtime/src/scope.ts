// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument, runtimeError } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import { here, storage } from './fiber.js'
import { Nested, type Scope } from './frame.js'
import { runHandler, runHandlers } from './handlers.js'

/**
 * Calls `fn` in a scope of its own and afterwards, whether it returned or threw, runs the cleanup handlers that were
 * pushed in it, the last first, each to its end, with cancellation masked.
 *
 * Scopes nest. Every fiber has a root scope that ends with it. A scope belongs to the code inside of `fn` and what
 * that calls and awaits, not to other branches of the same fiber. `scope` itself is no cancellation point.
 *
 * @returns what `fn` returned
 * @throws what `fn` threw; `EINVAL` (`arg` is `'fn'`) if it is not a function
 */
export function scope<T> (fn: () => T | PromiseLike<T>): Promise<T> {
  return composed(runScope(fn))
}

async function runScope<T> (fn: () => T | PromiseLike<T>): Promise<T> {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'Expected a function', fn)
  const frame = here()
  const handlers: Scope = []
  try {
    return await storage.run(new Nested(frame.owner, handlers, frame.masked, frame.limit), fn)
  } finally {
    if (handlers.length > 0) await runHandlers(frame, handlers)
  }
}

/**
 * Registers a handler with the innermost scope. It may suspend. If it fails, the failure is reported and the process
 * ends with exit code 1, because the program's invariants cannot be relied upon any more.
 *
 * @throws `EINVAL` if `handler` is not a function (`arg` is `'handler'`); `NOT_IN_A_FIBER` where there is no scope
 */
export function scopeCleanupPush (handler: () => unknown): void {
  if (typeof handler !== 'function') throw invalidArgument('handler', 'Expected a function', handler)
  innermost().push(handler)
}

/**
 * Takes back the handler that was registered last with the innermost scope.
 *
 * @param execute - whether to run it, with cancellation masked. Default: `true`
 * @throws `NO_CLEANUP_HANDLER` if there is none
 */
export async function scopeCleanupPop (execute = true): Promise<void> {
  const handlers = innermost()
  const handler = handlers.pop()
  if (handler === undefined) throw runtimeError('noCleanupHandler', 'No cleanup handler is registered in this scope')
  if (execute) await runHandler(here(), handlers, handler)
}

/**
 * As a decorator: every call of the method is masked.
 *
 * ```ts
 * class Session implements AsyncDisposable {
 *   @uncancelable async [Symbol.asyncDispose] () { await this.logOut() }
 * }
 * ```
 */
export function uncancelable<This, A extends unknown[], R> (
  method: (this: This, ...args: A) => R, context: ClassMethodDecoratorContext<This>
): (this: This, ...args: A) => R
/**
 * Calls `fn` with cancellation masked: in it, and in what it calls and awaits, nothing is a cancellation point, and
 * neither `fiber.cancel()` nor a time limit or a task group around it interrupts an operation. Being lexical, it needs
 * no restoring and does not affect other branches of the fiber. An `AbortSignal` given to an operation still works.
 *
 * @returns what `fn` returned
 * @throws `EINVAL` (`arg` is `'fn'`) if `fn` is not a function: a promise has begun already
 */
export function uncancelable<T> (fn: () => T): T
export function uncancelable (fn: (this: unknown, ...args: unknown[]) => unknown, context?: unknown): unknown {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'Expected a function', fn)
  if (context === undefined) return mask(fn)
  return function (this: unknown, ...args: unknown[]) { return mask(() => fn.apply(this, args)) }
}

/** @internal {@link uncancelable}, the function */
export function mask<T> (fn: () => T): T {
  const frame = here()
  if (frame.owner === null ? frame.limit === null : frame.masked && frame.limit === null) return fn()
  return storage.run(new Nested(frame.owner, innermostOf(frame), true, null), fn)
}

function innermost (): Scope {
  const scope = innermostOf(here())
  if (scope === null) throw runtimeError('notInAFiber', 'No scope: no fiber runs here')
  return scope
}

function innermostOf (frame: ReturnType<typeof here>): Scope | null {
  return frame.owner === null ? frame.scope : frame.scope ??= []
}
