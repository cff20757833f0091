// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { AssertionError, expect } from 'chai'
import { FiberCanceled, spawn, thisFiber } from '@emilua/runtime'
import { endOfFile, isEof, Scanner, writeAll, type ReadStream, type ScannerOptions } from '@emilua/stream'
import { MemoryStream, rejection } from './memory.js'

const text = (bytes: Uint8Array | string | null): string | null => bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : bytes

/** A stream that gives the text, so many bytes at a time. */
function from (content: string, atOnce = Infinity): ReadStream {
  let bytes = new TextEncoder().encode(content)
  return {
    readSome (buffer: Uint8Array) {
      if (bytes.length === 0) return Promise.reject(endOfFile())
      const n = Math.min(bytes.length, buffer.length, atOnce)
      buffer.set(bytes.subarray(0, n))
      bytes = bytes.subarray(n)
      return Promise.resolve(n)
    }
  }
}

/** All records until the stream ends, each with what ended it. */
async function all (scanner: Scanner): Promise<[string | null, string | null][]> {
  const records: [string | null, string | null][] = []
  for (;;) {
    try {
      const record = text(await scanner.getLine())
      records.push([record, text(scanner.recordTerminator)])
    } catch (error) {
      expect(isEof(error)).to.equal(true)
      return records
    }
  }
}

const fields = async (options: ScannerOptions): Promise<(string | null)[]> => {
  const record = await new Scanner(options).getLine() as unknown as Uint8Array[]
  return record.map(text)
}

