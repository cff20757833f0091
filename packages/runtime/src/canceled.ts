// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What a cancellation point of a canceled fiber rejects with, so that the fiber unwinds. A fiber that ends by it is
 * not reported as failed. Its `cause` is the failure, or the time limit, because of which the rest was canceled, if one
 * was.
 */
export class FiberCanceled extends Error {
  static {
    this.prototype.name = 'FiberCanceled'
  }

  /** Always `'ECANCELED'`. */
  readonly code = 'ECANCELED'

  constructor (cause?: unknown) {
    super('fiber canceled', cause === undefined ? undefined : { cause })
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

/** How many errors may lie in each other; one may contain itself. */
const deepest = 16

/**
 * The failure in what `await using` and `Promise.any` make of one failure and of cancellations, which say nothing; any
 * other error is returned as it is.
 */
export function failureIn (error: unknown): unknown {
  try {
    let found = error
    for (let depth = 0; depth < deepest; depth++) {
      const failures = partsOf(found).filter(part => !isCancellation(part))
      if (failures.length !== 1 || failures.length === partsOf(found).length) return found
      found = failures[0]
    }
  } catch { /* a getter of it has thrown */ }
  return error
}

function isOnlyCancellation (error: unknown): boolean {
  if (error instanceof FiberCanceled) return true
  const parts = partsOf(error)
  return parts.length > 0 && parts.every(isOnlyCancellation)
}

function partsOf (error: unknown): unknown[] {
  if (error instanceof AggregateError) return error.errors
  // By name, because compilers make one of their own where the platform has none.
  if (!(error instanceof Error) || error.name !== 'SuppressedError') return []
  const { error: last, suppressed } = error as Error & { error?: unknown, suppressed?: unknown }
  return [last, suppressed]
}
