// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What a cancellation point of a canceled fiber rejects with, so that the fiber unwinds. A fiber that ends by it is
 * not reported as failed.
 */
export class FiberCanceled extends Error {
  static {
    this.prototype.name = 'FiberCanceled'
  }

  /** Always `'ECANCELED'`. */
  readonly code = 'ECANCELED'

  constructor () {
    super('fiber canceled')
  }
}

/**
 * Whether an error says nothing but that fibers were canceled: {@link FiberCanceled}, and what `await using` and
 * `Promise.any` make of several.
 */
export function isCancellation (error: unknown): boolean {
  try {
    return isOnlyCancellation(error)
  } catch {
    // What is thrown may have getters that throw, and may contain itself.
    return false
  }
}

function isOnlyCancellation (error: unknown): boolean {
  if (error instanceof FiberCanceled) return true
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isOnlyCancellation)
  // By name, because compilers make one of their own where the platform has none.
  if (error.name !== 'SuppressedError') return false
  const { error: last, suppressed } = error as Error & { error?: unknown, suppressed?: unknown }
  return isOnlyCancellation(last) && isOnlyCancellation(suppressed)
}
