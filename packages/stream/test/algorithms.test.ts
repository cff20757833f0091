// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { FiberCanceled, spawn, thisFiber } from '@emilua/runtime'
import { chunks, connections, isEof, endOfFile, readAll, readAtLeast, Scanner, writeAll, writeAtLeast, type ReadStream, type WriteStream } from '@emilua/stream'
import { MemoryStream, rejection } from './memory.js'

/** Takes three bytes at a time. */
class Sink implements WriteStream {
  data = ''
  sizes: number[] = []
  writeSome (buffer: Uint8Array): Promise<number> {
    const n = Math.min(3, buffer.length)
    this.data += new TextDecoder().decode(buffer.subarray(0, n))
    this.sizes.push(n)
    return Promise.resolve(n)
  }
}

/** Gives two bytes at a time. */
class Source implements ReadStream {
  constructor (public data: string) {}
  readSome (buffer: Uint8Array): Promise<number> {
    if (this.data === '') return Promise.reject(endOfFile())
    const { read, written } = new TextEncoder().encodeInto(this.data.slice(0, 2), buffer)
    this.data = this.data.slice(read)
    return Promise.resolve(written)
  }
}

describe('the algorithms', () => {
  it('write one after the other where several write at once, and those that give up let the next one', async () => {
    let blocked = true
    let unblock = (): void => {}
    const open = new Promise<void>(resolve => { unblock = () => { blocked = false; resolve() } })
    const sink = new Sink()
    const slow: WriteStream = {
      async writeSome (buffer) {
        if (blocked) await open
        if (buffer[0] === 33) throw new Error('no')
        return sink.writeSome(buffer)
      }
    }
    const aborted = new AbortController()
    const writes = ['aaaaaaa', 'bbbb', '!', 'cccccc'].map(text => writeAll(slow, text))
    const canceled = spawn(() => writeAll(slow, 'xxxx'))
    await thisFiber.yield()
    const given = rejection(writeAll(slow, 'yyyy', { signal: aborted.signal }))
    const last = writeAtLeast(slow, 'dddd', 4)
    canceled.cancel()
    aborted.abort('no longer')
    expect(await rejection(canceled.join())).to.be.instanceOf(FiberCanceled)
    expect(await given).to.equal('no longer')
    unblock()
    expect((await Promise.allSettled([...writes, last])).map(w => w.status === 'fulfilled' ? w.value : (w.reason as Error).message))
      .to.deep.equal([7, 4, 'no', 6, 4])
    expect(sink.data).to.equal('aaaaaaabbbbccccccdddd')
    expect(await writeAll(slow, 'e')).to.equal(1)
  })

  it('write all, with any object that can write some (B115, B116, B120)', async () => {
    const sink = new Sink()
    expect(await writeAll(sink, 'Hello World')).to.equal(11)
    expect(sink).to.deep.include({ data: 'Hello World', sizes: [3, 3, 3, 2] })
    expect(await writeAll(sink, new TextEncoder().encode('!'))).to.equal(1)
    expect(await writeAll(sink, 'é')).to.equal(2)
    expect(await writeAll(sink, '')).to.equal(0)
    expect(sink.data).to.equal('Hello World!é')
  })

  it('write at least a minimum (B121)', async () => {
    const sink = new Sink()
    expect(await writeAtLeast(sink, '0123456789', 4)).to.equal(6)
    expect(await writeAtLeast(sink, '0123456789', 0)).to.equal(0)
    expect(sink.data).to.equal('012345')
  })

  it('read all, or at least a minimum (B122, B123)', async () => {
    const source = new Source('The quick brown fox')
    const buffer = new Uint8Array(5)
    expect(await readAll(source, buffer)).to.equal(5)
    expect(new TextDecoder().decode(buffer)).to.equal('The q')
    expect(await readAtLeast(source, buffer, 3)).to.equal(4)
    const big = new Uint8Array(100)
    expect(isEof(await rejection(readAll(source, big)))).to.equal(true)
    expect(new TextDecoder().decode(big.subarray(0, 10))).to.equal(' brown fox')
    expect(await readAll(source, new Uint8Array(0))).to.equal(0)
  })

  it('reject by name what is wrong', async () => {
    const [source, sink, bytes] = [new Source('x'), new Sink(), new Uint8Array(2)]
    const wrong: [Promise<unknown>, string][] = [
      [writeAll(undefined as never, 'x'), 'stream'], [readAll({} as never, bytes), 'stream'],
      [writeAll(sink, undefined as never), 'buffer'], [writeAll(sink, 1 as never), 'buffer'], [readAll(source, 'x' as never), 'buffer'], [readAll(source, null as never), 'buffer'],
      [writeAtLeast(sink, 'x', 2), 'minimum'], [readAtLeast(source, bytes, -1), 'minimum'], [readAtLeast(source, bytes, 1.5), 'minimum'],
      [readAtLeast(source, bytes, undefined as never), 'minimum']
    ]
    for (const [promise, arg] of wrong) expect(await rejection(promise), arg).to.include({ code: 'EINVAL', arg })
    expect(source.data + sink.data).to.equal('x')
  })

  it('reject with what a stream throws, at once or later, and take numbers for promises', async () => {
    const at = (throws: number): WriteStream => {
      let calls = 0
      return { writeSome: (() => { if (calls++ === throws) throw new RangeError('thrown'); return 1 }) as never }
    }
    for (const throws of [0, 1]) expect(await rejection(writeAll(at(throws), 'abc'))).to.be.instanceOf(RangeError)
    expect(await writeAll(at(9), 'abc')).to.equal(3)
  })

  it('refuse what a stream cannot have moved, as iteration and scanners do', async () => {
    for (const n of [-1, 0.5, 5, 2 ** 40, NaN, undefined]) {
      const stream = { readSome: () => Promise.resolve(n as number), writeSome: () => Promise.resolve(n as number) }
      const begun = { readSome: (b: Uint8Array) => Promise.resolve(b.length === 4 ? 1 : n as number) }
      const scanner = new Scanner({ stream: { readSome: () => Promise.resolve(n === 5 ? 2 ** 30 : n as number) } })
      const wrong = [
        readAll(stream, new Uint8Array(4)), readAtLeast(stream, new Uint8Array(4), 1), readAll(begun, new Uint8Array(4)), writeAll(stream, 'abcd'),
        writeAtLeast(stream, 'abcd', 4), scanner.getLine(), n === 5 ? readAll(stream, new Uint8Array(4)) : chunks(stream).next()
      ]
      for (const each of await Promise.all(wrong.map(rejection))) expect(each, String(n)).to.include({ code: 'EINVAL', arg: 'stream' })
    }
    const liar = { readSome: () => Promise.resolve(-1) }
    expect(await rejection(readAll(liar, new Uint8Array(9)))).to.include({
      message: 'stream: Expected an object that says how many bytes it moved, from 0 to 9, not -1'
    })
  })

  it('are cancellation points, also where there is nothing to do', async () => {
    const sink = new Sink()
    for (const operation of [() => writeAll(sink, 'abc'), () => writeAll(sink, ''), () => readAll(new Source('abc'), new Uint8Array(0))]) {
      const fiber = spawn(operation)
      fiber.cancel()
      expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
      expect(await rejection(spawn(() => writeAll(sink, '', { signal: AbortSignal.abort('no') })).join())).to.equal('no')
    }
    expect(sink.data).to.equal('')
  })

  it('hand cancellation and signal on to the stream', async () => {
    const [writer, reader] = MemoryStream.pair()
    await writeAll(writer, 'ab')
    const buffer = new Uint8Array(4)
    const fiber = spawn(() => readAll(reader, buffer))
    await thisFiber.yield()
    await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(new TextDecoder().decode(buffer.subarray(0, 2))).to.equal('ab')
    expect(await rejection(readAll(reader, buffer, { signal: AbortSignal.timeout(1) }))).to.have.property('name', 'TimeoutError')
  })

  it('know an end of file from other errors', () => {
    expect(isEof(endOfFile())).to.equal(true)
    expect(endOfFile()).to.include({ code: 'EOF', errno: 2 })
    for (const other of [new Error('EOF'), { code: 'EOF', errno: 2 }, null, undefined]) expect(isEof(other)).to.equal(false)
  })
})

