// SPDX-License-Identifier: MIT OR BSL-1.0
import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import type { EmiluaError } from '@emilua/errors'
import { FileDescriptor } from '@emilua/file-descriptor'
import * as pipe from '@emilua/pipe'
import { isEof, readAll, writeAll } from '@emilua/stream'

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
