// SPDX-License-Identifier: MIT OR BSL-1.0
import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect } from 'chai'
import type { EmiluaError } from '@emilua/errors'
import { FileDescriptor } from '@emilua/file-descriptor'
import * as pipe from '@emilua/pipe'
import { isEof, readAll, writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const descriptors = (): number => readdirSync('/proc/self/fd').length

describe('pipe', () => {
  it('moves bytes from one end to the other', async () => {
    const [reader, writer] = pipe.pair()
    const data = new Uint8Array(1 << 20).map((_, i) => i % 251)
    const all = new Uint8Array(data.length)
    const [sent, received] = await Promise.all([writeAll(writer, data), readAll(reader, all)])
    expect([sent, received]).to.deep.equal([data.length, data.length])
    expect(Buffer.compare(data, all)).to.equal(0)
    writer.close()
    expect(isEof(await failure(reader.readSome(all)))).to.equal(true)
    reader.close()
  })

  it('writes at once what fits, and waits with the rest', async () => {
    const [reader, writer] = pipe.pair()
    const data = new Uint8Array(200_000).map((_, i) => i % 251)
    const all = new Uint8Array(data.length)
    let done = false
    const sent = writeAll(writer, data).finally(() => { done = true })
    expect(await reader.readSome(all)).to.equal(65_536)
    expect(done).to.equal(false)
    await readAll(reader, all.subarray(65_536))
    expect([await sent, Buffer.compare(data, all)]).to.deep.equal([data.length, 0])

    const controller = new AbortController()
    const stopped = failure(writeAll(writer, data, { signal: controller.signal }))
    controller.abort(new Error('enough'))
    expect((await stopped).message).to.equal('enough')
    expect(await reader.readSome(all)).to.equal(65_536)
    const refused = failure(writeAll(writer, data, { signal: controller.signal }))
    expect((await refused).message).to.equal('enough')
    await writeAll(writer, 'next')
    expect(await reader.readSome(all)).to.equal(4)
    reader.close()
    const errors = [await failure(writeAll(writer, data)), await failure(writer.writeSome(data))]
    for (const error of errors) expect([error.code, error.syscall]).to.deep.equal(['EPIPE', 'write'])
    expect(errors[0]!.stack).to.include('pipe.test')
    writer.close()
    expect((await failure(writeAll(writer, data))).code).to.equal('EBADF')
  })

  it('calls the method that a program has put in the place of writeSome', async () => {
    const [reader, writer] = pipe.pair()
    const { writeSome } = writer
    const sizes: number[] = []
    writer.writeSome = (buffer, options) => {
      sizes.push(buffer.length)
      return writeSome.call(writer, buffer.subarray(0, 2), options)
    }
    expect(await writeAll(writer, 'abc')).to.equal(3)
    expect(sizes).to.deep.equal([3, 1])
    reader.close()
    writer.close()
  })

  it('is iterated over until the other end is closed, and is a Web Stream', async () => {
    const [reader, writer] = pipe.pair()
    await writeAll(writer, 'one')
    const sink = writer.writable.getWriter()
    await sink.write(new TextEncoder().encode('two'))
    await sink.close()
    expect(writer.isOpen).to.equal(false)
    let text = ''
    for await (const chunk of reader) text += new TextDecoder().decode(chunk)
    expect(text).to.equal('onetwo')
    reader.close()
  })

  it('is a Duplex in the direction it has', async () => {
    const [reader, writer] = pipe.pair()
    const from = toDuplex(reader)
    const to = toDuplex(writer)
    expect([from.readable, from.writable, from.readyState]).to.deep.equal([true, false, 'readOnly'])
    expect([to.readable, to.writable, to.readyState]).to.deep.equal([false, true, 'writeOnly'])
    const data = Buffer.alloc(1 << 20, 'abc')
    const chunks: Buffer[] = []
    await Promise.all([
      pipeline(Readable.from([data, Buffer.from('end')]), to),
      pipeline(from, new Writable({ write (chunk: Buffer, _, done) { chunks.push(chunk); setImmediate(done) } }))
    ])
    expect(Buffer.concat(chunks).equals(Buffer.concat([data, Buffer.from('end')]))).to.equal(true)
    expect([reader.isOpen, writer.isOpen, from.destroyed, to.destroyed]).to.deep.equal([false, false, true, true])
  })

  it('tells the writer of a Duplex to wait, and of the reader that is gone', async () => {
    const [reader, writer] = pipe.pair()
    const to = toDuplex(writer)
    expect(to.write(Buffer.alloc(1 << 20))).to.equal(false)
    const failed = once(to, 'error')
    reader.close()
    const [error] = await failed as [EmiluaError]
    expect(error.code).to.equal('EPIPE')
    expect([to.destroyed, writer.isOpen]).to.deep.equal([true, false])
    const from = toDuplex(pipe.pair()[0])
    const refused = once(from, 'error')
    from.write('x')
    expect((await refused)[0]).to.have.property('code', 'ERR_STREAM_WRITE_AFTER_END')
    expect(from.destroyed).to.equal(true)
  })

  it('fails with EPIPE when nobody reads, and raises no signal', async () => {
    const [reader, writer] = pipe.pair()
    reader.close()
    expect(await failure(writer.writeSome(new Uint8Array(1)))).to.include({ code: 'EPIPE', syscall: 'write' })
    writer.close()
  })

  it('can be given up by a signal, and loses nothing', async () => {
    const [reader, writer] = pipe.pair()
    const buffer = new Uint8Array(8)
    const controller = new AbortController()
    const reading = failure(reader.readSome(buffer, { signal: controller.signal }))
    controller.abort()
    expect((await reading).name).to.equal('AbortError')
    await writeAll(writer, 'abc')
    expect(await reader.readSome(buffer)).to.equal(3)
    const waiting = failure(reader.readSome(buffer))
    reader.close()
    expect((await waiting).code).to.equal('ECANCELED')
    expect((await failure(reader.readSome(buffer))).code).to.equal('EBADF')
    writer.close()
  })

  it('is canceled through its Web Streams', async () => {
    const [reader, writer] = pipe.pair()
    expect([reader, writer].map(end => ['readable', 'writable'].filter(way => way in end))).to.deep.equal([['readable'], ['writable']])
    const web = reader.readable.getReader()
    const reading = web.read()
    await web.cancel()
    expect((await reading).done).to.equal(true)
    expect(reader.isOpen).to.equal(false)
    const sink = writer.writable.getWriter()
    expect(await failure(sink.write(new Uint8Array(1)))).to.include({ code: 'EPIPE' })
    await failure(sink.closed)
    writer.close()

    const full = pipe.pair()
    const pending = full[1].writable.getWriter()
    const writing = failure(pending.write(new Uint8Array(1 << 20)))
    await pending.abort(new Error('enough'))
    expect(await writing).to.have.property('message', 'enough')
    expect(full[1].isOpen).to.equal(false)
    full[0].close()
  })

  it('becomes a descriptor and is made of one, if it was opened for that', async () => {
    const [reader, writer] = pipe.pair()
    const fd = reader.release()
    expect(fd).to.be.instanceOf(FileDescriptor)
    expect([reader.isOpen, fd.type, fd.nonBlocking]).to.deep.equal([false, 'fifo', false])
    expect(() => new pipe.WriteStream(fd)).to.throw().that.includes({ code: 'EINVAL', arg: 'fd' })
    using again = new pipe.ReadStream(fd)
    expect(() => fd.type).to.throw().that.includes({ code: 'EBADF' })
    await writeAll(writer, 'x')
    expect(await again.readSome(new Uint8Array(4))).to.equal(1)
    expect(() => { again.assign(writer.release()) }).to.throw().that.includes({ code: 'ALREADY_OPEN' })
  })

  it('leaves no descriptor behind', async () => {
    const before = descriptors()
    for (let i = 0; i < 100; i++) {
      const [reader, writer] = pipe.pair()
      const reading = failure(reader.readSome(new Uint8Array(1)))
      reader.close()
      writer.close()
      await reading
    }
    expect(descriptors()).to.equal(before)
  })
})
