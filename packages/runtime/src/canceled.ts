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
