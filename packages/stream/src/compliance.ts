// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What every stream keeps, as tests. For development: it needs mocha's globals.
 *
 * @packageDocumentation
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { isEof } from '@emilua/native'
import { readAll, writeAll } from './algorithms.js'
import { chunks } from './chunks.js'
import { toDuplex } from './node.js'
import type { Closable, ReadStream, WriteStream } from './streams.js'
import { toReadable, toWritable } from './web.js'

/** Two ends of a connection: what is written to one is read from the other. */
export interface Ends {
  writer: WriteStream & Closable & { readonly isOpen?: boolean }
  reader: ReadStream & Closable & { readonly isOpen?: boolean }
}

/** Two ends of a connection with two directions. */
export interface DuplexEnds {
  writer: ReadStream & WriteStream & Closable & { readonly isOpen?: boolean }
  reader: ReadStream & WriteStream & Closable & { readonly isOpen?: boolean }
}

interface Mocha {
  describe (name: string, body: () => void): void
  it (name: string, body: () => Promise<void>): void
}

const mocha = globalThis as unknown as Mocha
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const pattern = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 0xff)

async function rejection (promise: Promise<unknown>): Promise<Error & { code?: string, arg?: string }> {
  return promise.then(value => assert.fail(`resolved with ${String(value)}`), (error: unknown) => error as Error)
}

async function closing<E extends Ends> (ends: E | Promise<E>, body: (ends: E) => Promise<void>): Promise<void> {
  const { reader, writer } = await ends
  try {
    await body({ reader, writer } as E)
  } finally {
    reader.close!()
    writer.close!()
  }
}

/** Everything out of a Web Stream. */
async function drain (stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) all.push(chunk)
  return all
}

/**
 * Declares the tests of a stream.
 *
 * @param make - makes a new connection for each test
 */
export function compliesAsStream (name: string, make: () => Ends | Promise<Ends>): void {
  const test = (what: string, body: (ends: Ends) => Promise<void>): void => {
    mocha.it(what, () => closing(make(), body))
  }
  mocha.describe(`${name} is a stream: it`, () => {
    test('delivers in order, and says how much', async ({ reader, writer }) => {
      const sent = await writer.writeSome(new TextEncoder().encode('hello'))
      assert.ok(sent >= 1 && sent <= 5)
      const buffer = new Uint8Array(sent)
      assert.equal(await readAll(reader, buffer), sent)
      assert.equal(text(buffer), 'hello'.slice(0, sent))
    })

    test('reads what there is, not more, and leaves the rest of the buffer alone', async ({ reader, writer }) => {
      await writeAll(writer, 'ab')
      const buffer = new Uint8Array(8).fill(1)
      await readAll(reader, buffer.subarray(0, 1))
      assert.equal(await reader.readSome(buffer.subarray(1)), 1)
      assert.deepEqual([...buffer], [97, 98, 1, 1, 1, 1, 1, 1])
    })

    test('reads nothing into an empty buffer, which is no end', async ({ reader, writer }) => {
      await writeAll(writer, 'x')
      assert.equal(await reader.readSome(new Uint8Array(0)), 0)
      assert.equal(await writer.writeSome(new Uint8Array(0)), 0)
      assert.equal(await reader.readSome(new Uint8Array(4)), 1)
    })

    test('waits for data', async ({ reader, writer }) => {
      const buffer = new Uint8Array(4)
      const read = reader.readSome(buffer)
      await writeAll(writer, 'late')
      assert.equal(text(buffer.subarray(0, await read)), 'late'.slice(0, await read))
    })

    test('carries a mebibyte unharmed, reading and writing at once', async ({ reader, writer }) => {
      const [sent, received] = [pattern(1 << 20), new Uint8Array(1 << 20)]
      assert.deepEqual(await Promise.all([writeAll(writer, sent), readAll(reader, received)]), [1 << 20, 1 << 20])
      assert.ok(Buffer.from(sent.buffer).equals(received))
    })

    test('ends with an error that isEof knows, again and again', async ({ reader, writer }) => {
      await writeAll(writer, 'end')
      writer.close!()
      await readAll(reader, new Uint8Array(3))
      for (let i = 0; i < 2; i++) assert.ok(isEof(await rejection(reader.readSome(new Uint8Array(1)))))
    })

    test('does not start with an aborted signal', async ({ reader, writer }) => {
      const options = { signal: AbortSignal.abort('why') }
      assert.equal(await rejection(writer.writeSome(new Uint8Array(1), options)), 'why')
      assert.equal(await rejection(reader.readSome(new Uint8Array(1), options)), 'why')
      await writeAll(writer, 'k')
      const buffer = new Uint8Array(2)
      assert.equal(await reader.readSome(buffer), 1)
      assert.equal(buffer[0], 0x6b)
    })

    test('loses nothing by an aborted read', async ({ reader, writer }) => {
      const controller = new AbortController()
      const read = rejection(reader.readSome(new Uint8Array(4), controller))
      controller.abort('enough')
      assert.equal(await read, 'enough')
      await writeAll(writer, 'kept')
      const buffer = new Uint8Array(4)
      await readAll(reader, buffer)
      assert.equal(text(buffer), 'kept')
    })

    test('ends a pending read when it is closed', async ({ reader }) => {
      const read = rejection(reader.readSome(new Uint8Array(1)))
      reader.close!()
      const error = await read
      assert.equal(error.code, 'ECANCELED')
    })

    test('may be closed twice, and refuses to be used afterwards', async ({ reader, writer }) => {
      for (const end of [reader, writer]) {
        end.close!()
        end.close!()
        if (end.isOpen !== undefined) assert.equal(end.isOpen, false)
      }
      assert.equal((await rejection(reader.readSome(new Uint8Array(1)))).code, 'EBADF')
      assert.equal((await rejection(writer.writeSome(new Uint8Array(1)))).code, 'EBADF')
    })

    test('refuses by name, with a rejection, what is no buffer', async ({ reader, writer }) => {
      for (const wrong of [undefined, null, 1, 'text', {}, []]) {
        for (const promise of [reader.readSome(wrong as never), writer.writeSome(wrong as never)]) {
          const { code, arg } = await rejection(promise)
          assert.deepEqual({ code, arg }, { code: 'EINVAL', arg: 'buffer' })
        }
      }
    })

    test('can be iterated over, until it ends', async ({ reader, writer }) => {
      const sent = pattern(200_000)
      const writing = writeAll(writer, sent).then(() => { writer.close!() })
      const all: Uint8Array[] = []
      for await (const chunk of chunks(reader)) {
        assert.ok(chunk.length > 0)
        all.push(chunk)
      }
      await writing
      assert.ok(Buffer.concat(all).equals(sent))
    })

    test('can be left while iterating', async ({ reader, writer }) => {
      await writeAll(writer, 'one')
      for await (const chunk of chunks(reader)) {
        assert.ok(chunk.length > 0)
        break
      }
      await writeAll(writer, 'z')
      assert.equal(await reader.readSome(new Uint8Array(1)), 1)
    })

    test('gives Web Streams', async ({ reader, writer }) => {
      const sent = pattern(200_000)
      const source = new Blob([sent as Uint8Array<ArrayBuffer>]).stream()
      const [, received] = await Promise.all([source.pipeTo(toWritable(writer)), drain(toReadable(reader))])
      assert.ok(Buffer.concat(received).equals(sent))
    })
  })
}