describe('Scanner', () => {
  it('refuses to read two records at once, and goes on', async () => {
    const [stream, peer] = MemoryStream.pair()
    const scanner = new Scanner({ stream })
    const first = scanner.getLine()
    expect(await rejection(scanner.getLine())).to.include({ code: 'EBUSY', message: 'Expected one getLine at a time, and another one waits already' })
    await writeAll(peer, 'one\ntwo\n')
    expect(text(await first)).equal('one')
    expect(text(await scanner.getLine())).equal('two')
  })

  it('gives its records to a loop, which ends with the stream and can be left and entered again', async () => {
    const scanner = new Scanner({ stream: from('one\ntwo\nthree\nfour', 3) })
    const found: (string | null)[] = []
    for await (const record of scanner) {
      found.push(text(record))
      if (found.length === 2) break
    }
    for await (const record of scanner) found.push(text(record))
    expect(found).deep.equal(['one', 'two', 'three', 'four'])
    for await (const [name, value] of Scanner.withAwkDefaults(from('apples 3'))) expect([text(name!), text(value!)]).deep.equal(['apples', '3'])
  })

  it('fails in the loop as getLine does', async () => {
    const loop = async (options: ScannerOptions): Promise<void> => { for await (const record of new Scanner(options)) expect(text(record)).equal('one') }
    expect(await rejection(loop({ stream: from('one\nmuch too long\n'), maxRecordSize: 8 }))).to.include({ code: 'EMSGSIZE' })
    expect(await rejection(loop({}))).to.include({ code: 'EINVAL', arg: 'stream' })
    const [stream] = MemoryStream.pair()
    const fiber = spawn(() => loop({ stream }))
    fiber.cancel()
    expect(await rejection(fiber.join())).instanceOf(FiberCanceled)
  })

  it('shows what it was told and how far it has come, and no buffers', async () => {
    const scanner = new Scanner({ stream: from('one\ntwo\n'), trimRecord: true })
    await scanner.getLine()
    expect(inspect(scanner)).match(/^Scanner \{.*trimRecord: true,.*recordNumber: 1,\s+buffered: \d+\s\}$/s).and.not.contain('Uint8Array')
    expect(() => expect(scanner).equal(1)).throw(AssertionError)
  })

  for (const atOnce of [1, 3, Infinity]) {
    for (const bufferSizeHint of [1, 5, undefined]) {
      it(`reads lines, ${atOnce} bytes at a time into a buffer of ${bufferSizeHint ?? 'the usual size'} (B125, B126, B129, B134, B135)`, async () => {
        const scanner = new Scanner({ stream: from('first\nsecond\n\nlast without newline', atOnce), ...bufferSizeHint && { bufferSizeHint } })
        expect(scanner.recordNumber).to.equal(0)
        expect(await all(scanner)).to.deep.equal([['first', '\n'], ['second', '\n'], ['', '\n'], ['last without newline', '']])
        expect(scanner.recordNumber).to.equal(4)
      })

      it(`takes a text or an expression for the separator, ${atOnce} bytes at a time, buffer ${bufferSizeHint ?? 'usual'}`, async () => {
        const content = 'a\r\nb\r\r\n\nc'
        expect(await all(new Scanner({ stream: from(content, atOnce), recordSeparator: '\r\n', ...bufferSizeHint && { bufferSizeHint } })))
          .to.deep.equal([['a', '\r\n'], ['b\r', '\r\n'], ['\nc', '']])
        const scanner = new Scanner({ stream: from('a1b22c', atOnce), recordSeparator: /[0-9]/, ...bufferSizeHint && { bufferSizeHint } })
        expect(await all(scanner)).to.deep.equal([['a', '1'], ['b', '2'], ['', '2'], ['c', '']])
        expect(scanner.recordTerminator).to.equal(null)
      })
    }
  }

  it('finds separators that are no ASCII', async () => {
    expect(await all(new Scanner({ stream: from('ä→ö→', 1), recordSeparator: '→' }))).to.deep.equal([['ä', '→'], ['ö', '→']])
  })

  it('finds a long separator that arrives in pieces, at the latest with what follows it or with the end', async () => {
    const long = `<${'-'.repeat(5000)}>`
    for (const [content, expected] of [
      [`one${long}two`, [['one', long], ['two', '']]],
      [`one${long}${'x'.repeat(20000)}${long}`, [['one', long], ['x'.repeat(20000), long]]]
    ] as const) {
      expect(await all(new Scanner({ stream: from(content, 100), recordSeparator: /<-+>/ }))).to.deep.equal(expected)
    }
  })

  it('lets an expression look back, begin at the start of a record, and keeps the program\'s own as it is', async () => {
    const lines = 'x'.repeat(3000) + 'a;b;' + 'y'.repeat(3000) + 'a;z'
    const looking = await all(new Scanner({ stream: from(lines, 7), recordSeparator: /(?<=a);/ }))
    expect(looking.map(([record]) => record!.length)).to.deep.equal([3001, 3003, 1])
    const starting = await all(new Scanner({ stream: from('--a--b', 1), recordSeparator: /^-|-(?=-)/ }))
    expect(starting.map(([record]) => record)).to.deep.equal(['', '', 'a', '', 'b'])
    const own = /\n/g
    own.lastIndex = 3
    await all(new Scanner({ stream: from('a\nb\nc'), recordSeparator: own }))
    expect(own.lastIndex).to.equal(3)
  })

  for (const [title, content, atOnce] of [
    ['a record that does not end', 'a'.repeat(1 << 20), 1024],
    ['many records in one buffer', 'a\r\n'.repeat(1 << 17), Infinity]
  ] as const) {
    it(`decodes each byte a few times at most for an expression: ${title}`, async () => {
      const { toString } = Buffer.prototype
      let decoded = 0
      Buffer.prototype.toString = function (this: Buffer, ...rest: Parameters<Buffer['toString']>) {
        if (rest[0] === 'latin1') decoded += this.length
        return toString.apply(this, rest)
      }
      try {
        await all(new Scanner({ stream: from(content, atOnce), recordSeparator: /\r?\n/, bufferSizeHint: 1 << 19 }))
      } finally {
        Buffer.prototype.toString = toString
      }
      expect(decoded).to.be.within(content.length, 8 * content.length)
    })
  }

  it('splits fields by text, expression or function, as AWK does (B130)', async () => {
    expect(await fields({ stream: from('a,b,,c,\n'), fieldSeparator: ',' })).to.deep.equal(['a', 'b', '', 'c', ''])
    expect(await fields({ stream: from('a1b22c\n'), fieldSeparator: /[0-9]+/ })).to.deep.equal(['a', 'b', 'c'])
    expect(await fields({ stream: from('\n'), fieldSeparator: ',' })).to.deep.equal([])
    const scanner = new Scanner({ stream: from('3 4\n'), fieldSeparator: (record: Uint8Array) => text(record)!.split(' ').map(Number) })
    const numbers: number[] = await scanner.getLine()
    expect(numbers).to.deep.equal([3, 4])
  })

  it('takes fields by pattern (B131)', async () => {
    expect(await fields({ stream: from('x=12, y=3\n'), fieldPattern: /[0-9]+/ })).to.deep.equal(['12', '3'])
    expect(await fields({ stream: from('none\n'), fieldPattern: /[0-9]+/ })).to.deep.equal([])
  })

  it('trims records, but not the buffered line (B132, B136)', async () => {
    const scanner = new Scanner({ stream: from(' \tx y \n--z-\n'), trimRecord: true as boolean | string })
    expect(text(await scanner.getLine())).to.equal('x y')
    expect(text(scanner.bufferedLine())).to.equal(' \tx y ')
    scanner.trimRecord = '-'
    expect(text(await scanner.getLine())).to.equal('z')
  })

  it('has the defaults of AWK (B133)', async () => {
    const scanner = Scanner.withAwkDefaults(from('  one \t two  \n\n three\n'))
    expect((await scanner.getLine()).map(text)).to.deep.equal(['one', 'two'])
    expect(await scanner.getLine()).to.deep.equal([])
    expect((await scanner.getLine()).map(text)).to.deep.equal(['three'])
  })

  it('lets the rules change between records (B127, B141)', async () => {
    const scanner = new Scanner({ recordSeparator: '\n' })
    expect(await rejection(scanner.getLine())).to.include({ code: 'EINVAL', arg: 'stream' })
    scanner.stream = from('line\na;b;c')
    expect(text(await scanner.getLine())).to.equal('line')
    scanner.recordSeparator = ';'
    expect(await all(scanner)).to.deep.equal([['a', ';'], ['b', ';'], ['c', '']])
  })

  it('gives its buffer away and takes another one (B137, B138, B139, B140)', async () => {
    const scanner = new Scanner({ stream: from('head\r\n\r\nbodymore', 12), recordSeparator: '\r\n' })
    expect(text(await scanner.getLine())).to.equal('head')
    expect(text(await scanner.getLine())).to.equal('')
    expect(text(scanner.buffer())).to.equal('\r\nbody')
    scanner.removeLine()
    expect(scanner.recordTerminator).to.equal(null)
    expect(text(scanner.buffer())).to.equal('body')
    expect(() => { scanner.removeLine() }).to.throw().with.property('code', 'EINVAL')
    expect(() => scanner.bufferedLine()).to.throw().with.property('code', 'EINVAL')
    scanner.setBuffer(new TextEncoder().encode('consumed|next record\r\nand '), 9)
    expect(text(await scanner.getLine())).to.equal('next record')
    expect(text(scanner.bufferedLine())).to.equal('next record')
    expect(text(await scanner.getLine())).to.equal('and more')
  })

  it('reads into the capacity of a buffer it was given', async () => {
    const memory = new Uint8Array(64)
    const buffer = Object.assign(memory.subarray(8, 8), { capacity: 20 })
    const scanner = new Scanner({ stream: from('in place\n') })
    scanner.setBuffer(buffer)
    const line = await scanner.getLine()
    expect(line.buffer).to.equal(memory.buffer)
    expect(text(memory.subarray(8, 16))).to.equal('in place')
  })

  it('limits the size of a record (B128)', async () => {
    const content = 'x'.repeat(100) + '\nshort\n'
    for (const atOnce of [1, Infinity]) {
      const small = new Scanner({ stream: from(content, atOnce), maxRecordSize: 64, bufferSizeHint: 16 })
      expect(await rejection(small.getLine())).to.include({ code: 'EMSGSIZE', message: 'The record is longer than maxRecordSize (64)' })
      expect(small.recordNumber).to.equal(0)
      expect(await all(new Scanner({ stream: from(content, atOnce), maxRecordSize: 101, bufferSizeHint: 16 }))).to.deep.equal([['x'.repeat(100), '\n'], ['short', '\n']])
    }
  })

  it('passes errors on and can be asked again after a cancellation', async () => {
    const [writer, reader] = MemoryStream.pair()
    const scanner = new Scanner({ stream: reader })
    await writeAll(writer, 'half a ')
    const fiber = spawn(() => scanner.getLine())
    while (reader.reads < 2) await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(await rejection(scanner.getLine({ signal: AbortSignal.abort('no') }))).to.equal('no')
    await writeAll(writer, 'line\n')
    expect(text(await scanner.getLine())).to.equal('half a line')
    reader.close()
    expect(await rejection(scanner.getLine())).to.have.property('code', 'EBADF')
  })

  it('takes regular expressions of another realm, and says in JSON how far it is', async () => {
    const scanner = new Scanner({ stream: from('a1b22c'), recordSeparator: runInNewContext('/$x/'), fieldSeparator: runInNewContext('/[0-9]+/') })
    expect((await scanner.getLine() as unknown as Uint8Array[]).map(text)).to.deep.equal(['a', 'b', 'c'])
    expect(JSON.parse(JSON.stringify(scanner))).to.include({ trimRecord: false, recordNumber: 1, buffered: 6 }).and.to.not.have.property('data')
    expect((await new Scanner({ stream: from('a1b22'), fieldPattern: runInNewContext('/[0-9]+/') as RegExp }).getLine()).map(text)).to.deep.equal(['1', '22'])
  })

  it('refuses by name what is wrong', async () => {
    const scanner = new Scanner({ stream: from('x\n') })
    for (const wrong of ['', 1]) {
      scanner.recordSeparator = wrong as string
      expect(await rejection(scanner.getLine())).to.include({ code: 'EINVAL', arg: 'recordSeparator' })
    }
    for (const [options, arg] of [
      [{ recordSeparator: '' }, 'options.recordSeparator'], [{ recordSeparator: 1 }, 'options.recordSeparator'],
      [{ maxRecordSize: 0 }, 'options.maxRecordSize'], [{ maxRecordSize: NaN }, 'options.maxRecordSize'],
      [{ bufferSizeHint: -1 }, 'options.bufferSizeHint'], [{ foo: 1 }, 'options.foo'], [5, 'options']
    ] as const) {
      expect(() => new Scanner(options as object)).to.throw().that.includes({ code: 'EINVAL', arg })
    }
    class Reader { readSome (): void {} }
    expect(() => new Scanner(new Reader() as object)).to.throw('options: Expected the stream as one of the options, { stream: socket }, not a Reader')
    expect(() => new Scanner(process.stdin as never)).to.throw('options: Expected the stream as one of the options, { stream: socket }, not a')
    expect(() => new Scanner({ stream: process.stdin as never })).to.throw('options.stream: Expected an object with a method readSome, not a stream of Node, which has methods of its own')
    expect(() => new Scanner({ stream: Promise.resolve() as never })).to.throw('options.stream: Expected an object with a method readSome, not a Promise: await it')
    expect(() => new Scanner(Promise.resolve() as object)).to.throw(/^options: Expected an object of stream, .*, not a Promise$/)
    expect(new Scanner(Object.create({ recordSeparator: ';' }) as object).recordSeparator).to.equal(';')
    expect(new Scanner({ recordSeparator: ';', foo: undefined } as object).recordSeparator).to.equal(';')
    expect(() => { scanner.setBuffer('x' as never) }).to.throw().that.includes({ code: 'EINVAL', arg: 'buffer' })
    expect(() => { scanner.setBuffer(new Uint8Array(1), 2) }).to.throw().that.includes({ code: 'EINVAL', arg: 'offset' })
  })
})
