// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect, type InspectOptions } from 'node:util'
import { addon, classKey, type NativeFunction } from './binding.js'

/** What a value is made of: text, a number, or bytes where it need not be text. */
export type Wire = string | number | bigint | Uint8Array

/** Where the addon finds the number or the {@link Wire} behind an instance. */
export const coreKey: unique symbol = Symbol('emilua.core')

// Made when the first instance is: a program that only uses values needs none.
let collected: FinalizationRegistry<number> | null = null

function release (handle: number): void {
  addon().release(handle)
}

/** How many objects share a {@link Group}. */
const groupSize = 64

/** Objects of which all or none are collected, which costs less than to wait for each. They refer to it. */
class Group {
  /** 0 where there is none yet. */
  readonly handles = new Int32Array(groupSize)
  size = 0

  constructor () {
    collectedGroups ??= new FinalizationRegistry(releaseAll)
    collectedGroups.register(this, this.handles)
  }
}

let collectedGroups: FinalizationRegistry<Int32Array> | null = null

function releaseAll (handles: Int32Array): void {
  addon().releaseAll(handles)
}

let adoptedGroup: Group | null = null
/** Of those that were closed and cannot be opened again. */
let closedGroup: Group | null = null

// What inspect hands to a method of an object: the types of Node have given it two names.
type CustomOptions = InspectOptions & { stylize (text: string, style: string): string }

const inspectKey: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never

/** The name of the class of `instance`, or a word for what is none. */
function nameOf (instance: object): string {
  const { constructor } = instance as { constructor: unknown }
  return typeof constructor === 'function' ? constructor.name : 'object'
}

/** What the properties of the description say at this moment; those that say nothing now are left out. */
function properties (object: object): Record<string, unknown> {
  let prototype = object
  while (!Object.hasOwn(prototype, classKey)) {
    prototype = Object.getPrototypeOf(prototype) as object
    if (prototype === null) return {}
  }
  const result: Record<string, unknown> = {}
  for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (get === undefined) continue
    try {
      result[name] = get.call(object)
    } catch {
      // A closed socket has no peer.
    }
  }
  return result
}

/** The text of an object whose class has one. */
function textOf (object: object): string | null {
  if (object.toString === Object.prototype.toString) return null
  try {
    return String(object)
  } catch {
    return null
  }
}

/** Into what an object has read, by which function of the addon; and whether the addon knows that it does so again and again. */
interface LastRead {
  readonly handle: number
  readonly fn: NativeFunction
  readonly buffer: Uint8Array
  readonly size: number
  told: boolean
}

/**
 * An instance of a native class with identity: test libraries find it equal to nothing but itself. Holds a number that the
 * addon checks at each call.
 */
export abstract class NativeObject {
  readonly #handle: number
  #lastRead: LastRead | null = null
  /** Whose turn it is to write all of a buffer, once somebody had to wait: `@emilua/stream` has it here. */
  #turn: object | null = null
  /** @internal also what tells apart two objects for whoever compares properties: `deepStrictEqual`, `toEqual` and their like */
  declare readonly [coreKey]: unknown
  /** What has to stay for as long as the instance is there. */
  #group: Group | null = adoptedGroup

