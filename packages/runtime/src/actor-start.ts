// SPDX-License-Identifier: MIT OR BSL-1.0

/** What the thread of an actor is told. */
export interface ActorStart {
  readonly number: number
  /** URL of the program. */
  readonly module: string
  /** URL of this package. */
  readonly runtime: string
  /** URL of what runs modules here, if it is not Node. */
  readonly loader: string | undefined
}

/** Where `@emilua/cli` says that it runs modules. */
const loaderKey: unique symbol = Symbol.for('@emilua/cli: run')

/** What runs modules in this thread, if it is not Node. */
export function currentLoader (): string | undefined {
  return (globalThis as { [loaderKey]?: string })[loaderKey]
}
