// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, connect as connectNode } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmiluaError } from '@emilua/errors'
import { Path } from '@emilua/filesystem'
import { readAll, writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'
import { datagram, seqpacket, stream, type RemoteCredentials, type UnixStreamState } from '@emilua/unix'
import { expect } from 'chai'

const failure = (promise: Promise<unknown>): Promise<EmiluaError> =>
  promise.then(() => { throw new Error('It did not fail') }, error => error as EmiluaError)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('unix', () => {
  let folder = ''
  const at = (name: string): string => join(folder, name)
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'emilua-unix-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  describe('names', () => {
    it('are paths or their text, and abstract ones', async () => {
      using acceptor = stream.listen(new Path(at('a')), 0o640)
      expect(String(acceptor.localPath)).to.equal(at('a'))
      expect(statSync(at('a')).mode & 0o777).to.equal(0o640)
      using client = await stream.dial(at('a'))
      expect(client.remotePath.equals(new Path(at('a')))).to.equal(true)
      expect(client.localPath.empty).to.equal(true)

      using named = seqpacket.listen(`@${folder}`)
      expect(String(named.localPath)).to.equal(`\0${folder}`)
      for (const name of [`@${folder}`, `\0${folder}`, named.localPath]) (await seqpacket.dial(name)).close()
      expect((await failure(stream.dial(new Path(`@${folder}`)))).code).to.equal('ENOENT')
    })

    it('keep bytes that are no UTF-8, and a NUL inside what is abstract', async () => {
      const bytes = new Uint8Array([0, 0xff, 0, ...new TextEncoder().encode(folder)])
      using receiver = new datagram.Socket()
      receiver.bind(Path.fromBytes(bytes))
      expect(receiver.localPath.toBytes()).to.deep.equal(bytes)
      using sender = new datagram.Socket()
      sender.bind('')
      await sender.sendTo('hello', receiver.localPath)
      const buffer = new Uint8Array(8)
      const { size, path } = await receiver.receiveFrom(buffer)
      expect([size, path.equals(sender.localPath)]).to.deep.equal([5, true])
    })

    it('say what they cannot be', async () => {
      expect(await failure(stream.dial(''))).to.include({ code: 'EINVAL', arg: 'ep' })
      expect(() => stream.listen(`${folder}/a\0b`)).to.throw().that.includes({ code: 'EINVAL', arg: 'ep' })
      using socket = new datagram.Socket()
      expect(() => { socket.bind('x'.repeat(109)) }).to.throw().that.includes({ code: 'ENAMETOOLONG', arg: 'pathname', message: 'pathname: Expected a path of at most 108 bytes, not 109' })
      expect(socket.isOpen).to.equal(false)
    })

    it('are never removed', () => {
      stream.listen(at('a')).close()
      expect(existsSync(at('a'))).to.equal(true)
      expect(() => stream.listen(at('a'))).to.throw().that.includes({ code: 'EADDRINUSE' })
    })
  })

  describe('stream', () => {
    it('is iterated over, both by its acceptor and by itself', async () => {
      const acceptor = stream.listen(at('a'))
      const served = (async () => {
        for await (using socket of acceptor) {
          for await (const chunk of socket) await writeAll(socket, chunk)
          break
        }
      })()
      using client = await stream.dial(at('a'))
      const data = new Uint8Array(1 << 20).map((_, i) => i % 251)
      const back = new Uint8Array(data.length)
      await Promise.all([writeAll(client, data), readAll(client, back)])
      expect(Buffer.compare(data, back)).to.equal(0)
      client.shutdown('send')
      await served
      acceptor.close()
    })

    it('talks with node:net, as a Duplex and in both directions', async () => {
      const server = createServer(socket => { socket.pipe(socket) }).listen(at('node'))
      await new Promise(resolve => server.once('listening', resolve))
      const duplex = toDuplex(await stream.dial(at('node')))
      duplex.end('to node and back')
      let all = ''
      for await (const chunk of duplex) all += String(chunk)
      expect(all).to.equal('to node and back')

      const ours = toDuplex(new stream.Socket()).connect(at('node'))
      ours.end('by path')
      let again = ''
      for await (const chunk of ours) again += String(chunk)
      expect(again).to.equal('by path')
      const nobody = toDuplex(new stream.Socket()).connect({ path: at('nobody') })
      expect(await new Promise<EmiluaError>(resolve => nobody.once('error', resolve))).to.include({ code: 'ENOENT', syscall: 'connect' })
      await new Promise(resolve => server.close(resolve))

      using acceptor = stream.listen(at('ours'))
      const client = connectNode(at('ours'))
      using accepted = await acceptor.accept()
      client.end('hello')
      let received = ''
      for await (const chunk of accepted) received += text(chunk)
      expect(received).to.equal('hello')
    })

    it('fails with EPIPE or ECONNRESET when the peer has gone, without a signal', async () => {
      const [a, b] = stream.Socket.pair()
      await a.writeSome(new Uint8Array(4))
      b.close()
      expect((await failure(a.readSome(new Uint8Array(1)))).code).to.equal('ECONNRESET')
      const error = await failure(a.writeSome(new Uint8Array(1)))
      expect([error.code, error.path]).to.deep.equal(['EPIPE', undefined]) // of a pair, which has no path
      a.close()
    })

    it('names the path of a server that has gone', async () => {
      const path = at('gone')
      const acceptor = stream.listen(path)
      const accepting = acceptor.accept()
      using client = await stream.dial(path)
      const server = await accepting
      server.close()
      acceptor.close()
      expect(await failure(client.writeSome(new Uint8Array(1)))).to.include({ code: 'EPIPE', path, message: `EPIPE: Broken pipe, send '${path}'` })
    })

    it('tells who the peer is', () => {
      const [a, b] = stream.Socket.pair()
      const credentials: RemoteCredentials = a.getOption('remote_credentials')
      expect(credentials).to.deep.equal({ uid: process.getuid!(), groups: [process.getgid!()], pid: process.pid })
      // @ts-expect-error it can only be read
      expect(() => { a.setOption('remote_credentials', credentials) }).to.throw().that.includes({ code: 'EINVAL', arg: 'opt' })
      const size: number = a.getOption('send_buffer_size')
      expect(size).greaterThan(0)
      const label: UnixStreamState = 'remote_security_label'
      const labels = existsSync('/sys/fs/selinux/enforce')
      if (!labels) expect(() => a.getOption(label)).to.throw().that.includes({ code: 'ENOPROTOOPT' })
      using closed = new stream.Socket()
      closed.open()
      expect(() => closed.getOption('remote_credentials')).to.throw().that.includes({ code: 'ENOTCONN' })
      for (const socket of [a, b]) socket.close()
    })
  })

  describe('messages', () => {
    for (const kind of [seqpacket, datagram]) {
      const name = kind === seqpacket ? 'seqpacket' : 'datagram'
      it(`come whole, or fail with EMSGSIZE, of ${name}`, async () => {
        const [a, b] = kind.Socket.pair()
        const small = new Uint8Array(4)
        await a.send('longer than that')
        await a.send(new TextEncoder().encode('next'))
        expect(await b.receive(small, { flags: ['peek'] })).to.equal(4)
        expect((await failure(b.receive(small))).code).to.equal('EMSGSIZE')
        expect(text(small)).to.equal('long')
        expect(text(small.subarray(0, await b.receive(small)))).to.equal('next')
        const controller = new AbortController()
        const waiting = failure(b.receive(small, { signal: controller.signal }))
        controller.abort()
        expect((await waiting).name).to.equal('AbortError')
        await a.send('kept')
        expect(await b.receive(small)).to.equal(4)
        expect((await failure(a.send(new Uint8Array(1 << 22)))).code).to.equal('EMSGSIZE')
        for (const socket of [a, b]) socket.close()
      })
    }

    it('without bytes are the end of a seqpacket, and themselves as datagrams', async () => {
      const buffer = new Uint8Array(4)
      const [a, b] = seqpacket.Socket.pair()
      await a.send('')
      expect((await failure(b.receive(buffer))).code).to.equal('EOF')
      await a.send('next')
      expect(await b.receive(buffer)).to.equal(4)
      a.close()
      expect((await failure(b.receive(buffer))).code).to.equal('EOF')
      const [c, d] = datagram.Socket.pair()
      await c.send('')
      await c.send('next')
      expect([await d.receive(buffer), await d.receive(buffer)]).to.deep.equal([0, 4])
      for (const socket of [b, c, d]) socket.close()
    })
  })
})
