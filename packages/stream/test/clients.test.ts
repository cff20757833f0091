// SPDX-License-Identifier: MIT OR BSL-1.0
// Existing clients and servers of HTTP and WebSocket over sockets of ours, on both sides.
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import tls from 'node:tls'
import { expect } from 'chai'
import { Agent, Client, fetch as undiciFetch, request } from 'undici'
import { WebSocket, WebSocketServer } from 'ws'
import { tcp } from '@emilua/ip'
import { serve, toDuplex } from '@emilua/stream/node'
import { cert, key } from './certificate.js'
import { rejection } from './memory.js'

const large = 'b'.repeat(3_000_000)

/** Echoes bodies, names its peer at `/peer`, sends three pieces at `/pieces`. */
function answer (incoming: IncomingMessage, response: ServerResponse): void {
  if (incoming.url === '/peer') {
    response.end(`${incoming.socket.remoteAddress} ${typeof incoming.socket.remotePort}`)
  } else if (incoming.url === '/pieces') {
    response.write('first ')
    setImmediate(() => {
      response.write('second ')
      setImmediate(() => { response.end('third') })
    })
  } else {
    incoming.pipe(response)
  }
}

describe('HTTP over the bridge', () => {
  let server: http.Server
  let serving: Promise<void>
  let port: number

  beforeEach(async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    port = acceptor.localPort
    server = http.createServer(answer)
    serving = serve(server, acceptor)
  })
  afterEach(async () => {
    server.close()
    server.closeAllConnections()
    await serving
  })

  const dial = async (): Promise<ReturnType<typeof toDuplex>> => toDuplex(await tcp.dial(`127.0.0.1:${port}`))

  it('node:http, with an agent that keeps its connection', async () => {
    let dialed = 0
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    Object.assign(agent, {
      createConnection (_options: unknown, done: (error: unknown, socket?: unknown) => void) {
        dialed++
        dial().then(socket => done(null, socket), done)
      }
    })
    for (const [path, body, expected] of [['/peer', '', '127.0.0.1 number'], ['/pieces', '', 'first second third'], ['/', large, large]] as const) {
      const outgoing = http.request({ agent, path, method: 'POST' })
      outgoing.end(body)
      const [response] = await once(outgoing, 'response') as [IncomingMessage]
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      expect(text).to.equal(expected)
    }
    expect(dialed).to.equal(1)
    agent.destroy()
  })

  it('undici: requests, fetch, abort', async () => {
    const dispatcher = new Agent({ connect: (_options, done) => { dial().then(socket => { done(null, socket as never) }, (error: Error) => { done(error, null) }) } })
    const origin = `http://127.0.0.1:${port}`
    expect(await (await request(`${origin}/peer`, { dispatcher })).body.text()).to.equal('127.0.0.1 number')
    expect(await (await undiciFetch(origin, { dispatcher, method: 'POST', body: large })).text()).to.equal(large)
    const controller = new AbortController()
    const never = undiciFetch(origin, { dispatcher, method: 'POST', body: new ReadableStream({}), duplex: 'half', signal: controller.signal })
    controller.abort()
    expect(await rejection(never)).to.have.property('name', 'AbortError')
    await dispatcher.close()
  })

  it('undici: pipelined requests', async () => {
    const client = new Client(`http://127.0.0.1:${port}`, {
      pipelining: 10,
      connect: (_options, done) => { dial().then(socket => { done(null, socket as never) }, (error: Error) => { done(error, null) }) }
    })
    const texts = await Promise.all(Array.from({ length: 50 }, async () => (await client.request({ path: '/pieces', method: 'GET' })).body.text()))
    expect(new Set(texts)).to.deep.equal(new Set(['first second third']))
    await client.close()
  })

  it('ws, as client and as server', async () => {
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', socket => { socket.on('message', (message, isBinary) => { socket.send(message, { binary: isBinary }) }) })
    const socket = await dial()
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, { createConnection: () => socket })
    await once(client, 'open')
    for (const text of ['hello', large]) {
      client.send(text)
      expect(String((await once(client, 'message'))[0])).to.equal(text)
    }
    client.close(4000, 'enough')
    const [code, reason] = await once(client, 'close') as [number, Buffer]
    expect([code, String(reason)]).to.deep.equal([4000, 'enough'])
    sockets.close()
  })
})

describe('TLS over the bridge', () => {
  it('node:https and node:tls', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const server = https.createServer({ key, cert }, answer)
    const serving = serve(server, acceptor)
    const socket = toDuplex(new tcp.Socket())
    socket.connect(acceptor.localPort, '127.0.0.1')
    const secure = tls.connect({ socket, ca: cert, servername: 'localhost' })
    const outgoing = https.request({ createConnection: () => secure, path: '/', method: 'POST', headers: { connection: 'close' } })
    outgoing.end(large)
    const [response] = await once(outgoing, 'response') as [IncomingMessage]
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += chunk
    expect(text).to.equal(large)
    server.close()
    await serving
  })

  it('node:http2', async () => {
    const acceptor = await tcp.listen('127.0.0.1:0')
    const server = http2.createSecureServer({ key, cert }, answer as never)
    const serving = serve(server, acceptor)
    const socket = toDuplex(await tcp.dial(`127.0.0.1:${acceptor.localPort}`))
    const session = http2.connect('https://localhost', { createConnection: () => tls.connect({ socket, ca: cert, servername: 'localhost', ALPNProtocols: ['h2'] }) })
    const texts = await Promise.all(Array.from({ length: 20 }, async (_, i) => {
      const stream = session.request({ ':path': '/', ':method': 'POST' }).setEncoding('utf8')
      stream.end(`${i} ${large.slice(0, 100_000)}`)
      let text = ''
      for await (const chunk of stream) text += String(chunk)
      return text
    }))
    expect(texts.every((text, i) => text === `${i} ${large.slice(0, 100_000)}`)).to.equal(true)
    session.close()
    server.close()
    await serving
  })
})
