// SPDX-License-Identifier: MIT OR BSL-1.0
import { addon, type NativeFunction } from './binding.js'
import { showWaiting } from './caller.js'
import { endOfFile } from './eof.js'
import { Waiting, checkpoint, currentFiber, type Interrupter, type OperationOptions } from './fiber.js'
import { type Held, Hold } from './hold.js'
import { handleOf, instantiate, lastRead, setLastRead, type NativeObject } from './object.js'
import { Place, places } from './place.js'
import { assembled, assembledOf, sizeOf } from './results.js'

// How the addon says what became of a call: status[0] after it returned. Of several results what their shape is comes next,
// the place of the one that the call returned, or -1, and the others, which are integers.
const PENDING = 1, FAILED = 2, SEVERAL_AT_ONCE = 3
// What a completion is. Beside it is an integer, the class of an object or the shape of several results; anything else is
// among the arguments of drain, in order.
const NOTHING = 0, INTEGER = 1, VALUE = 2, ERROR = 3, OBJECT = 4, SEVERAL = 5, ENDED = 6
/** Completions that one call of {@link drain} delivers at most. */
const BATCH = 512
/** Arguments an operation has at most. */
const ARGUMENTS = 8

/** Results a call has at most, and where the first is. */
const RESULTS = 8, FIRST_INTEGER = 3

const status = new Int32Array(FIRST_INTEGER + RESULTS)
const completed = new Int32Array(BATCH * 3)
// Arguments of pending operations. The addon keeps no pointer to a buffer while it waits but takes it from here; only
// buffers inside of an argument are the addon's to keep.
const heldArguments: unknown[] = []

/** Reads that one call of {@link drain} submits at most without a call each. */
const READS = 31
/** Whether the addon starts soon what is submitted; how many reads are; of each its slot and its object. */
const submitted = new Int32Array(2 + 2 * READS)

/** Where pieces are copied to be written that are so short that V8 may have them on its heap. */
export const writing = new Uint8Array(64)

/** The memory that the addon and this module share. */
export const sharedMemory = {
  status, completed, heldArguments, submitted, writing, batch: BATCH, argumentsPerOperation: ARGUMENTS
}

/**
 * What a composed operation makes of the number that a read gives, of the end of its stream, or of its error, without a
 * promise in between.
 */
export interface ReadResult<T> {
  succeed (n: number): T | Promise<T>
  /** Where `fail` would be given an error that says nothing else, which takes long to make. */
  end (): T
  fail (error: unknown): T | Promise<T>
}

type Resolve = (value: unknown) => void
type Reject = (error: unknown) => void

/** How an operation that waits is settled. What is new and is written into something old costs the collector's bookkeeping each time: this is. */
class Settling {
  promise: Promise<unknown> | null = null

  constructor (readonly resolve: Resolve, readonly reject: Reject) {}
}

export class Slot extends Waiting implements Held {
  /** `null` while nothing waits in it. */
  settling: Settling | null = null
  /** What waits in it. */
  operation: NativeFunction | null = null
  hold: Hold | null = null
  next: Slot | null = null
  /** Where its operation was started, if that is noted. */
  called: Place | null = null
  /** What becomes of its result, a number. */
  becomes: ReadResult<unknown> | null = null
  /** How many arguments are held for it. */
  argumentCount = 0

  constructor (readonly id: number) {
    super()
  }

  /** Notes what waits, and who may end it. */
  keep (settling: Settling, promise: Promise<unknown>, fn: NativeFunction, options: OperationOptions | undefined): void {
    settling.promise = promise
    this.operation = fn
    this.called = places.recorded ? new Place() : null
    const fiber = currentFiber()
    if (options == null) {
      this.park(fiber)
      return
    }
    this.park(fiber, options.signal)
    const hold = options.hold
    if (hold instanceof Hold) {
      this.hold = hold
      hold.add(this)
    }
  }

  holdProcess (yes: boolean): void {
    addon().hold(this.id, yes ? 1 : 0)
  }

  protected override get awaited (): Promise<unknown> | null {
    return this.settling === null ? null : this.settling.promise
  }

  protected override cancel (): void {
    addon().cancel(this.id)
  }
}

const slots: Slot[] = []
let free: Slot | null = null
/** That of the addon. */
let cancel: (id: number) => void

// A slot is taken before the call: a getter among the arguments may start an operation of its own.
export function take (): Slot {
  const slot = free
  if (slot === null) return anotherSlot()
  free = slot.next
  return slot
}

function anotherSlot (): Slot {
  const slot = new Slot(slots.length)
  cancel = addon().cancel
  slots.push(slot)
  for (let i = 0; i < ARGUMENTS; i++) heldArguments.push(undefined)
  return slot
}

