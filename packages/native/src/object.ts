// SPDX-License-Identifier: MIT OR BSL-1.0
import { addon } from './binding.js'

/** What a value is made of: text, a number, or bytes where it need not be text. */
export type Wire = string | number | bigint | Uint8Array

/** Where the addon finds the number or the {@link Wire} behind an instance. */
export const coreKey: unique symbol = Symbol('emilua.core')
/** Where the addon finds the class of an instance. */
export const classKey: unique symbol = Symbol('emilua.class')

// Made when the first instance is: a program that only uses values needs none.
let collected: FinalizationRegistry<number> | null = null

function release (handle: number): void {
  addon().release(handle)
}

/** An instance of a native class with identity. Holds a number that the addon checks at each call. */
export abstract class NativeObject {
  readonly #handle: number

  /** For generated classes: `handle` is what {@link adopt} or the addon's constructor returned. */
  constructor (handle: unknown) {
    this.#handle = handle as number
    collected ??= new FinalizationRegistry(release)
    // Anything else is forged: the addon refuses it whenever it is used.
    if (Number.isInteger(this.#handle)) collected.register(this, this.#handle)
  }

  /** @internal */
  get [coreKey] (): number {
    return this.#handle
  }

  /** @internal */
  static handleOf (object: unknown): number {
    return typeof object === 'object' && object !== null && #handle in object ? object.#handle : 0
  }
}

/** An instance of a native class of values: immutable, and nothing but its wire primitive. */
export abstract class NativeValue {
  readonly #wire: Wire

  /** For generated classes: `wire` is what {@link adopt} or the addon's constructor returned. */
  constructor (wire: unknown) {
    this.#wire = wire as Wire
  }

  /** @internal */
  get [coreKey] (): Wire {
    return this.#wire
  }

  /** @internal */
  static wireOf (value: unknown): Wire | undefined {
    return typeof value === 'object' && value !== null && #wire in value ? value.#wire : undefined
  }
}

/** The number by which the addon knows `object`; one it refuses if `object` is no {@link NativeObject}. */
export const handleOf: (object: unknown) => number = NativeObject.handleOf

/** What the value `value` is made of; something the addon refuses if it is no {@link NativeValue}. */
export const wireOf: (value: unknown) => Wire | undefined = NativeValue.wireOf

type Constructor = (new (...args: never[]) => NativeObject | NativeValue)

const classes: (new () => object)[] = []
let adopted: unknown

/** What the addon made for the instance that is being constructed; `undefined` if the program constructs it. */
export function adopt (): unknown {
  const core = adopted
  adopted = undefined
  return core
}

/** For classes without a public constructor. */
export function notConstructible (name: string): never {
  throw new TypeError(`${name} has no public constructor`)
}

/** Makes `constructor` the class of what the description of `module` calls `name`. */
export function register (module: string, name: string, constructor: Constructor): void {
  const id = addon().classId(module, name)
  if (id === undefined) {
    throw new Error(`the native core knows no class ${name} of module ${module}: it was not built from the same ` +
      'version as this package')
  }
  classes[id] = constructor as unknown as new () => object
  Object.defineProperty(constructor.prototype, classKey, { value: id })
}

/** Called by the addon: an instance of class `id` around `core`. */
export function instantiate (id: number, core: unknown): object {
  const constructor = classes[id]
  if (constructor === undefined) throw new Error('the package of this result is not loaded')
  adopted = core
  try {
    return new constructor()
  } finally {
    adopted = undefined
  }
}
