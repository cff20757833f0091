// SPDX-License-Identifier: MIT OR BSL-1.0
import { counted, isEof, readInto, type ReadResult } from '@emilua/native'
import { rejecting, type OperationOptions } from '@emilua/native/fiber'
import { attempt } from './attempt.js'
import { ReadBuffer, type Buffers } from './read-buffer.js'
import type { ReadStream } from './streams.js'

type Step = IteratorResult<Uint8Array, undefined>

const end = (): IteratorReturnResult<undefined> => ({ done: true, value: undefined })

const buffers: Buffers<Uint8Array> = {
  allocate: size => new Uint8Array(size),
  copy: (buffer, n) => buffer.slice(0, n),
  front: (buffer, n) => buffer.subarray(0, n)
}

/** Cuts what was read off its buffer: small pieces are copied, so that they do not keep the whole buffer alive. */
class Chunks implements AsyncIterableIterator<Uint8Array>, ReadResult<Step> {
  private readonly memory = new ReadBuffer(buffers)
  private ended = false
  /** What a step reads into while it is the only one, and what it returned: a step has no closures of its own then. */
  private reading: Uint8Array | null = null
  private step: Promise<Step> | null = null

  constructor (private readonly stream: ReadStream, private readonly options: OperationOptions | undefined) {}

  next (): Promise<Step> {
    if (this.ended) return Promise.resolve(end())
    // Taken, not shared: two reads at once must not meet in one buffer.
    const buffer = this.memory.take()
    if (this.reading !== null) return this.another(buffer)
    this.reading = buffer
    return this.step = this.read(buffer)
  }

  return (): Promise<IteratorReturnResult<undefined>> {
    this.ended = true
    return Promise.resolve(end())
  }

  [Symbol.asyncIterator] (): this { return this }

  private read (buffer: Uint8Array): Promise<Step> {
    const { stream, options } = this
    return readInto(stream, stream.readSome, buffer, options, this) ?? this.attempt(buffer).then(this.succeed, this.fail)
  }

  private attempt (buffer: Uint8Array): Promise<number> {
    return attempt(this.stream, this.stream.readSome, buffer, this.options)
  }

  /** @internal */
  readonly succeed = (n: number): Step | Promise<Step> => {
    const buffer = this.reading!
    if (n === 0) return this.read(buffer)
    this.reading = null
    return this.cut(buffer, n)
  }

  /** @internal */
  readonly end = (): Step => {
    const buffer = this.reading!
    this.reading = null
    return this.finish(buffer)
  }

  /** @internal */
  readonly fail = (error: unknown): Step => {
    const buffer = this.reading!
    this.reading = null
    return this.finishBy(error, buffer, this.step)
  }

  /** A step that begins before the one before it has ended. */
  private another (buffer: Uint8Array): Promise<Step> {
    const again = (): Promise<Step> => this.attempt(buffer).then(
      n => n === 0 ? again() : this.cut(buffer, n),
      (error: unknown) => this.finishBy(error, buffer, step))
    const step = again()
    return step
  }

  private cut (buffer: Uint8Array, n: number): Step {
    return { done: false, value: this.memory.cut(buffer, counted('stream', n, buffer.length)) }
  }

  private finish (buffer: Uint8Array): Step {
    this.memory.giveBack(buffer)
    this.ended = true
    return end()
  }

  private finishBy (error: unknown, buffer: Uint8Array, step: Promise<Step> | null): Step {
    if (isEof(error)) return this.finish(buffer)
    this.memory.giveBack(buffer)
    throw rejecting(error, step)
  }
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