// One executor for all promises: a closure each would double their price.
let promising: Slot
function executor (resolve: Resolve, reject: Reject): void {
  promising.settling = new Settling(resolve, reject)
}

/** Has the caller wait for what the addon has started. */
export function wait<T> (slot: Slot, fn: NativeFunction, options: OperationOptions | undefined): Promise<T> {
  try {
    promising = slot
    const promise = new Promise(executor)
    const { settling } = slot
    // The stack was full for the executor: that is what it is rejected with.
    if (settling === null) cancel(slot.id)
    else slot.keep(settling, promise, fn, options)
    return promise as Promise<T>
  } catch (error) {
    // Of a full stack. Nobody will know of the operation, which ends before it takes anything; functions of the addon can still be called.
    slot.settling = null
    cancel(slot.id)
    throw error
  }
}

function holdArguments (slot: Slot, args: readonly unknown[]): void {
  slot.argumentCount = args.length
  const base = slot.id * ARGUMENTS
  for (let i = 0; i < args.length; i++) heldArguments[base + i] = args[i]
}

function settled<T> (slot: Slot, result: unknown): Promise<T> {
  giveBack(slot)
  if (status[0] === FAILED) return Promise.reject(result)
  if (status[0] === SEVERAL_AT_ONCE) return Promise.resolve(severalAtOnce(result) as T)
  return typeof result === 'number' ? resolved(result) as Promise<T> : Promise.resolve(result as T)
}

// A promise costs more than all else of what need not wait, and most reads and writes are as long as the one before.
let lastNumber = 0
let lastPromise = Promise.resolve(lastNumber)

/** A promise of `n`, which others may have got as well. */
export function resolved (n: number): Promise<number> {
  if (!Object.is(n, lastNumber)) {
    lastNumber = n
    lastPromise = Promise.resolve(n)
  }
  return lastPromise
}

function severalAtOnce (one: unknown): unknown {
  try {
    return assembledOf(status[1]!, status, FIRST_INTEGER, status[2]!, one)
  } catch (error) {
    return Promise.reject(error)
  }
}

// The stack of an error made here would show nobody's program. One captured in a reaction, while somebody already waits
// for what comes after it, has the functions that wait. A success has no such reaction and costs nothing.
function settleFailure (resolve: Resolve, reject: Reject, slot: Slot, error: unknown): void {
  if (slot.interrupted) {
    reject(slot.reason)
    return
  }
  let fail: Reject
  const failing = new Promise((_, reject) => { fail = reject })
  resolve(failing.then(undefined, rethrow.bind(null, slot.called)))
  queueMicrotask(() => { fail(error) })
}

function rethrow (called: Place | null, error: unknown): never {
  if (error instanceof Error) {
    Error.captureStackTrace(error, rethrow)
    showWaiting(error, rethrow, called)
  }
  throw error
}

function settleRead (resolve: Resolve, reject: Reject, { succeed }: ReadResult<unknown>, n: number): void {
  try {
    resolve(succeed(n))
  } catch (error) {
    reject(error)
  }
}

function settleEnd (resolve: Resolve, reject: Reject, becomes: ReadResult<unknown>): void {
  try {
    resolve(becomes.end())
  } catch (error) {
    reject(error)
  }
}

function settleFailed (
  resolve: Resolve, reject: Reject, slot: Slot, becomes: ReadResult<unknown> | null, error: unknown
): void {
  if (becomes === null) settleFailure(resolve, reject, slot, error)
  else resolve(new Promise((resolve, reject) => { settleFailure(resolve, reject, slot, error) }).catch(becomes.fail))
  slot.reason = undefined
}

function settleObject (resolve: Resolve, reject: Reject, slot: Slot, id: number, core: unknown): void {
  try {
    resolve(instantiate(id, core))
  } catch (error) {
    settleFailure(resolve, reject, slot, error)
  }
}

function settleSeveral (
  resolve: Resolve, reject: Reject, slot: Slot, shape: number, values: readonly unknown[], first: number
): void {
  try {
    resolve(assembled(shape, values, first))
  } catch (error) {
    settleFailure(resolve, reject, slot, error)
  }
}

/** Of an operation that nobody could be made to wait for: a failure of it is none. */
const unwanted = new Settling(() => {}, () => {})

