// SPDX-License-Identifier: MIT OR BSL-1.0
import { counted, resolved, writeDirectly, writerOf } from '@emilua/native'
import { checkpoint, composed, rejecting, type OperationOptions } from '@emilua/native/fiber'
import { bufferAtFault, positionAtFault, streamAtFault } from './arguments.js'
import { attempt, type Some } from './attempt.js'
import type { ReadStream, WriteStream } from './streams.js'
import { isFree, turnOf, type Turn } from './turns.js'

const encoder = new TextEncoder()

/**
 * Writes all of the buffer, with as many `writeSome` as it takes. Several at once write one after the other, in the
 * order of their calls, so that their bytes do not mix; `writeSome` itself, and what belongs to Node's and the Web's
 * streams, does not wait for them.
 *
 * Suspends; waiting for its turn and every `writeSome` are cancellation points. What was written before it was canceled
 * stays written.
 *
 * @param buffer - bytes, or text that is written as UTF-8
 * @returns the number of bytes of the buffer
 * @throws what `writeSome` throws; `EINVAL` naming the argument
 */
export function writeAll (stream: WriteStream, buffer: Uint8Array | string, options?: OperationOptions): Promise<number> {
  const bytes = typeof buffer === 'string' ? encoder.encode(buffer) : buffer
  return transfer(stream, 'writeSome', bytes, (bytes as Uint8Array | undefined)?.length, options)
}

/**
 * Writes the front of the buffer, at least `minimum` bytes of it. See {@link writeAll}.
 *
 * @param minimum - 0 to the number of bytes of the buffer
 * @returns how many bytes were written
 */
export function writeAtLeast (
  stream: WriteStream, buffer: Uint8Array | string, minimum: number, options?: OperationOptions
): Promise<number> {
  return transfer(stream, 'writeSome', typeof buffer === 'string' ? encoder.encode(buffer) : buffer, minimum, options)
}

/**
 * Reads until the buffer is full, with as many `readSome` as it takes. Nothing else may read from the stream meanwhile.
 *
 * Suspends; every `readSome` is a cancellation point. If it is canceled, or the stream ends first, the buffer's front
 * holds what was read.
 *
 * @returns the number of bytes of the buffer
 * @throws what `readSome` throws, an end of file among that; `EINVAL` naming the argument
 */
export function readAll (stream: ReadStream, buffer: Uint8Array, options?: OperationOptions): Promise<number> {
  return transfer(stream, 'readSome', buffer, (buffer as Uint8Array | undefined)?.length, options)
}

/**
 * Reads into the front of the buffer, at least `minimum` bytes. See {@link readAll}.
 *
 * @param minimum - 0 to the number of bytes of the buffer
 * @returns how many bytes were read
 */
export function readAtLeast (
  stream: ReadStream, buffer: Uint8Array, minimum: number, options?: OperationOptions
): Promise<number> {
  return transfer(stream, 'readSome', buffer, minimum, options)
}

/** The first step is most often the last: only if it is not, there is an async function to pay for. */
function transfer (
  stream: ReadStream | WriteStream, method: 'readSome' | 'writeSome', bytes: Uint8Array, minimum: number | undefined,
  options: OperationOptions | undefined
): Promise<number> {
  const error = streamAtFault(stream, method) ?? bufferAtFault(bytes) ?? positionAtFault('minimum', minimum, bytes.length)
  if (error !== null) return Promise.reject(error)
  const refused = checkpoint(options)
  if (refused !== null) return refused
  if (minimum === 0) return Promise.resolve(0)
  const step = (stream as Record<typeof method, Some>)[method]
  if (method === 'readSome') return begin(stream, step, bytes, minimum!, options)
  return writePromptly(stream, step, bytes, minimum!, options)
}

/** What nobody has to wait for is written without a turn: nothing of the program runs meanwhile. */
function writePromptly (
  stream: object, step: Some, bytes: Uint8Array, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  const writer = writerOf(step)
  if (writer === undefined || !isFree(stream)) return writeInTurn(stream, step, bytes, minimum, options)
  let done: number | undefined
  try {
    done = writeDirectly(writer, stream, bytes)
  } catch (error) {
    return Promise.reject(error)
  }
  if (done === undefined) return writeInTurn(stream, step, bytes, minimum, options)
  return done < minimum ? writeRest(stream, step, bytes, done, minimum, options) : resolved(done)
}

function writeRest (
  stream: object, step: Some, bytes: Uint8Array, done: number, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  const turn = turnOf(stream)
  turn.try()
  return turn.writing = rest(stream, step, bytes, done, minimum, options).then(turn.succeed, turn.fail)
}

function writeInTurn (
  stream: object, step: Some, bytes: Uint8Array, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  const turn = turnOf(stream)
  if (turn.try()) return write(turn, stream, step, bytes, minimum, options)
  return writeLater(turn, stream, step, bytes, minimum, options)
}

// Apart: a function with a closure makes room for it whenever it is called.
function writeLater (
  turn: Turn, stream: object, step: Some, bytes: Uint8Array, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  return composed(turn.wait(options).then(() => write(turn, stream, step, bytes, minimum, options)))
}

function begin (
  stream: object, step: Some, bytes: Uint8Array, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  const failed = (error: unknown): never => { throw rejecting(error, promise) }
  const promise: Promise<number> = attempt(stream, step, bytes, options)
    .then(done => done >= minimum && done <= bytes.length ? done : more(stream, step, bytes, done, minimum, options).catch(failed), failed)
  return promise
}

/** Ends the turn, which the caller has. */
function write (
  turn: Turn, stream: object, step: Some, bytes: Uint8Array, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  return turn.writing = attempt(stream, step, bytes, options).then(done => {
    if (done >= minimum && done <= bytes.length) return turn.succeed(done)
    return more(stream, step, bytes, done, minimum, options).then(turn.succeed, turn.fail)
  }, turn.fail)
}

async function more (
  stream: object, step: Some, bytes: Uint8Array, first: number, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  return rest(stream, step, bytes, counted('stream', first, bytes.length), minimum, options)
}

async function rest (
  stream: object, step: Some, bytes: Uint8Array, done: number, minimum: number, options: OperationOptions | undefined
): Promise<number> {
  while (done < minimum) {
    const left = bytes.subarray(done)
    done += counted('stream', await step.call(stream, left, options), left.length)
  }
  return done
}