  /** For generated classes: `handle` is what {@link adopt} or the addon's constructor returned. */
  constructor (handle: unknown) {
    this.#handle = this[coreKey] = handle as number
    if (this.#group !== null) return
    collected ??= new FinalizationRegistry(release)
    // Anything else is forged: the addon refuses it whenever it is used.
    if (Number.isInteger(this.#handle)) collected.register(this, this.#handle, this)
  }

  /**
   * For `console.log`: the class, its text if it has one, and what its properties say at this moment.
   *
   * @hidden
   */
  [inspectKey] (depth: number, options: CustomOptions): string {
    const name = nameOf(this)
    if (depth < 0) return options.stylize(`[${name}]`, 'special')
    const shown = properties(this)
    const text = textOf(this)
    if (text === null) return `${name} ${inspect(shown, options)}`
    const rest = Object.keys(shown).length === 0 ? '' : ` ${inspect(shown, options)}`
    return `${name} ${inspect(text, options)}${rest}`
  }

  /** @internal */
  static handleOf (object: unknown): number {
    // V8 compiles this in line, but `in` only where it has seen objects of one class.
    try {
      return (object as NativeObject).#handle
    } catch {
      return 0
    }
  }

  /** @internal */
  static lastRead (object: unknown): LastRead | null {
    try {
      return (object as NativeObject).#lastRead
    } catch {
      return null
    }
  }

  /** @internal */
  static setLastRead (object: NativeObject, read: LastRead): void { object.#lastRead = read }

  /** @internal */
  static turnAt (object: unknown): object | null | undefined {
    try {
      return (object as NativeObject).#turn
    } catch {
      return undefined
    }
  }

  /** @internal */
  static setTurn (object: NativeObject, turn: object): void { object.#turn = turn }

  /** @internal */
  static retire (object: NativeObject): void {
    if (object.#group !== null) return
    // First, for the stack may be full here.
    if (closedGroup === null || closedGroup.size === groupSize) closedGroup = new Group()
    if (!collected?.unregister(object)) return
    closedGroup.handles[closedGroup.size++] = object.#handle
    object.#group = closedGroup
  }
}

/**
 * An instance of a native class of values: immutable, and nothing but its wire primitive. It prints and serialises as
 * its text, and `deepStrictEqual` and its like tell different ones apart. What equals another one may be the same
 * instance, or not: addresses that datagrams come from often are.
 */
export abstract class NativeValue {
  readonly #wire: Wire
  /** By which direct calls know it, if {@link known} has it there. */
  #place = -1
  // Declared, for the constructor assigns them: to define a field with a computed name takes V8 thousands of instructions.
  /** @internal */
  declare readonly [coreKey]: Wire
  /** @internal what all those see that compare own properties, `assert.deepEqual` among them, which skips symbols */
  declare readonly wire: Wire

  /** For generated classes: `wire` is what {@link adopt} or the addon's constructor returned. */
  constructor (wire: unknown) {
    this.#wire = this[coreKey] = this.wire = wire as Wire
  }

  /** Its text; of a class that describes none what it is made of. */
  toString (): string {
    return String(this.#wire)
  }

  /** Its text; where `<` and `-` ask for a number, what it is made of, if that is one: instants can be compared, and subtracted in nanoseconds. */
  [Symbol.toPrimitive] (hint: 'default' | 'number' | 'string'): string | number | bigint {
    if (hint === 'number' && (typeof this.#wire === 'number' || typeof this.#wire === 'bigint')) return this.#wire
    return this.toString()
  }

  /** Its text, for `JSON.stringify`. */
  toJSON (): string {
    return String(this)
  }

  /**
   * For `console.log`: the class and the text.
   *
   * @hidden
   */
  [inspectKey] (_depth: number, options: InspectOptions): string {
    // A prototype is no instance.
    return #wire in this ? `${nameOf(this)} ${inspect(String(this), options)}` : `${nameOf(this)} {}`
  }

  /** @internal */
  static wireOf (value: unknown): Wire | undefined {
    return typeof value === 'object' && value !== null && #wire in value ? value.#wire : undefined
  }

  /** @internal */
  static placeOf (value: unknown): number | undefined {
    // V8 compiles this in line, but `in` only where it has seen objects of one class.
    try {
      return (value as NativeValue).#place
    } catch {
      return undefined
    }
  }

  /** @internal */
  static setPlace (value: NativeValue, place: number): void { value.#place = place }
}

/** What a `Path` of `@emilua/filesystem` is for the packages that that one needs. */
export interface PathValue extends NativeValue {
  toBytes (): Uint8Array
  lexicallyNormal (): PathValue
}

/** The number by which the addon knows `object`; one it refuses if `object` is no {@link NativeObject}. */
export const handleOf: (object: unknown) => number = NativeObject.handleOf

/** Into what `object` has read the last time, if that may come again. */
export const lastRead: (object: unknown) => LastRead | null = NativeObject.lastRead
export const setLastRead: (object: NativeObject, read: LastRead) => void = NativeObject.setLastRead

/** What `setTurn` gave `object`, or `null`; `undefined` if it is no {@link NativeObject}, which takes long to find out. */
export const turnAt: (object: unknown) => object | null | undefined = NativeObject.turnAt
export const setTurn: (object: NativeObject, turn: object) => void = NativeObject.setTurn

/** What the value `value` is made of; something the addon refuses if it is no {@link NativeValue}. */
export const wireOf: (value: unknown) => Wire | undefined = NativeValue.wireOf

/**
 * `object` is closed for good and holds nothing any more. What a registry waits for survives each quick collection, which
 * then takes more than twice as long where many are received and closed: those that are closed share what is waited for.
 */
export const retire: (object: NativeObject) => void = NativeObject.retire

/** A class that {@link register} takes. */
export type Constructor = (new (...args: never[]) => NativeObject | NativeValue)

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

/** Lets the addon make instances of `constructor` of what the description of `module` calls `name`. */
export function registerClass (module: string, name: string, constructor: Constructor): void {
  const id = addon().classId(module, name, constructor.prototype)
  if (id === undefined) {
    throw new Error(`the native core knows no class ${name} of module ${module}: it was not built from the same ` +
      'version as this package')
  }
  classes[id] = constructor as unknown as new () => object
  Object.defineProperty(constructor.prototype, classKey, { value: id })
}

function notImported (id: number): Error {
  const [module, name] = addon().className(id).split('/') as [string, string]
  return new Error(`${name} of module ${module}: the program has not imported the package of that class, @emilua/${module.replaceAll('_', '-')}`)
}

/** Called by the addon: an instance of class `id` around `core`; with a negative `id` a list of those of class `-2 - id`. */
export function instantiate (id: number, core: unknown): object {
  if (id < 0) return (core as unknown[]).map(one => instantiate(-2 - id, one))
  const constructor = classes[id]
  if (constructor === undefined) throw notImported(id)
  adopted = core
  try {
    return new constructor()
  } finally {
    adopted = undefined
  }
}

/**
 * What the iterator `of` gives without waiting: `fn` gives the handles of instances of `constructor`, or `undefined`
 * where it has nothing to give now. `alone`: nobody else waits for a turn meanwhile.
 */
export function promptly<T extends NativeObject> (
  fn: NativeFunction, of: object, constructor: new () => T, alone?: true
): () => T | undefined {
  let group: Group | null = null
  return () => {
    const handle = (alone ? fn(handleOf(of), true) : fn(handleOf(of))) as number | undefined
    if (handle === undefined) return undefined
    if (group === null || group.size === groupSize) group = new Group()
    group.handles[group.size++] = handle
    adopted = handle
    adoptedGroup = group
    try {
      return new constructor()
    } finally {
      adopted = undefined
      adoptedGroup = null
    }
  }
}
