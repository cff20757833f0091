// SPDX-License-Identifier: MIT OR BSL-1.0
import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import { expect } from 'chai'
import { currentFiber } from '@emilua/native/fiber'
import { spawn } from '@emilua/runtime'
import { connections, endOfFile, readAll, toReadable, toWritable, writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'
import { MemoryStream, rejection } from './memory.js'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('toReadable and toWritable', () => {
  it('give the same streams each time', () => {
    const [a] = MemoryStream.pair()
    expect(toReadable(a)).to.equal(toReadable(a))
    expect(toWritable(a)).to.equal(toWritable(a))
  })

  it('read into the reader\'s own buffer', async () => {
    const [writer, reader] = MemoryStream.pair()
    await writeAll(writer, 'abcdef')
    const byob = toReadable(reader).getReader({ mode: 'byob' })
    const { value } = await byob.read(new Uint8Array(4))
    expect(text(value!)).to.equal('abcd')
    writer.close()
    expect(text((await byob.read(new Uint8Array(4))).value!)).to.equal('ef')
    expect((await byob.read(new Uint8Array(4))).done).to.equal(true)
  })

  it('close the stream when both have ended, not before', async () => {
    const [a, b] = MemoryStream.pair()
    await toWritable(a).close()
    expect(a.isOpen).to.equal(true)
    const reader = toReadable(a).getReader()
    const end = reader.read()
    b.shutdown('send')
    expect((await end).done).to.equal(true)
    expect(a.isOpen).to.equal(false)
  })

  it('cancel ends a pending read; abort ends a pending write', async () => {
    const [a] = MemoryStream.pair(10)
    const reading = toReadable(a).getReader()
    const read = reading.read()
    await reading.cancel('enough')
    expect((await read).done).to.equal(true)
    expect(a.isOpen).to.equal(true)
    const writing = toWritable(a).getWriter()
    writing.closed.catch(() => {})
    const write = rejection(writing.write(new Uint8Array(100)))
    await new Promise(resolve => setImmediate(resolve))
    await writing.abort('stop')
    expect(await write).to.equal('stop')
    expect(a.isOpen).to.equal(false)
  })

  it('pass errors on', async () => {
    const broken = { readSome: () => Promise.reject(new RangeError('read')), writeSome: () => Promise.reject(new RangeError('write')) }
    expect(await rejection(toReadable(broken).getReader().read())).to.have.property('message', 'read')
    const writing = toWritable(broken).getWriter()
    writing.closed.catch(() => {})
    expect(await rejection(writing.write(new Uint8Array(1)))).to.have.property('message', 'write')
  })

  it('refuse what is no stream, by name', () => {
    const wrong = Promise.resolve() as never
    expect(() => toReadable(process.stdin as never)).to.throw('stream: Expected an object with a method readSome, not a stream of Node, which has methods of its own')
    expect(() => toReadable(wrong)).to.throw('stream: Expected an object with a method readSome, not a Promise: await it')
    expect(() => toWritable(wrong)).to.throw('stream: Expected an object with a method writeSome, not a Promise: await it')
    expect(() => connections(wrong)).to.throw('acceptor: Expected an acceptor, not a Promise: await it')
  })

  it('belong to no fiber, whoever made them', async () => {
    const fibers: unknown[] = []
    const stream = {
      readSome: () => { fibers.push(currentFiber()); return Promise.reject(endOfFile()) },
      writeSome: (bytes: Uint8Array) => { fibers.push(currentFiber()); return Promise.resolve(bytes.length) }
    }
    await spawn(async () => {
      expect(currentFiber()).to.not.equal(null)
      await toReadable(stream).getReader().read()
      await toWritable(stream).getWriter().write(new Uint8Array(1))
      const duplex = toDuplex(stream)
      duplex.write('x')
      duplex.resume()
      await once(duplex, 'end')
    }).join()
    expect(fibers).to.deep.equal([null, null, null, null])
  })
})

describe('toDuplex', () => {
  it('refuses what is no stream and options that do not exist, by name', () => {
    const [stream] = MemoryStream.pair()
    for (const [given, message] of [
      [[Promise.resolve(stream)], 'stream: Expected an object with a method readSome, not a Promise: await it'],
      [[{ close: () => {} }], 'stream: Expected an object with a method readSome'],
      [[undefined], 'stream: Expected an object with a method readSome, not undefined'],
      [[stream, { allowHalfOpne: true }], "options.allowHalfOpne: Expected one of the fields allowHalfOpen, noDelay; is it 'allowHalfOpen' that is meant?"],
      [[stream, true], 'options: Expected an object of allowHalfOpen, noDelay, not true']
    ] as const) {
      expect(() => toDuplex(...given as unknown as Parameters<typeof toDuplex>)).to.throw().that.includes({ code: 'EINVAL', message })
    }
  })

  it('reads no more than is asked for', async () => {
    const [writer, reader] = MemoryStream.pair(1 << 20)
    const duplex = toDuplex(reader)
    const writing = writeAll(writer, new Uint8Array(1 << 20))
    await once(duplex, 'readable')
    await new Promise(resolve => setImmediate(resolve))
    expect(reader.reads).to.be.lessThan(4)
    expect(duplex.readableLength).to.be.lessThan(1 << 18)
    duplex.destroy()
    await writing
  })

  it('tells the writer to wait', async () => {
    const [writer, reader] = MemoryStream.pair(100)
    const duplex = toDuplex(writer)
    expect(duplex.write(new Uint8Array(100_000))).to.equal(false)
    let drained = false
    duplex.once('drain', () => { drained = true })
    await readAll(reader, new Uint8Array(50_000))
    expect(drained).to.equal(false)
    await readAll(reader, new Uint8Array(50_000))
    if (!drained) await once(duplex, 'drain')
    duplex.destroy()
  })

  it('writes what was queued at once', async () => {
    const sizes: number[] = []
    const stream = { readSome: () => Promise.reject(endOfFile()), writeSome: (bytes: Uint8Array) => { sizes.push(bytes.length); return Promise.resolve(bytes.length) } }
    const duplex = toDuplex(stream)
    for (let i = 0; i < 10; i++) duplex.write('ab')
    duplex.end()
    await once(duplex, 'finish')
    expect(sizes).to.deep.equal([2, 18])
  })

  it('is destroyed by an error of either side, and tells which', async () => {
    for (const side of ['read', 'write']) {
      let closed = 0
      const stream = {
        readSome: () => side === 'read' ? Promise.reject(new RangeError('read')) : new Promise<number>(() => {}),
        writeSome: () => Promise.reject(new RangeError('write')),
        close: () => { closed++ }
      }
      const duplex = toDuplex(stream)
      if (side === 'read') duplex.resume()
      else duplex.write('x')
      const [error] = await once(duplex, 'error') as [Error]
      expect(error).to.be.instanceOf(RangeError).with.property('message', side)
      if (!duplex.closed) await once(duplex, 'close')
      expect(closed).to.equal(1)
    }
  })

  it('times out when nothing happens', async () => {
    const [a] = MemoryStream.pair()
    const duplex = toDuplex(a)
    expect(duplex.timeout).to.equal(undefined)
    // an unreferenced timer fires only while something else keeps the process alive
    const alive = setTimeout(() => {}, 5000)
    await new Promise<void>(resolve => duplex.setTimeout(5, resolve))
    clearTimeout(alive)
    expect(duplex.timeout).to.equal(5)
    expect(duplex.setTimeout(0).timeout).to.equal(0)
    duplex.destroy()
  })

  it('names the ends where the stream does', () => {
    const [a] = MemoryStream.pair()
    const duplex = toDuplex(Object.assign(a, { remoteAddress: { toString: () => '::1' }, remotePort: 80 }))
    expect([duplex.remoteAddress, duplex.remotePort, duplex.localAddress]).to.deep.equal(['::1', 80, undefined])
    duplex.destroy()
  })

  it('carries HTTP of Node\'s own server and client, one connection kept alive', async () => {
    const [a, b] = MemoryStream.pair()
    const server = createServer((incoming, response) => {
      incoming.setEncoding('utf8')
      let body = ''
      incoming.on('data', (chunk: string) => { body += chunk }).on('end', () => { response.end(`${incoming.url} ${body.length}`) })
    })
    server.emit('connection', toDuplex(a))
    const socket = toDuplex(b)
    for (const [path, body] of [['/first', 'x'.repeat(20_000)], ['/second', '']] as const) {
      const outgoing = request({ path, method: 'POST', createConnection: () => socket as never, headers: { connection: 'keep-alive' } })
      outgoing.end(body)
      const [response] = await once(outgoing, 'response') as [IncomingMessage]
      let answer = ''
      for await (const chunk of response) answer += String(chunk)
      expect(answer).to.equal(`${path} ${body.length}`)
    }
    socket.destroy()
  })
})
