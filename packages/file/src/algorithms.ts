// SPDX-License-Identifier: MIT OR BSL-1.0
import { isUint8Array } from 'node:util/types'
import { counted, invalidArgument, type EmiluaError } from '@emilua/native'
import { checkpoint, rejecting, type OperationOptions } from '@emilua/native/fiber'

/** Anything that can be read from at any place. */
export interface RandomReader {
  /**
   * Reads what lies at `offset` into the front of the buffer.
   *
   * @returns how many bytes were read; 0 only if the buffer is empty
   * @throws where there is nothing any more, an error that `isEof` recognises
   */
  readSomeAt (offset: number, buffer: Uint8Array, options?: OperationOptions): Promise<number>
}

/** Anything that can be written to at any place. */
export interface RandomWriter {
  /**
   * Writes the front of the buffer at `offset`.
   *
   * @returns how many bytes were written, maybe fewer than the buffer holds
   */
  writeSomeAt (offset: number, buffer: Uint8Array, options?: OperationOptions): Promise<number>
}

const encoder = new TextEncoder()

/**
 * Writes all of the buffer at a place of the file, with as many `writeSomeAt` as it takes.
 *
 * Suspends; every `writeSomeAt` is a cancellation point. What was written before it was canceled stays written.
 *
 * @param file - what has `writeSomeAt`, a {@link RandomAccess} for one
 * @param offset - where in the file; 0 is its beginning
 * @param buffer - bytes, or text that is written as UTF-8
 * @returns the number of bytes of the buffer
 * @throws what `writeSomeAt` throws; `EINVAL` naming the argument
 */
export function writeAllAt (
  file: RandomWriter, offset: number, buffer: Uint8Array | string, options?: OperationOptions
): Promise<number> {
  const bytes = typeof buffer === 'string' ? encoder.encode(buffer) : buffer
  return transfer(file, 'writeSomeAt', offset, bytes, (bytes as Uint8Array | undefined)?.length, options)
}

/**
 * Writes the front of the buffer at a place of the file, at least `minimum` bytes of it. See {@link writeAllAt}.
 *
 * @param minimum - 0 to the number of bytes of the buffer
 * @returns how many bytes were written
 */
export function writeAtLeastAt (
  file: RandomWriter, offset: number, buffer: Uint8Array | string, minimum: number, options?: OperationOptions
): Promise<number> {
  return transfer(file, 'writeSomeAt', offset, typeof buffer === 'string' ? encoder.encode(buffer) : buffer, minimum, options)
}

/**
 * Reads at a place of the file until the buffer is full, with as many `readSomeAt` as it takes.
 *
 * Suspends; every `readSomeAt` is a cancellation point. If it is canceled, or the file ends first, the buffer's front
 * holds what was read.
 *
 * @param file - what has `readSomeAt`, a {@link RandomAccess} for one
 * @param offset - where in the file; 0 is its beginning
 * @returns the number of bytes of the buffer
 * @throws what `readSomeAt` throws, an end of file among that; `EINVAL` naming the argument
 */
export function readAllAt (
  file: RandomReader, offset: number, buffer: Uint8Array, options?: OperationOptions
): Promise<number> {
  return transfer(file, 'readSomeAt', offset, buffer, (buffer as Uint8Array | undefined)?.length, options)
}

/**
 * Reads at a place of the file into the front of the buffer, at least `minimum` bytes. See {@link readAllAt}.
 *
 * @param minimum - 0 to the number of bytes of the buffer
 * @returns how many bytes were read
 */
export function readAtLeastAt (
  file: RandomReader, offset: number, buffer: Uint8Array, minimum: number, options?: OperationOptions
): Promise<number> {
  return transfer(file, 'readSomeAt', offset, buffer, minimum, options)
}

type Method = 'readSomeAt' | 'writeSomeAt'
type Step = (offset: number, buffer: Uint8Array, options?: OperationOptions) => Promise<number>

/** The first step is most often the last: only if it is not, there is an async function to pay for. */
function transfer (
  file: RandomReader | RandomWriter, method: Method, offset: number, bytes: Uint8Array, minimum: number | undefined,
  options: OperationOptions | undefined
): Promise<number> {
  const error = atFault(file, method, offset, bytes, minimum)
  if (error !== null) return Promise.reject(error)
  const refused = checkpoint(options)
  if (refused !== null) return refused
  if (minimum === 0) return Promise.resolve(0)
  const step = (file as Record<Method, Step>)[method]
  let first: Promise<number>
  try {
    first = Promise.resolve(step.call(file, offset, bytes, options))
  } catch (error) {
    return Promise.reject(error)
  }
  const failed = (error: unknown): never => { throw rejecting(error, promise) }
  const promise: Promise<number> = first
    .then(done => done >= minimum! && done <= bytes.length ? done : more(file, step, offset, bytes, done, minimum!, options).catch(failed), failed)
  return promise
}

async function more (
  file: object, step: Step, offset: number, bytes: Uint8Array, first: number, minimum: number,
  options: OperationOptions | undefined
): Promise<number> {
  let done = counted('file', first, bytes.length)
  while (done < minimum) {
    const left = bytes.subarray(done)
    done += counted('file', await step.call(file, offset + done, left, options), left.length)
  }
  return done
}

function atFault (file: unknown, method: Method, offset: unknown, bytes: unknown, minimum: unknown): EmiluaError | null {
  if (typeof file !== 'object' || file === null || typeof (file as Record<string, unknown>)[method] !== 'function') {
    return invalidArgument('file', `Expected an object with a method ${method}`, file)
  }
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) {
    return invalidArgument('offset', 'Expected an integer from 0 to 2^53 - 1', offset)
  }
  if (!isUint8Array(bytes)) return invalidArgument('buffer', 'Expected a Uint8Array', bytes)
  if (!Number.isInteger(minimum) || (minimum as number) < 0 || (minimum as number) > bytes.length) {
    return invalidArgument('minimum', 'Expected an integer from 0 to the size of the buffer', minimum)
  }
  return null
}
