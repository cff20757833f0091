// SPDX-License-Identifier: MIT OR BSL-1.0
// Calls whose results may be there without waiting: their arguments and results are in memory that the addon shares, so
// that neither costs a call of Node-API.
import { addon, type NativeFunction, type Natives } from './binding.js'
import { checkpoint, type OperationOptions } from './fiber.js'
import { NativeObject, NativeValue, handleOf, instantiate } from './object.js'
import { begin, giveBack, holdUpTo, resolved, take, wait, writing } from './operation.js'

/** Arguments behind the buffer at most, and objects in a list. */
const ARGUMENTS = 3, LONGEST_LIST = 256
/** What an argument is. */
const NOTHING = 0, NUMBER = 1, VALUE = 2, OBJECT = 3, LIST = 4
/** What became of a call; of any other one nothing did. */
const DONE = 1, WAITS = 2
// Where things are behind the two numbers: the operation, the receiver, how many bytes were copied, what each argument is
// (four bits) and a number of it, what became of the call, the class of a result and where it is known, where a value is
// known whose instance is still missing here, and the handles of a list.
const ID = 4, SELF = 5, SIZE = 6, KINDS = 7, ARGUMENT = 8, BECAME = ARGUMENT + ARGUMENTS, CLASS = BECAME + 1, PLACE = BECAME + 2,
  UNTAKEN = BECAME + 3, OBJECTS = BECAME + 4

/** The memory that the addon and this module share. */
export const frame = new Int32Array(OBJECTS + LONGEST_LIST + 1)
frame[UNTAKEN] = -1
/** The results that are numbers. */
const numbers = new Float64Array(frame.buffer, 0, 2)

/** A method of a generated class that takes a buffer, and whose results may be there without waiting. */
export class Direct<T> {
  readonly fn: NativeFunction
  readonly now: NativeFunction

  /**
   * @param count - how many arguments it has
   * @param sends - whether it only looks at the buffer
   * @param made - what the results make: a number, and if there is more an object or a list of them, and a number
   */
  constructor (
    native: Natives, key: string, readonly count: number, readonly sends: boolean,
    readonly made: ((first: number, object: unknown, second: number) => T) | null = null
  ) {
    this.fn = native[key]!
    this.now = native[`${key}:now`]!
  }
}

/** Values that came or were given lately, where the addon has them, too. */
const known: NativeValue[] = []
/** The place of what cannot be known. */
const NEVER = -2

/** The length whatever a class of the program says. */
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')!.get as (this: Uint8Array) => number

// Whatever ends a call before this, such as a full stack, the addon forgets the value then, with the next call. Nothing
// may be called in between.
function remember (place: number, value: NativeValue): void {
  known[place] = value
  frame[UNTAKEN] = -1
}

function learn (value: NativeValue, place: number): number {
  if (place === NEVER) return NEVER
  const found = addon().know(value)
  if (found >= 0) remember(found, value)
  NativeValue.setPlace(value, found < 0 ? NEVER : found)
  return found
}

function instanceAt (place: number, id: number, core: unknown): unknown {
  const value = instantiate(id, core) as NativeValue
  remember(place, value)
  NativeValue.setPlace(value, place)
  return value
}

/** The result that is an object or a list: `core` is what the call returned. */
function objectOf (core: unknown): unknown {
  const place = frame[PLACE]!
  if (core === undefined) return known[place]
  const id = frame[CLASS]!
  if (place >= 0) return instanceAt(place, id, core)
  return id === -1 ? core : instantiate(id, core)
}

/** Says what argument `i` is, {@link NOTHING} or more; -1 if it cannot be handed over. */
function handOver (i: number, argument: unknown): number {
  if (argument == null) return NOTHING
  if (typeof argument === 'number') {
    frame[ARGUMENT + i] = argument
    return frame[ARGUMENT + i] === argument ? NUMBER : -1
  }
  if (typeof argument !== 'object') return -1
  return Array.isArray(argument) ? handOverList(i, argument) : handOverObject(i, argument)
}

function handOverObject (i: number, object: object): number {
  let place = NativeValue.placeOf(object)
  if (place === undefined) {
    const handle = handleOf(object)
    frame[ARGUMENT + i] = handle
    return handle === 0 ? -1 : OBJECT
  }
  if (place < 0 || known[place] !== object) {
    place = learn(object as NativeValue, place)
    if (place < 0) return -1
  }
  frame[ARGUMENT + i] = place
  return VALUE
}

function handOverList (i: number, list: readonly unknown[]): number {
  const { length } = list
  if (length > LONGEST_LIST) return -1
  for (let n = 0; n < length; n++) {
    const handle = handleOf(list[n])
    if (handle === 0) return -1
    frame[OBJECTS + n] = handle
  }
  frame[ARGUMENT + i] = length
  return LIST
}

/** Counts calls: what runs while an argument is handed over may make another one. */
let turn = 0

function handOverAll (count: number, a: unknown, b: unknown, c: unknown): boolean {
  const own = ++turn
  try {
    const first = count > 1 ? handOver(0, a) : NOTHING
    const second = count > 2 ? handOver(1, b) : NOTHING
    const third = count > 3 ? handOver(2, c) : NOTHING
    frame[KINDS] = first | second << 4 | third << 8
    return own === turn && (first | second | third) >= 0
  } catch {
    // What a getter in a list throws it throws again for the call by other means.
    return false
  }
}

function call (method: Direct<unknown>, buffer: Uint8Array): unknown {
  const length = lengthOf.call(buffer)
  // Asked for the memory of one on its heap, V8 makes some outside of it. One that is detached has no length.
  if (!method.sends || length === 0 || length > writing.length) return method.now(buffer)
  writing.set(buffer)
  frame[SIZE] = length
  return method.now()
}

function resultsOf<T> (method: Direct<T>, core: unknown): Promise<T> {
  const { made } = method
  if (made === null) return resolved(numbers[0]!) as Promise<T>
  try {
    return Promise.resolve(made(numbers[0]!, objectOf(core), numbers[1]!))
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Calls `method` of `object` with the buffer and up to three arguments more. */
export function direct<T> (
  method: Direct<T>, object: NativeObject, options: OperationOptions | undefined, buffer: unknown, a?: unknown, b?: unknown, c?: unknown
): Promise<T> {
  const { count } = method
  const refused = checkpoint(options, count === 2 ? a : count === 4 ? c : count === 3 ? b : buffer)
  if (refused !== null) return refused
  const slot = take()
  if (ArrayBuffer.isView(buffer) && buffer instanceof Uint8Array && handOverAll(count, a, b, c)) {
    frame[ID] = slot.id
    frame[SELF] = handleOf(object)
    const core = call(method, buffer)
    if (frame[BECAME] === DONE) {
      giveBack(slot)
      return resultsOf(method, core)
    }
    if (frame[BECAME] === WAITS) {
      holdUpTo(slot, count, buffer, a, b, c)
      return wait(slot, method.fn, options)
    }
  }
  return begin(slot, method.fn, handleOf(object), options, count, buffer, a, b, c)
}