describe('iteration', () => {
  it('over chunks is a cancellation point of the fiber that iterates', async () => {
    const [writer, reader] = MemoryStream.pair()
    await writeAll(writer, 'first')
    const got: string[] = []
    const fiber = spawn(async () => { for await (const chunk of chunks(reader)) got.push(new TextDecoder().decode(chunk)) })
    while (got.length === 0) await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(got).to.deep.equal(['first'])
    expect(reader.isOpen).to.equal(true)
  })

  it('throws what the stream throws but an end of file, and stays ended', async () => {
    const failing: ReadStream = { readSome: () => Promise.reject(new RangeError('broken')) }
    expect(await rejection(chunks(failing).next())).to.be.instanceOf(RangeError)
    const ended = chunks(new Source(''))
    expect(await ended.next()).to.deep.equal({ done: true, value: undefined })
    expect(await ended.next()).to.deep.equal({ done: true, value: undefined })
  })

  it('keeps chunks apart', async () => {
    const [writer, reader] = MemoryStream.pair(100)
    const iterator = chunks(reader)
    const [first, second] = [iterator.next(), iterator.next()]
    await writeAll(writer, 'one')
    const one = (await first).value as Uint8Array
    await writeAll(writer, 'two')
    const two = (await second).value as Uint8Array
    expect([one, two].map(chunk => new TextDecoder().decode(chunk))).to.deep.equal(['one', 'two'])
  })

  it('over connections goes on until the acceptor fails', async () => {
    const waiting = [1, 2]
    const acceptor = { accept: () => waiting.length > 0 ? Promise.resolve(waiting.shift()!) : Promise.reject(new Error('closed')) }
    const got: number[] = []
    const loop = async (): Promise<void> => { for await (const connection of connections(acceptor)) got.push(connection) }
    expect(await rejection(loop())).to.have.property('message', 'closed')
    expect(got).to.deep.equal([1, 2])
    const left = connections(acceptor)
    await left.return!()
    expect(await left.next()).to.deep.equal({ done: true, value: undefined })
  })
})
