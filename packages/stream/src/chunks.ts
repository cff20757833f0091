// SPDX-License-Identifier: MIT OR BSL-1.0
import { isEof } from '@emilua/native'
import type { OperationOptions } from '@emilua/native/fiber'
import type { ReadStream } from './streams.js'

/** Bytes that one read may take. */
export const chunkSize = 65536

const end = (): IteratorReturnResult<undefined> => ({ done: true, value: undefined })

/** Cuts what was read off its buffer: small pieces are copied, so that they do not keep the whole buffer alive. */
class Chunks implements AsyncIterableIterator<Uint8Array> {
  private spare: Uint8Array | null = null
  private ended = false

  constructor (private readonly stream: ReadStream, private readonly options: OperationOptions | undefined) {}

  async next (): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.ended) return end()
    // taken, not shared: two reads at once must not meet in one buffer
    const buffer = this.spare ?? new Uint8Array(chunkSize)
    this.spare = null
    try {
      let n = 0
      while (n === 0) n = await this.stream.readSome(buffer, this.options)
      if (n > chunkSize / 2) return { done: false, value: buffer.subarray(0, n) }
      this.spare = buffer
      return { done: false, value: buffer.slice(0, n) }
    } catch (error) {
      this.spare = buffer
      if (!isEof(error)) throw error
      this.ended = true
      return end()
    }
  }

  return (): Promise<IteratorReturnResult<undefined>> {
    this.ended = true
    return Promise.resolve(end())
  }

  [Symbol.asyncIterator] (): this { return this }
}

/**
 * What comes out of a stream, chunk by chunk, until it ends. Leaving the loop early does not close the stream: what
 * was not read can be read by other means.
 *
 * Every step suspends and is a cancellation point of the fiber that iterates.
 */
export function chunks (stream: ReadStream, options?: OperationOptions): AsyncIterableIterator<Uint8Array> {
  return new Chunks(stream, options)
}
