// SPDX-License-Identifier: MIT OR BSL-1.0
import { isEof } from '@emilua/native'
import { withoutFiber } from '@emilua/native/fiber'
import { writeAll } from './algorithms.js'
import { streamAtFault } from './arguments.js'
import { mostBytes } from './read-buffer.js'
import type { Closable, ReadStream, WriteStream } from './streams.js'

/** The Web Streams made of one stream, each at most once, and which of them have ended. */
interface Halves {
  readable?: ReadableStream<Uint8Array>
  writable?: WritableStream<Uint8Array>
  readEnded: boolean
  writeEnded: boolean
}

const made = new WeakMap<object, Halves>()

function halvesOf (stream: object): Halves {
  let halves = made.get(stream)
  if (halves === undefined) {
    halves = { readEnded: false, writeEnded: false }
    made.set(stream, halves)
  }
  return halves
}

/** One direction has ended: the other may go on if the stream can tell them apart. */
function end (stream: Closable, half: 'receive' | 'send'): void {
  const halves = halvesOf(stream)
  if (half === 'receive') halves.readEnded = true
  else halves.writeEnded = true
  if (stream.shutdown === undefined || (halves.readEnded && halves.writeEnded)) {
    stream.close?.()
  } else if (half === 'send') {
    stream.shutdown('send')
  }
}

/**
 * A stream as a Web Stream of bytes, which can be read into the reader's own buffers (`{ mode: 'byob' }`). Always the
 * same one for the same stream. Cancelling it ends the stream's reading side.
 *
 * Its reads belong to no fiber.
 *
 * @throws `EINVAL` naming the stream, if it cannot be read
 */
export function toReadable (stream: ReadStream & Closable): ReadableStream<Uint8Array> {
  const error = streamAtFault(stream, 'readSome')
  if (error !== null) throw error
  const halves = halvesOf(stream)
  if (halves.readable !== undefined) return halves.readable
  const canceled = new AbortController()
  return halves.readable = new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: mostBytes,
    async pull (controller) {
      // there always is a request: either the reader's buffer or one that was allocated
      const request = controller.byobRequest!
      const view = request.view!
      const buffer = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      try {
        let n = 0
        while (n === 0) n = await withoutFiber(() => stream.readSome(buffer, { signal: canceled.signal }))
        request.respond(n)
      } catch (error) {
        if (canceled.signal.aborted) return
        end(stream, 'receive')
        if (!isEof(error)) throw error
        controller.close()
        request.respond(0)
      }
    },
    cancel (reason) {
      canceled.abort(reason)
      end(stream, 'receive')
    }
  })
}

/**
 * A stream as a Web Stream that takes bytes. Always the same one for the same stream. Closing it ends the stream's
 * writing side, aborting it closes the stream.
 *
 * Its writes belong to no fiber.
 *
 * @throws `EINVAL` naming the stream, if it cannot be written
 */
export function toWritable (stream: WriteStream & Closable): WritableStream<Uint8Array> {
  const error = streamAtFault(stream, 'writeSome')
  if (error !== null) throw error
  const halves = halvesOf(stream)
  return halves.writable ??= new WritableStream<Uint8Array>({
    async write (chunk, controller) {
      // Node has the signal, the types of its version 20 do not
      const { signal } = controller as unknown as { readonly signal: AbortSignal }
      await withoutFiber(() => writeAll(stream, chunk, { signal }))
    },
    close () { end(stream, 'send') },
    abort () { stream.close?.() }
  })
}