/**
 * Declares the tests of a stream with two directions, those of {@link compliesAsStream} among them.
 *
 * @param make - makes a new connection for each test
 */
export function compliesAsDuplex (name: string, make: () => DuplexEnds | Promise<DuplexEnds>): void {
  compliesAsStream(name, make)
  const test = (what: string, body: (ends: DuplexEnds) => Promise<void>): void => {
    mocha.it(what, () => closing(make(), body))
  }
  mocha.describe(`${name} has two directions: it`, () => {
    test('carries both at once', async ({ reader, writer }) => {
      const [a, b] = [pattern(300_000), pattern(300_000).reverse()]
      const [atReader, atWriter] = [new Uint8Array(a.length), new Uint8Array(b.length)]
      await Promise.all([writeAll(writer, a), writeAll(reader, b), readAll(reader, atReader), readAll(writer, atWriter)])
      assert.ok(Buffer.from(a.buffer).equals(atReader))
      assert.ok(Buffer.from(b.buffer).equals(atWriter))
    })

    test('can be shut down in one of them', async ({ reader, writer }) => {
      writer.shutdown!('send')
      assert.ok(isEof(await rejection(reader.readSome(new Uint8Array(1)))))
      await writeAll(reader, 'back')
      const buffer = new Uint8Array(4)
      await readAll(writer, buffer)
      assert.equal(text(buffer), 'back')
    })

    test('gives a Duplex that echoes and ends by halves', async ({ reader, writer }) => {
      const echo = toDuplex(reader)
      echo.pipe(echo)
      const client = toDuplex(writer)
      const sent = pattern(500_000)
      client.end(sent)
      const all: Uint8Array[] = []
      for await (const chunk of client) all.push(chunk as Uint8Array)
      assert.ok(Buffer.concat(all).equals(sent))
      if (!echo.closed) await once(echo, 'close')
    })

    test('gives a Duplex whose destruction closes it', async ({ reader, writer }) => {
      const duplex = toDuplex(writer)
      duplex.resume()
      duplex.destroy()
      await once(duplex, 'close')
      assert.ok(isEof(await rejection(reader.readSome(new Uint8Array(1)))))
    })
  })
}
