// SPDX-License-Identifier: MIT OR BSL-1.0
import { createServer } from 'node:http'
import { expect } from 'chai'
import { tcp } from '@emilua/ip'
import { FiberCanceled, spawn, thisFiber } from '@emilua/runtime'
import { chunks, writeAll } from '@emilua/stream'
import { compliesAsDuplex } from '@emilua/stream/compliance'
import { toDuplex } from '@emilua/stream/node'
import { rejection } from './memory.js'

compliesAsDuplex('tcp.Socket', async () => {
  const acceptor = await tcp.listen('127.0.0.1:0')
  const [writer, reader] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
  acceptor.close()
  return { writer, reader }
})

describe('the bridges over TCP', () => {
  it('carry Node\'s own HTTP server, asked by Node\'s own fetch, whoever made them', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    const http = createServer((request, response) => { request.pipe(response) })
    // The fiber ends before the first byte: what it made goes on without it.
    const served = spawn(async () => { http.emit('connection', toDuplex(await acceptor.accept())) })
    const body = 'x'.repeat(300_000)
    const reply = fetch(`http://127.0.0.1:${acceptor.localPort}`, { method: 'POST', body, headers: { connection: 'close' } })
    await served.join()
    expect(await (await reply).text()).to.equal(body)
  })

  it('iterate over connections until the fiber is canceled, and leave the acceptor open', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    let connections = 0
    const server = spawn(async () => {
      for await (const socket of acceptor) {
        connections++
        socket.close()
      }
    })
    await using client = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
    while (connections === 0) await thisFiber.yield()
    server.cancel()
    expect(await rejection(server.join())).to.be.instanceOf(FiberCanceled)
    expect(acceptor.isOpen).to.equal(true)
    expect(client.isOpen).to.equal(true)
  })

  it('iterate over chunks, which ends at the end of the stream', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    const [client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    await writeAll(client, 'some text')
    client.shutdown('send')
    let text = ''
    for await (const chunk of server) text += new TextDecoder().decode(chunk)
    expect(text).to.equal('some text')
    client.close()
    server.close()
  })

  it('iterate over chunks by the method that a program puts in its place', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    const [client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    server.readSome = async (buffer, options) => {
      const n = await tcp.Socket.prototype.readSome.call(server, buffer, options)
      buffer.fill(0x21, 0, n)
      return n
    }
    await writeAll(client, 'abc')
    for await (const chunk of server) {
      expect(new TextDecoder().decode(chunk)).to.equal('!!!')
      break
    }
    client.close()
    server.close()
  })

  it('iterate over chunks, a wait for which ends by signal, close and cancellation, and says where', async () => {
    await using acceptor = await tcp.listen('127.0.0.1:0')
    const [client, server] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    const stop = new AbortController()
    const iterator = chunks(server, { signal: stop.signal })
    const aborted = rejection(iterator.next())
    stop.abort(new Error('enough'))
    expect(await aborted).to.include({ message: 'enough' })
    const iterate = async (): Promise<void> => { for await (const chunk of server) void chunk }
    const fiber = spawn(iterate)
    while (fiber.status !== 'running') await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    const closed = rejection(iterate())
    server.close()
    const error = await closed as Error
    expect(error).to.include({ code: 'ECANCELED' })
    expect(error.stack).to.include('iterate')
    client.close()
  })
})
