// SPDX-License-Identifier: MIT OR BSL-1.0
import { isEof } from '@emilua/native'
import type { OperationOptions } from '@emilua/native/fiber'
import type { ReadStream } from './streams.js'

/** Bytes that one read may take. */
export const chunkSize = 65536

/** Cuts what was read off its buffer: small pieces are copied, so that they do not keep the whole buffer alive. */
export class ChunkReader {
  private spare: Uint8Array | null = null

  constructor (private readonly stream: ReadStream) {}

  /** @returns the next chunk, never empty; `null` at the end of the stream */
  async next (options?: OperationOptions): Promise<Uint8Array | null> {
    // taken, not shared: two reads at once must not meet in one buffer
    const buffer = this.spare ?? new Uint8Array(chunkSize)
    this.spare = null
    try {
      let n = 0
      while (n === 0) n = await this.stream.readSome(buffer, options)
      if (n > chunkSize / 2) return buffer.subarray(0, n)
      this.spare = buffer
      return buffer.slice(0, n)
    } catch (error) {
      this.spare = buffer
      if (isEof(error)) return null
      throw error
    }
  }
}

/**
 * What comes out of a stream, chunk by chunk, until it ends. Leaving the loop early does not close the stream: what
 * was not read can be read by other means.
 *
 * Every step suspends and is a cancellation point of the fiber that iterates.
 */
export function chunks (stream: ReadStream, options?: OperationOptions): AsyncIterableIterator<Uint8Array> {
  const reader = new ChunkReader(stream)
  let ended = false
  return {
    async next () {
      const chunk = ended ? null : await reader.next(options)
      if (chunk !== null) return { done: false, value: chunk }
      ended = true
      return { done: true, value: undefined }
    },
    return () {
      ended = true
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator] () { return this }
  }
}