/** Called by the addon when operations completed, once a batch. Never throws: there is nobody to catch it. */
export function drain (count: number, ...values: readonly unknown[]): void {
  for (let i = 0, at = 0, next = 0; i < count; i++, at += 3) {
    const slot = slots[completed[at]!]!
    const kind = completed[at + 1]!
    if (slot.interrupted && kind !== ERROR && kind !== ENDED) slot.spare()
    slot.unpark()
    let { becomes, settling } = slot
    if (settling === null) {
      settling = unwanted
      becomes = null
      slot.interrupted = true
    }
    const { resolve, reject } = settling
    slot.settling = null
    slot.becomes = null
    if (slot.hold !== null) {
      slot.hold.delete(slot)
      slot.hold = null
    }
    const base = slot.id * ARGUMENTS
    for (let j = slot.argumentCount; j > 0;) heldArguments[base + --j] = undefined
    slot.argumentCount = 0
    slot.next = free
    free = slot
    switch (kind) {
      case NOTHING:
        resolve(undefined)
        break
      case INTEGER:
        if (becomes === null) resolve(completed[at + 2])
        else settleRead(resolve, reject, becomes, completed[at + 2]!)
        break
      case VALUE:
        resolve(values[next++])
        break
      case OBJECT:
        settleObject(resolve, reject, slot, completed[at + 2]!, values[next++])
        break
      case SEVERAL:
        settleSeveral(resolve, reject, slot, completed[at + 2]!, values, next)
        next += sizeOf(completed[at + 2]!)
        break
      case ENDED:
        if (becomes !== null && !slot.interrupted) settleEnd(resolve, reject, becomes)
        else settleFailed(resolve, reject, slot, becomes, endOfFile(values[next] as string))
        next++
        break
      case ERROR:
        settleFailed(resolve, reject, slot, becomes, values[next++])
    }
  }
}

/** Starts a suspending function of the addon without arguments. The numbered ones are {@link operate} without its array. */
export function operate0<T> (fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined): Promise<T> {
  const refused = checkpoint(options)
  if (refused !== null) return refused
  const slot = take()
  const result = fn(slot.id, receiver)
  return status[0] === PENDING ? wait(slot, fn, options) : settled(slot, result)
}

/** Starts a suspending function of the addon with one argument. */
export function operate1<T> (
  fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined, a: unknown
): Promise<T> {
  const refused = checkpoint(options, a)
  if (refused !== null) return refused
  const slot = take()
  const result = fn(slot.id, receiver, a)
  if (status[0] !== PENDING) return settled(slot, result)
  slot.argumentCount = 1
  heldArguments[slot.id * ARGUMENTS] = a
  return wait(slot, fn, options)
}

/** Buffers of this size at most stay with their object between its reads. */
const SMALL = 65536

/** Whether the memory of `buffer` stays where it is, as long as it is not detached. */
function canRepeat (buffer: Uint8Array): boolean {
  const memory = buffer.buffer as ArrayBuffer & { resizable?: boolean }
  return buffer.length > 0 && memory instanceof ArrayBuffer && memory.resizable !== true
}

/**
 * {@link operate1} for a method of `object` that reads into a buffer. An object that reads into one buffer again and
 * again tells the addon once which that is, and in a call of `drain` submits what follows in shared memory. The
 * addon starts that when the call returns, or before if anything else is asked of it.
 *
 * @param becomes - what to make of its result
 */
export function read<T> (
  fn: NativeFunction, object: NativeObject, options: OperationOptions | undefined, buffer: Uint8Array,
  becomes: ReadResult<T> | null = null
): Promise<T> {
  const refused = checkpoint(options, buffer)
  if (refused !== null) return becomes === null ? refused : refused.catch(becomes.fail)
  const slot = take()
  const last = lastRead(object)
  let result: unknown
  if (last === null || last.buffer !== buffer || last.fn !== fn || last.size !== buffer.length) {
    const handle = handleOf(object)
    result = fn(slot.id, handle, buffer)
    if (handle !== 0 && status[0] !== FAILED && buffer.length <= SMALL) {
      setLastRead(object, { handle, fn, buffer, size: buffer.length, told: false })
    }
  } else if (!last.told && canRepeat(buffer)) {
    status[1] = 0
    result = fn(slot.id, last.handle, buffer, true)
    last.told = status[1] === 1
  } else {
    const count = submitted[1]!
    if (last.told && submitted[0] !== 0 && count < READS) {
      submitted[2 + 2 * count] = slot.id
      submitted[3 + 2 * count] = last.handle
      submitted[1] = count + 1
      status[0] = PENDING
    } else {
      result = fn(slot.id, last.handle, buffer)
    }
  }
  if (status[0] !== PENDING) {
    const done = settled(slot, result)
    return becomes === null ? done as Promise<T> : (done as Promise<number>).then(becomes.succeed, becomes.fail)
  }
  slot.becomes = becomes
  slot.argumentCount = 1
  heldArguments[slot.id * ARGUMENTS] = buffer
  return wait(slot, fn, options)
}

/**
 * What `write`, a function of the addon that needs no operation, writes at once.
 *
 * @returns the number of bytes; `undefined` if an operation has to
 */
