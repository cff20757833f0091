// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { tcp } from '@emilua/ip'
import { FiberCanceled, spawn } from '@emilua/runtime'
import { serve } from '@emilua/stream/node'
import { cert, key } from './certificate.js'
import { rejection } from './memory.js'

const getConnections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, n) => error ? reject(error) : resolve(n)))

describe('serve', function () {
  this.timeout(20_000)
  let acceptor: tcp.Acceptor
  let port: number
  let sockets: Socket[]
  const release: (() => void)[] = []

  beforeEach(async () => {
    acceptor = await tcp.listen('127.0.0.1:0')
    port = acceptor.localPort
    sockets = []
  })
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    acceptor.close()
  })

  /** A client that has sent `text`. */
  async function client (text = ''): Promise<Socket> {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    socket.on('error', () => {})
    sockets.push(socket)
    await once(socket, 'connect')
    if (text !== '') socket.write(text)
    return socket
  }

  /** All that comes until the end. */
  async function answer (socket: Socket): Promise<string> {
    let text = ''
    socket.on('data', (chunk: string) => { text += chunk })
    await once(socket, 'close')
    return text
  }

  /** A server that answers `/slow` when `release` is called. */
  function web (options: http.ServerOptions = {}): http.Server {
    return http.createServer(options, (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === '/slow') release.push(() => { response.end('slow') })
      else response.end('quick')
    })
  }

  it('listens as after listen()', async () => {
    const server = web()
    const listening = once(server, 'listening')
    const serving = serve(server, acceptor)
    expect(server.listening).to.equal(true)
    expect(server.address()).to.deep.equal({ address: '127.0.0.1', family: 'IPv4', port })
    await listening
    expect(await rejection(serve(server, acceptor))).to.have.property('code', 'ERR_SERVER_ALREADY_LISTEN')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).to.equal('quick')
    expect(await getConnections(server)).to.equal(1)
    server.close()
    await serving
    expect(server.listening).to.equal(false)
    expect(server.address()).to.equal(null)
    expect(acceptor.isOpen).to.equal(false)
    expect(await getConnections(server)).to.equal(0)
  })

  it('can be begun again', async () => {
    const server = web()
    for (let i = 0; i < 2; i++) {
      const again = await tcp.listen('127.0.0.1:0')
      const serving = serve(server, again)
      expect(await (await fetch(`http://127.0.0.1:${again.localPort}/`)).text()).to.equal('quick')
      server.close()
      await serving
    }
    expect([server.listenerCount('session'), server.listenerCount('close'), server.listenerCount('secureConnection')]).to.deep.equal([0, 0, 0])
  })

  it('lets nobody take for ever over headers or body', async () => {
    for (const [options, text] of [
      [{ headersTimeout: 200, requestTimeout: 0 }, 'GET / HTTP/1.1\r\nHo'],
      [{ headersTimeout: 200, requestTimeout: 200 }, 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf']
    ] as const) {
      const own = await tcp.listen('127.0.0.1:0')
      port = own.localPort
      const server = web({ ...options, connectionsCheckingInterval: 50 })
      const serving = serve(server, own)
      expect(await answer(await client(text))).to.match(/^HTTP\/1\.1 408 Request Timeout/)
      server.close()
      await serving
    }
  })

  it('closes connections that are kept alive too long', async () => {
    const server = web({ keepAliveTimeout: 100, keepAliveTimeoutBuffer: 0 } as http.ServerOptions)
    const serving = serve(server, acceptor)
    expect(await answer(await client('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).to.match(/^HTTP\/1\.1 200 OK/)
    expect(await getConnections(server)).to.equal(0)
    server.close()
    await serving
  })

  it('ends gracefully: idle connections at once, the others after their answer', async () => {
    const server = web({ keepAliveTimeout: 60_000 })
    const serving = serve(server, acceptor)
    const [silent, idle, busy, streaming] = await Promise.all([client(), client(), client(), client()])
    idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(idle, 'data')
    for (const socket of [busy, streaming]) socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    while (release.length < 2) await once(server, 'request')
    let ended = false
    void serving.then(() => { ended = true })
    server.close()
    await Promise.all([silent, idle].map(socket => answer(socket)))
    expect(await rejection(new Promise((_resolve, reject) => { connect(port, '127.0.0.1').on('error', reject) }))).to.have.property('code', 'ECONNREFUSED')
    expect([ended, await getConnections(server)]).to.deep.equal([false, 2])
    const answers = [busy, streaming].map(socket => answer(socket))
    for (const each of release.splice(0)) each()
    for (const text of await Promise.all(answers)) expect(text).to.contain('200 OK').and.contain('slow')
    await serving
  })

  it('says in the last answer that it is the last', async () => {
    const server = web({ keepAliveTimeout: 60_000 })
    const serving = serve(server, acceptor)
    const busy = await client('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(server, 'request')
    server.close()
    // pipelined: its turn comes when the first is answered
    busy.write('GET /last HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(server, 'request')
    for (const each of release.splice(0)) each()
    expect(await answer(busy)).to.match(/slow.*Connection: close.*quick/s)
    await serving
  })

  it('ends gracefully when the acceptor is closed', async () => {
    const server = web()
    const serving = serve(server, acceptor)
    const closed = once(server, 'close')
    await (await fetch(`http://127.0.0.1:${port}/`)).text()
    acceptor.close()
    await serving
    await closed
  })

  it('closes all connections when told to', async () => {
    const server = web()
    const serving = serve(server, acceptor)
    const busy = await client('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(server, 'request')
    server.closeAllConnections()
    await once(busy, 'close')
    release.length = 0
    server.close()
    await serving
  })

  for (const by of ['fiber', 'signal']) {
    it(`ends at once when canceled by ${by}, and not before its connections have`, async () => {
      const server = web()
      const controller = new AbortController()
      const fiber = spawn(() => serve(server, acceptor, { signal: controller.signal }))
      const ended = rejection(fiber.join())
      const busy = await client('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(server, 'request')
      const closed = answer(busy)
      if (by === 'fiber') fiber.cancel()
      else controller.abort(new RangeError('enough'))
      expect(await ended).to.be.instanceOf(by === 'fiber' ? FiberCanceled : RangeError)
      expect([server.listening, await getConnections(server), acceptor.isOpen]).to.deep.equal([false, 0, false])
      expect(await closed).to.equal('')
      release.length = 0
    })
  }

  it('ends at once when canceled during a graceful end', async () => {
    const server = web()
    const fiber = spawn(() => serve(server, acceptor))
    const ended = rejection(fiber.join())
    await client('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(server, 'request')
    server.close()
    await new Promise(resolve => setImmediate(resolve))
    fiber.cancel()
    expect(await ended).to.be.instanceOf(FiberCanceled)
    release.length = 0
  })

  it('does nothing when it was canceled before', async () => {
    const server = web()
    expect(await rejection(serve(server, acceptor, { signal: AbortSignal.abort('no') }))).to.equal('no')
    expect([server.listening, acceptor.isOpen]).to.deep.equal([false, true])
  })

  it('keeps within maxConnections', async () => {
    const server = createServer(socket => { socket.write('welcome') })
    server.maxConnections = 1
    const serving = serve(server, acceptor)
    const inside = await client()
    await once(inside, 'data')
    const dropped = once(server, 'drop')
    const outside = await client()
    expect((await dropped)[0]).to.deep.include({ localPort: port, remotePort: outside.localPort, remoteFamily: 'IPv4' })
    await answer(outside)
    inside.destroy()
    server.close()
    await serving
  })

  it('refuses an acceptor that is closed', async () => {
    acceptor.close()
    const server = web()
    expect(await rejection(serve(server, acceptor))).to.deep.include({ code: 'EINVAL', arg: 'acceptor' })
    expect([server.listening, server.listenerCount('close')]).to.deep.equal([false, 0])
  })

  it('says which argument is wrong, and why', async () => {
    const server = web()
    const expected = 'server: Expected a server of node:http, node:https, node:http2, node:tls or node:net, not '
    for (const [given, message] of [
      [[server, Promise.resolve(acceptor)], 'acceptor: Expected an acceptor, not a Promise: await it'],
      [[server], 'acceptor: Expected an acceptor, not undefined'],
      [[server, server], 'acceptor: Expected an acceptor, not a Server'],
      [[acceptor, server], `${expected}an Acceptor`],
      [[() => {}, acceptor], `${expected}a function`]
    ] as const) {
      expect(await rejection(serve(...given as unknown as Parameters<typeof serve>))).to.include({ code: 'EINVAL', message })
    }
    expect([server.listening, server.listenerCount('close'), acceptor.isOpen]).to.deep.equal([false, 0, true])
  })

  it('waits for nobody when it is closed before it began', async () => {
    const server = web()
    const serving = serve(server, acceptor)
    server.close()
    await serving
    expect(acceptor.isOpen).to.equal(false)
  })

  it('reports what accepting failed with, after the connections ended', async () => {
    const broken = { accept: () => Promise.reject(new RangeError('broken')), close: () => {} }
    expect(await rejection(serve(web(), broken))).to.be.instanceOf(RangeError)
  })

  it('does not hold the process if the server is unref\'d', async () => {
    const program = `
      import http from 'node:http'
      import { tcp } from '@emilua/ip'
      import { serve } from '@emilua/stream/node'
      const server = http.createServer()
      serve(server, await tcp.listen('127.0.0.1:0'))
      server.unref()
      console.log('end')
    `
    expect(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname, encoding: 'utf8', timeout: 10_000 })).to.equal('end\n')
  })

  describe('over TLS and HTTP/2', () => {
    it('serves https, which knows its peers', async () => {
      const server = https.createServer({ key, cert }, (request, response) => {
        response.end(`${request.socket.remoteAddress} ${request.socket.remotePort === socketPort}`)
      })
      const serving = serve(server, acceptor)
      let socketPort = 0
      const request = https.get({ port, host: '127.0.0.1', ca: cert, servername: 'localhost', agent: false })
      request.once('socket', socket => { socket.once('secureConnect', () => { socketPort = socket.localPort! }) })
      const [response] = await once(request, 'response') as [IncomingMessage]
      let text = ''
      for await (const chunk of response) text += String(chunk)
      expect(text).to.equal('127.0.0.1 true')
      server.close()
      await serving
    })

    for (const secure of [true, false]) {
      it(`serves ${secure ? 'h2' : 'h2c'} to its graceful end`, async () => {
        const answers: (() => void)[] = []
        const respond = (_request: unknown, response: http2.Http2ServerResponse): void => { answers.push(() => { response.end('h2') }) }
        const server = secure ? http2.createSecureServer({ key, cert }, respond) : http2.createServer(respond)
        const serving = serve(server, acceptor)
        const session = http2.connect(`${secure ? 'https' : 'http'}://localhost:${port}`, { ca: cert })
        const stream = session.request({ ':path': '/' }).setEncoding('utf8')
        await once(server, 'request')
        server.close()
        for (const each of answers) each()
        let text = ''
        for await (const chunk of stream) text += String(chunk)
        expect(text).to.equal('h2')
        await serving
        session.close()
      })
    }

    it('ends h2 sessions at once when canceled', async () => {
      const server = http2.createServer(() => {})
      const fiber = spawn(() => serve(server, acceptor))
      const ended = rejection(fiber.join())
      const session = http2.connect(`http://localhost:${port}`)
      session.on('error', () => {})
      session.request({ ':path': '/' }).on('error', () => {})
      await once(server, 'request')
      fiber.cancel()
      expect(await ended).to.be.instanceOf(FiberCanceled)
      session.destroy()
    })
  })
})
