// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, Socket as NetSocket, type AddressInfo, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { tcp } from '@emilua/ip'
import { readAll, writeAll } from '@emilua/stream'
import { toDuplex, type StreamDuplex } from '@emilua/stream/node'
import { MemoryStream } from './memory.js'

/** Runs `program` and resolves with what it prints once it has ended by itself. */
function run (program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 10_000
    }, (error, stdout, stderr) => error ? reject(new Error(`${error.message} ${stderr}`)) : resolve(stdout.trim()))
    child.stdin!.end()
  })
}

describe('toDuplex as net.Socket', () => {
  let acceptor: tcp.Acceptor
  let ours: tcp.Socket
  let peer: tcp.Socket
  let duplex: StreamDuplex & NetSocket

  beforeEach(async () => {
    acceptor = await tcp.listen('127.0.0.1:0')
    ;[ours, peer] = await Promise.all([tcp.dial(`127.0.0.1:${acceptor.localPort}`), acceptor.accept()])
    duplex = toDuplex(ours)
  })
  afterEach(() => {
    duplex.destroy()
    peer.close()
    acceptor.close()
  })

  it('has every member of net.Socket that is not an inner one', async () => {
    const theirs = new NetSocket()
    const names = new Set<string>()
    for (let each: object = theirs; each !== Object.prototype; each = Object.getPrototypeOf(each) as object) {
      for (const name of Object.getOwnPropertyNames(each)) if (!name.startsWith('_')) names.add(name)
    }
    // `server` is what net.Server writes into its sockets; the type of service is a matter of newer Nodes
    expect([...names].filter(name => !(name in duplex) && !/^server$|TypeOfService/.test(name))).to.deep.equal([])
    theirs.destroy()
  })

  it('sends small writes at once, unless told otherwise', () => {
    expect(ours.getOption('tcp_no_delay')).to.equal(true)
    expect(duplex.setNoDelay(false)).to.equal(duplex)
    expect(ours.getOption('tcp_no_delay')).to.equal(false)
    duplex.setNoDelay()
    expect(ours.getOption('tcp_no_delay')).to.equal(true)
    expect(peer.getOption('tcp_no_delay')).to.equal(false)
    const other = toDuplex(peer, { noDelay: false })
    expect(peer.getOption('tcp_no_delay')).to.equal(false)
    other.destroy()
  })

  it('has idle connections probed', () => {
    duplex.setKeepAlive(true, 7500)
    const options = ['keep_alive', 'keep_alive_idle', 'keep_alive_interval', 'keep_alive_count'] as const
    expect(options.map(option => ours.getOption(option))).to.deep.equal([true, 7, 1, 10])
    duplex.setKeepAlive(false)
    expect(ours.getOption('keep_alive')).to.equal(false)
  })

  it('knows both ends, and goes on knowing them', async () => {
    const { localPort } = ours
    const expected = ['127.0.0.1', localPort, 'IPv4', '127.0.0.1', acceptor.localPort, 'IPv4']
    const ends = (): unknown[] => [duplex.localAddress, duplex.localPort, duplex.localFamily, duplex.remoteAddress, duplex.remotePort, duplex.remoteFamily]
    expect(ends()).to.deep.equal(expected)
    expect(duplex.address()).to.deep.equal({ address: '127.0.0.1', family: 'IPv4', port: localPort })
    duplex.destroy()
    await once(duplex, 'close')
    expect(ends()).to.deep.equal(expected)
  })

  it('has no ends where the stream has none', () => {
    const [a] = MemoryStream.pair()
    const other = toDuplex(a)
    expect([other.remoteAddress, other.remoteFamily, other.localPort, other.address()]).to.deep.equal([undefined, undefined, undefined, {}])
    other.setKeepAlive(true, 1000).setNoDelay(true).ref().unref()
    expect(() => other.resetAndDestroy()).to.throw(TypeError).with.property('code', 'ERR_INVALID_HANDLE_TYPE')
    other.destroy()
  })

  it('counts bytes, those that wait to be sent included', async () => {
    duplex.write('12345')
    duplex.cork()
    duplex.write('é')
    duplex.write(Buffer.alloc(3))
    // What had room left at once, as with net.Socket.
    expect([duplex.bytesWritten, duplex.bufferSize]).to.deep.equal([10, 5])
    duplex.uncork()
    await readAll(peer, new Uint8Array(10))
    await writeAll(peer, 'seven 7')
    await once(duplex, 'data')
    expect([duplex.bytesRead, duplex.bytesWritten, duplex.bufferSize]).to.deep.equal([7, 10, 0])
  })

  it('says how far it is', async () => {
    expect([duplex.readyState, duplex.pending, duplex.connecting]).to.deep.equal(['open', false, false])
    duplex.end()
    expect(duplex.readyState).to.equal('readOnly')
    peer.shutdown('send')
    duplex.resume()
    await once(duplex, 'close')
    expect([duplex.readyState, duplex.pending, ours.isOpen]).to.deep.equal(['closed', true, false])
  })

  it('ends with its peer, without half-open sides', async () => {
    expect(duplex.allowHalfOpen).to.equal(false)
    peer.shutdown('send')
    // nobody reads
    const [failed] = await once(duplex, 'close') as [boolean]
    expect(failed).to.equal(false)
    expect(ours.isOpen).to.equal(false)
  })

  it('keeps the writable side, if that is wanted', async () => {
    const open = toDuplex(peer, { allowHalfOpen: true })
    expect(open.allowHalfOpen).to.equal(true)
    duplex.end('question')
    let asked = ''
    open.on('data', chunk => { asked += String(chunk) })
    await once(open, 'end')
    expect(asked).to.equal('question')
    open.end('answer')
    const [chunk] = await once(duplex, 'data') as [Buffer]
    expect(String(chunk)).to.equal('answer')
  })

  it('says it is connected to whoever connects it', async () => {
    const order: string[] = []
    duplex.once('ready', () => order.push('ready'))
    duplex.connect(5432, 'db.example', () => order.push('connect'))
    expect([duplex.connecting, duplex.pending, duplex.readyState]).to.deep.equal([true, true, 'opening'])
    await once(duplex, 'ready')
    expect(order).to.deep.equal(['connect', 'ready'])
    expect([duplex.connecting, duplex.pending, duplex.readyState]).to.deep.equal([false, false, 'open'])
    duplex.write('x')
    await readAll(peer, new Uint8Array(1))
  })

  it('connects a stream that is not connected, and sends what was written meanwhile', async () => {
    const socket = new tcp.Socket()
    const other = toDuplex(socket)
    expect([other.pending, other.readyState, other.remoteAddress]).to.deep.equal([true, 'open', undefined])
    other.setNoDelay(false).setKeepAlive(true, 3000)
    const tried: unknown[] = []
    other.on('lookup', (_error, address: string, family: number, host: string) => tried.push([address, family, host]))
    other.connect({ port: acceptor.localPort, host: '127.0.0.1' })
    other.end('early')
    const accepted = await acceptor.accept()
    await once(other, 'connect')
    expect(tried).to.deep.equal([['127.0.0.1', 4, '127.0.0.1']])
    expect([socket.getOption('tcp_no_delay'), socket.getOption('keep_alive_idle')]).to.deep.equal([false, 3])
    expect(other.remotePort).to.equal(acceptor.localPort)
    const buffer = new Uint8Array(5)
    await readAll(accepted, buffer)
    expect(String(Buffer.from(buffer))).to.equal('early')
    accepted.close()
    other.resume()
    await once(other, 'close')
  })

  it('does not wait for a connection that nobody makes', async () => {
    const closed = new tcp.Socket()
    closed.close()
    for (const socket of [new NetSocket(), toDuplex(new tcp.Socket()), toDuplex(closed)]) {
      const events: unknown[] = []
      socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code))
      const end = new Promise(resolve => socket.once('close', resolve))
      socket.write('x', error => events.push((error as NodeJS.ErrnoException).code))
      await end
      expect(events).to.deep.equal(['ERR_SOCKET_CLOSED', 'ERR_SOCKET_CLOSED'])
      expect(socket.destroyed).to.equal(true)
    }
  })

  it('tells who wrote meanwhile that it could not connect', async () => {
    const { localPort } = acceptor
    acceptor.close()
    for (const socket of [new NetSocket(), toDuplex(new tcp.Socket())]) {
      const events: unknown[] = []
      socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code))
      socket.connect(localPort, '127.0.0.1')
      await new Promise(resolve => socket.write('x', error => { resolve(events.push((error as NodeJS.ErrnoException).code)) }))
      expect(events).to.deep.equal(['ECONNREFUSED', 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION'])
    }
  })

  it('says why it could not connect', async () => {
    const { localPort } = acceptor
    acceptor.close()
    const other = toDuplex(new tcp.Socket())
    other.connect(localPort, '127.0.0.1')
    const [error] = await once(other, 'error') as [NodeJS.ErrnoException]
    expect(error.code).to.equal('ECONNREFUSED')
    expect(other.destroyed).to.equal(true)
    const badly = toDuplex(new tcp.Socket())
    badly.connect(65536)
    expect((await once(badly, 'error') as [NodeJS.ErrnoException])[0].code).to.equal('ERR_SOCKET_BAD_PORT')
  })

  it('tells close whether it failed, after error', async () => {
    const events: unknown[] = []
    duplex.on('error', (error: NodeJS.ErrnoException) => events.push(error.code))
    duplex.on('close', (failed: boolean) => events.push(failed))
    const closed = new Promise(resolve => duplex.on('close', resolve))
    toDuplex(peer).resetAndDestroy()
    await closed
    expect(events).to.deep.equal(['ECONNRESET', true])
  })

  it('notices a peer that was gone before it was made', async () => {
    const dialing = tcp.dial(`127.0.0.1:${acceptor.localPort}`)
    const accepted = await acceptor.accept()
    toDuplex(await dialing).resetAndDestroy()
    await accepted.wait('read')
    const other = toDuplex(accepted)
    const [error] = await once(other, 'error') as [NodeJS.ErrnoException]
    expect(error.code).to.equal('ECONNRESET')
    expect(accepted.isOpen).to.equal(false)
  })

  it('fails when a stream throws instead of rejecting', async () => {
    for (const side of ['readSome', 'writeSome'] as const) {
      const stream = { readSome: () => new Promise<number>(() => {}), writeSome: () => Promise.resolve(1), [side]: () => { throw new RangeError(side) } }
      const other = toDuplex(stream)
      if (side === 'writeSome') other.write('x')
      expect((await once(other, 'error') as [Error])[0]).to.have.property('message', side)
    }
  })

  it('is destroyed when all is written', async () => {
    const theirs = readAll(peer, new Uint8Array(1 << 20))
    duplex.write(Buffer.alloc(1 << 20))
    duplex.destroySoon()
    expect(duplex.destroyed).to.equal(false)
    expect(await theirs).to.equal(1 << 20)
    if (!duplex.destroyed) await once(duplex, 'close')
    expect(ours.isOpen).to.equal(false)
  })

  it('refuses a timeout that is none', () => {
    expect(() => duplex.setTimeout('1' as never)).to.throw(TypeError).with.property('code', 'ERR_INVALID_ARG_TYPE')
    expect(() => duplex.setTimeout(-1)).to.throw(RangeError).with.property('code', 'ERR_OUT_OF_RANGE')
    expect(duplex.timeout).to.equal(undefined)
  })

  it('puts small writes together and leaves large ones alone', async () => {
    const sizes: number[] = []
    const [, reader] = MemoryStream.pair()
    const other = toDuplex({
      readSome: (buffer, options) => reader.readSome(buffer, options),
      writeSome: bytes => { sizes.push(bytes.length); return Promise.resolve(bytes.length) }
    })
    other.cork()
    for (const size of [1, 2, 3, 100_000, 4, 60_000, 6000]) other.write(Buffer.alloc(size))
    other.uncork()
    other.end()
    await once(other, 'finish')
    expect(sizes).to.deep.equal([6, 100_000, 60_004, 6000])
    other.destroy()
  })

  it('gives every byte in order, whatever the sizes', async () => {
    const sent = Buffer.alloc(3_000_000)
    for (let i = 0; i < sent.length; i += 4) sent.writeUInt32LE(i, i)
    const writing = (async () => {
      for (let at = 0, size = 1; at < sent.length; at += size, size = size * 3 % 90_001 + 1) await writeAll(peer, sent.subarray(at, at + size))
      peer.shutdown('send')
    })()
    const chunks: Buffer[] = []
    for await (const chunk of duplex) chunks.push(chunk as Buffer)
    await writing
    expect(Buffer.concat(chunks).equals(sent)).to.equal(true)
  })
})