export function writeDirectly (write: NativeFunction, object: object, buffer: Uint8Array): number | undefined {
  // Integers are read where they are: to find those of values takes longer.
  status[1] = handleOf(object)
  status[2] = buffer.length
  // Asked for the memory of one on its heap, V8 makes some outside of it, at the price of a dozen copies.
  if (buffer.length <= writing.length) {
    writing.set(buffer)
    write()
  } else {
    write(buffer)
  }
  const size = status[1]!
  return size < 0 ? undefined : size
}

/** Starts a suspending function of the addon with two arguments. */
export function operate2<T> (
  fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined, a: unknown, b: unknown
): Promise<T> {
  const refused = checkpoint(options, b)
  if (refused !== null) return refused
  const slot = take()
  const result = fn(slot.id, receiver, a, b)
  if (status[0] !== PENDING) return settled(slot, result)
  holdArguments(slot, [a, b])
  return wait(slot, fn, options)
}

/** Starts a suspending function of the addon with three arguments. */
export function operate3<T> (
  fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined, a: unknown, b: unknown, c: unknown
): Promise<T> {
  const refused = checkpoint(options, c)
  if (refused !== null) return refused
  const slot = take()
  const result = fn(slot.id, receiver, a, b, c)
  if (status[0] !== PENDING) return settled(slot, result)
  holdArguments(slot, [a, b, c])
  return wait(slot, fn, options)
}

/** Starts a suspending function of the addon with four arguments. */
export function operate4<T> (
  fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined, a: unknown, b: unknown, c: unknown, d: unknown
): Promise<T> {
  const refused = checkpoint(options, d)
  if (refused !== null) return refused
  const slot = take()
  const result = fn(slot.id, receiver, a, b, c, d)
  if (status[0] !== PENDING) return settled(slot, result)
  holdArguments(slot, [a, b, c, d])
  return wait(slot, fn, options)
}

/** Starts a suspending function of the addon with any number of arguments, 8 at most. */
export function operate<T> (
  fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined, args: readonly unknown[]
): Promise<T> {
  const refused = checkpoint(options, args[args.length - 1])
  if (refused !== null) return refused
  if (args.length > ARGUMENTS) return Promise.reject(new RangeError(`no operation takes ${args.length} arguments`))
  const slot = take()
  const result = fn(slot.id, receiver, ...args)
  if (status[0] !== PENDING) return settled(slot, result)
  holdArguments(slot, args)
  return wait(slot, fn, options)
}

/** Ends the use of a slot that nothing waits in. */
export function giveBack (slot: Slot): void {
  slot.next = free
  free = slot
}

/** Holds the first `count` of these arguments for the operation in `slot`, one at least. */
export function holdUpTo (slot: Slot, count: number, a: unknown, b: unknown, c: unknown, d: unknown): void {
  slot.argumentCount = count
  const base = slot.id * ARGUMENTS
  heldArguments[base] = a
  if (count > 1) heldArguments[base + 1] = b
  if (count > 2) heldArguments[base + 2] = c
  if (count > 3) heldArguments[base + 3] = d
}

/** Starts a suspending function of the addon in `slot`, after {@link checkpoint}, with the first `count` of these arguments, one at least. */
export function begin<T> (
  slot: Slot, fn: NativeFunction, receiver: unknown, options: OperationOptions | undefined, count: number,
  a: unknown, b: unknown, c: unknown, d: unknown
): Promise<T> {
  const result = count === 1
    ? fn(slot.id, receiver, a)
    : count === 2 ? fn(slot.id, receiver, a, b) : count === 3 ? fn(slot.id, receiver, a, b, c) : fn(slot.id, receiver, a, b, c, d)
  if (status[0] !== PENDING) return settled(slot, result)
  holdUpTo(slot, count, a, b, c, d)
  return wait(slot, fn, options)
}

/** What waits at the moment and keeps the process alive, once for each operation. */
export function heldBy (): NativeFunction[] {
  return slots.flatMap(({ settling, operation, hold }) => settling === null || operation === null || hold?.hasRef() === false ? [] : [operation])
}

/** A wait for a native operation. */
export interface NativeWait {
  readonly operation: NativeFunction
  /** How long it has waited; `undefined` if it completed and was not delivered yet. */
  readonly seconds: number | undefined
}

/** What `waiting` is that a fiber was told of; `null` if that is no native operation. */
export function nativeWait (waiting: Interrupter): NativeWait | null {
  if (!(waiting instanceof Slot) || waiting.settling === null || waiting.operation === null) return null
  return { operation: waiting.operation, seconds: addon().waited(waiting.id) ?? undefined }
}

/** The native operations that no fiber waits for which can be canceled: those of the program's top level, for one. */
export function waitsOutside (): NativeWait[] {
  return slots.flatMap(slot => slot.belongsToFiber ? [] : nativeWait(slot) ?? [])
}
