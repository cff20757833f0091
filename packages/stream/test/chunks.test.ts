// SPDX-License-Identifier: MIT OR BSL-1.0
import type { EmiluaError } from '@emilua/native'
import { pair } from '@emilua/pipe'
import { FiberCanceled, spawn } from '@emilua/runtime'
import { chunks, endOfFile, isEof, writeAll, type ReadStream } from '@emilua/stream'
import { expect } from 'chai'
import { MemoryStream, rejection } from './memory.js'

const text = ({ value }: IteratorResult<Uint8Array, undefined>): string | undefined => value && Buffer.from(value).toString()

/** Gives as many bytes as `sizes` says, one size a read, each read a letter of its own; what else is there it throws. */
const source = (...steps: (number | Error)[]): ReadStream => {
  let reads = 0
  return {
    readSome: buffer => {
      const step = steps[reads]
      if (step === undefined) return Promise.reject(endOfFile())
      if (step instanceof Error) { reads++; throw step }
      buffer.fill(97 + reads++, 0, step)
      return Promise.resolve(step)
    }
  }
}

describe('chunks', () => {
  it('stay what they are when more is read, little or much', async () => {
    const sizes = [3, 16384, 9000, 65536, 100, 40000]
    const got: Uint8Array[] = []
    for await (const chunk of chunks(source(...sizes))) got.push(chunk)
    expect(got.map(({ length }) => length)).to.deep.equal(sizes)
    got.forEach((chunk, i) => { expect(chunk.every(byte => byte === 97 + i), `chunk ${i}`).to.equal(true) })
  })

  it('that are little hold no memory but their own', async () => {
    for await (const chunk of chunks(source(1, 64, 5000))) expect(chunk.buffer.byteLength).to.equal(chunk.length)
  })

  it('are never empty', async () => {
    const got: number[] = []
    for await (const { length } of chunks(source(0, 2, 0, 0, 3, 0))) got.push(length)
    expect(got).to.deep.equal([2, 3])
  })

  it('come in order and each in memory of its own where several are asked for at once', async () => {
    const [writer, reader] = MemoryStream.pair()
    const iterator = chunks(reader)
    const asked = [1, 2, 3, 4].map(() => iterator.next())
    for (const part of ['one', 'two', 'three']) {
      await writeAll(writer, part)
      const chunk = await asked.shift()!
      expect(text(chunk)).to.equal(part)
    }
    writer.shutdown('send')
    expect(await asked.shift()).to.deep.equal({ done: true, value: undefined })
    expect(await iterator.next()).to.deep.equal({ done: true, value: undefined })
  })

  it('end without an error that nobody sees', async () => {
    const [reader, writer] = pair()
    const { captureStackTrace } = Error
    let made = 0
    Error.captureStackTrace = (...args) => {
      made++
      captureStackTrace(...args)
    }
    try {
      const step = chunks(reader).next()
      writer.close()
      expect(await step).to.deep.equal({ done: true, value: undefined })
      expect(made).to.equal(0)
    } finally {
      Error.captureStackTrace = captureStackTrace
    }
    const error = await rejection(reader.readSome(new Uint8Array(1))) as EmiluaError
    expect(isEof(error)).to.equal(true)
    expect(error).include({ code: 'EOF', syscall: 'read', message: 'read: End of file' })
    expect(error.stack).to.contain('chunks.test')
    reader.close()
  })

  it('come after a failure, at once or later, that the stream survives', async () => {
    const iterator = chunks(source(1, new RangeError('thrown'), 2))
    expect(text(await iterator.next())).to.equal('a')
    expect(await rejection(iterator.next())).to.be.instanceOf(RangeError)
    expect(text(await iterator.next())).to.equal('cc')
    expect((await iterator.next()).done).to.equal(true)
  })

  it('are waited for until the fiber is canceled, which is no failure of a step that nobody awaits', async () => {
    const [writer, reader] = MemoryStream.pair()
    const unhandled: unknown[] = []
    const note = (error: unknown): void => { unhandled.push(error) }
    process.on('unhandledRejection', note)
    const fiber = spawn(async () => {
      const iterator = chunks(reader)
      void iterator.next()
      void iterator.next()
      await iterator.next()
    })
    await new Promise(setImmediate)
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(unhandled).to.deep.equal([])
    await writeAll(writer, 'kept')
    expect(text(await chunks(reader).next())).to.equal('kept')
  })
})