describe('what keeps the process alive', function () {
  this.timeout(20_000)
  let server: Server
  let port: number

  before(async () => {
    server = createServer(socket => { socket.on('error', () => {}) }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  after(() => { server.close() })

  const begin = (): string => `
    import { tcp } from '@emilua/ip'
    import { toDuplex } from '@emilua/stream/node'
    const duplex = toDuplex(await tcp.dial('127.0.0.1:${port}'))
    const ours = () => process.getActiveResourcesInfo().filter(name => name.startsWith('emilua'))
  `

  it('is no Duplex that was unref\'d, before or after it began to wait', async () => {
    expect(await run(`${begin()} duplex.unref(); console.log(ours())`)).to.equal('[]')
  })

  it('is one that was ref\'d again, and is listed', async () => {
    expect(await run(`${begin()}
      duplex.unref(); duplex.ref(); console.log(ours().join())
      setTimeout(() => { duplex.unref(); console.log('still here', ours().join()) }, 50).unref()
    `)).to.equal('emilua ip.tcp.socket.read_some\nstill here')
  })

  it('is no other operation that is told not to', async () => {
    expect(await run(`
      import { Hold } from '@emilua/native'
      import { sleep } from '@emilua/time'
      const hold = new Hold().unref()
      sleep(1000, { hold })
      sleep(0.01, { hold }).then(() => console.log('short'))
      await sleep(0.05)
      console.log('end', hold.hasRef())
    `)).to.equal('short\nend false')
  })

  it('is nothing of an idle keep-alive connection of http.Agent', async () => {
    const { createServer } = await import('node:http')
    const web = createServer((_request, response) => { response.end('x') }).listen(0, '127.0.0.1')
    await once(web, 'listening')
    web.keepAliveTimeout = 60_000
    const begun = performance.now()
    expect(await run(`
      import http from 'node:http'
      import { tcp } from '@emilua/ip'
      import { toDuplex } from '@emilua/stream/node'
      const agent = new http.Agent({ keepAlive: true })
      agent.createConnection = (options, done) => {
        tcp.dial('127.0.0.1:${(web.address() as AddressInfo).port}').then(socket => done(null, toDuplex(socket)), done)
      }
      http.get({ agent, host: '127.0.0.1' }, response => { response.on('end', () => console.log('answered')).resume() })
    `)).to.equal('answered')
    expect(performance.now() - begun).to.be.lessThan(8000)
    web.closeAllConnections()
    web.close()
  })
})
