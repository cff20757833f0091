// SPDX-License-Identifier: MIT OR BSL-1.0
import { checkpoint, type OperationOptions } from '@emilua/native/fiber'
import { bufferAtFault, failure, streamAtFault } from './errors.js'
import type { ReadStream, WriteStream } from './streams.js'

const encoder = new TextEncoder()

/**
 * Writes all of the buffer, with as many `writeSome` as it takes. Nothing else may write to the stream meanwhile.
 *
 * Suspends; every `writeSome` is a cancellation point. What was written before it was canceled stays written.
 *
 * @param buffer - bytes, or text that is written as UTF-8
 * @returns the number of bytes of the buffer
 * @throws what `writeSome` throws; `EINVAL` naming the argument
 */
export function writeAll (stream: WriteStream, buffer: Uint8Array | string, options?: OperationOptions): Promise<number> {
  const bytes = typeof buffer === 'string' ? encoder.encode(buffer) : buffer
  return write(stream, bytes, (bytes as Uint8Array | undefined)?.length, options)
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
  return write(stream, typeof buffer === 'string' ? encoder.encode(buffer) : buffer, minimum, options)
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
  return read(stream, buffer, (buffer as Uint8Array | undefined)?.length, options)
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
  return read(stream, buffer, minimum, options)
}

async function write (
  stream: WriteStream, bytes: Uint8Array, minimum: number | undefined, options: OperationOptions | undefined
): Promise<number> {
  check(stream, 'writeSome', bytes, minimum)
  const refused = checkpoint(options)
  if (refused !== null) await refused
  let done = 0
  while (done < minimum!) done += await stream.writeSome(done === 0 ? bytes : bytes.subarray(done), options)
  return done
}

async function read (
  stream: ReadStream, bytes: Uint8Array, minimum: number | undefined, options: OperationOptions | undefined
): Promise<number> {
  check(stream, 'readSome', bytes, minimum)
  const refused = checkpoint(options)
  if (refused !== null) await refused
  let done = 0
  while (done < minimum!) done += await stream.readSome(done === 0 ? bytes : bytes.subarray(done), options)
  return done
}

function check (stream: unknown, method: 'readSome' | 'writeSome', bytes: unknown, minimum: number | undefined): void {
  const error = streamAtFault(stream, method) ?? bufferAtFault(bytes)
  if (error !== null) throw error
  if (!Number.isInteger(minimum) || minimum! < 0 || minimum! > (bytes as Uint8Array).length) {
    throw failure('EINVAL', 'must be an integer from 0 to the size of the buffer', 'minimum')
  }
}
