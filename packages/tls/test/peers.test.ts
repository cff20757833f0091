// SPDX-License-Identifier: MIT OR BSL-1.0
// Peers that nobody here wrote, both ways.
import { execFile, spawn as spawnProcess, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { createServer, type AddressInfo, type Server } from 'node:net'
import nodeTls from 'node:tls'
import { promisify } from 'node:util'
import { tcp } from '@emilua/ip'
import { spawn } from '@emilua/runtime'
import { isEof, Scanner, writeAll } from '@emilua/stream'
import { toDuplex } from '@emilua/stream/node'
import * as tls from '@emilua/tls'
import { expect } from 'chai'
import { Authority, selfSigned, type Identity } from './certificates.js'
import { clientContext, failure, serverContext, text } from './support.js'

// What a sanitizer preloads into Node has no business in others.
const run = (file: string, args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(file, args, { env: { ...process.env, LD_PRELOAD: '' } })

describe('tls with others', () => {
  const authority = new Authority()
  const local = authority.issue({ names: ['localhost', 'IP:127.0.0.1'] })
  const somebody = authority.issue({ client: true, names: ['somebody'] })
  const trusted = (): tls.Context => clientContext(authority.root.cert)
  after(() => { authority.remove() })

  /** Echoes line by line over TLS of ours, until the body has ended. What a connection ended with is in `ends`. */
  async function echoing (context: tls.Context, body: (port: number, ends: unknown[]) => Promise<void>): Promise<void> {
    using acceptor = await tcp.listen('127.0.0.1:0')
    const ends: unknown[] = []
    const server = spawn(async () => {
      for await (const connection of acceptor) {
        using socket = new tls.Socket(connection, context)
        try {
          await socket.serverHandshake()
          const scanner = new Scanner({ stream: socket, recordSeparator: '\n' })
          for (;;) await writeAll(socket, `${text((await scanner.getLine())!)}!\n`)
        } catch (error) {
          ends.push(isEof(error) ? 'eof' : (error as { code: string }).code)
        }
      }
    })
    try {
      await body(acceptor.localPort, ends)
    } finally {
      server.cancel()
      await server.join().catch(() => undefined)
    }
  }

  async function listening (server: Server): Promise<number> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  async function line (socket: tls.Socket): Promise<string> {
    return text((await new Scanner({ stream: socket, recordSeparator: '\n' }).getLine())!)
  }

  for (const version of ['1.2', '1.3']) {
    it(`openssl s_client, TLS ${version}`, async () => {
      await echoing(serverContext(local), async (port, ends) => {
        const client = spawnProcess('openssl', ['s_client', '-quiet', '-no_ign_eof', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost',
          '-CAfile', authority.file('ca.pem', authority.root.cert), '-verify_return_error', `-tls${version.replace('.', '_')}`])
        client.stdin.write('hello\n')
        const [answer] = await once(client.stdout, 'data') as [Buffer]
        expect(String(answer)).to.equal('hello!\n')
        client.stdin.end()
        await once(client, 'exit')
        while (ends.length === 0) await new Promise(resolve => setImmediate(resolve))
        expect(ends).to.deep.equal(['eof'])
      })
    })

    it(`openssl s_server, TLS ${version}`, async () => {
      const server = spawnProcess('openssl', ['s_server', '-accept', '127.0.0.1:0', '-rev', '-cert', authority.file('s.pem', local.cert), '-key', authority.file('s.key', local.key), `-tls${version.replace('.', '_')}`])
      try {
        using client = await tls.dial(`localhost:${await portOf(server)}`, trusted())
        await writeAll(client, 'hello\n')
        expect(await line(client)).to.equal('olleh')
        expect(client.protocol).to.equal(`TLSv${version}`)
      } finally {
        server.kill()
        await once(server, 'exit')
      }
    })

    it(`Node's client, TLS ${version}, with a session of an earlier one`, async () => {
      const context = serverContext(local)
      context.setAlpnProtocols(['echo', 'other'])
      await echoing(context, async (port, ends) => {
        const connect = async (session?: Buffer): Promise<{ reused: boolean, session: Buffer }> => {
          const client = nodeTls.connect({
            port, host: '127.0.0.1', servername: 'localhost', ca: authority.root.cert, ALPNProtocols: ['echo'],
            minVersion: `TLSv${version}` as 'TLSv1.2', maxVersion: `TLSv${version}` as 'TLSv1.2', ...session && { session }
          })
          const sessions = once(client, 'session') as Promise<[Buffer]>
          await once(client, 'secureConnect')
          client.write('hello\n')
          expect(String((await once(client, 'data') as [Buffer])[0])).to.equal('hello!\n')
          expect([client.authorized, client.alpnProtocol, client.getProtocol()]).to.deep.equal([true, 'echo', `TLSv${version}`])
          const reused = client.isSessionReused()
          const [ticket] = reused ? [client.getSession()!] : await sessions
          client.end()
          await once(client, 'close')
          return { reused, session: ticket }
        }
        const first = await connect()
        const second = await connect(first.session)
        expect([first.reused, second.reused]).to.deep.equal([false, true])
        while (ends.length < 2) await new Promise(resolve => setImmediate(resolve))
        expect(ends).to.deep.equal(['eof', 'eof'])
      })
    })

    it(`Node's server, TLS ${version}, with a session of an earlier one`, async () => {
      const server = nodeTls.createServer({
        cert: local.cert, key: local.key, ALPNProtocols: ['echo'], minVersion: `TLSv${version}` as 'TLSv1.2', maxVersion: `TLSv${version}` as 'TLSv1.2'
      }, socket => { socket.pipe(socket) })
      const port = await listening(server)
      const context = trusted()
      context.setAlpnProtocols(['echo'])
      let session: tls.Session | undefined
      for (const again of [false, true]) {
        using client = new tls.Socket(await tcp.dial(`127.0.0.1:${port}`), context)
        client.setVerifyMode('peer')
        if (session !== undefined) client.setSession(session)
        await client.clientHandshake()
        await writeAll(client, 'hello\n')
        expect(await line(client)).to.equal('hello')
        expect([client.sessionReused, client.alpnProtocol]).to.deep.equal([again, 'echo'])
        session = client.session
        client.shutdown('send')
        expect(isEof(await failure(client.readSome(new Uint8Array(1))))).to.equal(true)
      }
      server.close()
    })
  }

  it('asks Node for certificates of clients', async () => {
    const server = nodeTls.createServer({ cert: local.cert, key: local.key, ca: authority.root.cert, requestCert: true }, socket => {
      socket.end(`${String((socket.getPeerCertificate().subject as { CN: string }).CN)}\n`)
    })
    server.on('tlsClientError', () => undefined)
    const port = await listening(server)
    const context = trusted()
    context.useCertificateChain(somebody.cert)
    context.usePrivateKey(somebody.key, 'pem')
    using known = await tls.dial(`localhost:${port}`, context)
    expect(await line(known)).to.equal('somebody')
    using unknown = await tls.dial(`localhost:${port}`, trusted())
    expect((await failure(unknown.readSome(new Uint8Array(1)))).code).to.be.oneOf(['TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ECONNRESET'])
    server.close()
  })

  const bad: [string, () => Identity, string][] = [
    ['expired', () => authority.issue({ names: ['localhost'], until: '20210101000000Z' }), 'CERT_HAS_EXPIRED'],
    ['of another host', () => authority.issue({ names: ['other.example'] }), 'HOSTNAME_MISMATCH'],
    ['signed by itself', () => selfSigned('localhost'), 'DEPTH_ZERO_SELF_SIGNED_CERT']
  ]
  for (const [how, identity, code] of bad) {
    it(`refuses a server of Node whose certificate is ${how}`, async () => {
      const { cert, key } = identity()
      const server = nodeTls.createServer({ cert, key })
      const told = once(server, 'tlsClientError')
      const error = await failure(tls.dial(`localhost:${await listening(server)}`, trusted()))
      expect(error).to.include({ code })
      expect(error.message).to.match(/^Certificate of localhost refused: /)
      await told
      server.close()
    })
  }

  it('is refused by Node\'s client that does not know it, and serves on', async () => {
    await echoing(serverContext(local), async (port, ends) => {
      const client = nodeTls.connect({ port, host: '127.0.0.1', servername: 'localhost' })
      const [error] = await once(client, 'error') as [{ code: string }]
      expect(error.code).to.equal('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
      while (ends.length === 0) await new Promise(resolve => setImmediate(resolve))
      expect(ends[0]).to.match(/ALERT_UNKNOWN_CA|ECONNRESET|EOF/)
    })
  })

  it('carries Node\'s http server, asked by curl, by https and by fetch\'s like', async () => {
    const context = serverContext(local)
    context.setAlpnProtocols(['http/1.1'])
    const server = http.createServer((request, response) => { request.pipe(response) })
    using acceptor = await tcp.listen('127.0.0.1:0')
    const secured = {
      async * [Symbol.asyncIterator] () {
        for await (const connection of acceptor) {
          const socket = new tls.Socket(connection, context)
          if (await socket.serverHandshake().then(() => true, () => false)) yield socket
        }
      }
    }
    const serving = (async () => { for await (const socket of secured) server.emit('connection', toDuplex(socket)) })()
    const url = `https://localhost:${acceptor.localPort}/`
    const ca = authority.file('ca.pem', authority.root.cert)
    const { stdout } = await run('curl', ['-sS', '--noproxy', '*', '--cacert', ca, '--connect-to', `localhost:${acceptor.localPort}:127.0.0.1:`, '-d', 'from curl', url])
    expect(stdout).to.equal('from curl')
    await run('curl', ['-sS', '--noproxy', '*', '--connect-to', `localhost:${acceptor.localPort}:127.0.0.1:`, url]).then(
      () => { throw new Error('curl trusts') }, (error: { code: number }) => { expect(error.code).to.equal(60) })
    const body = 'x'.repeat(1_000_000)
    const answer = await new Promise<string>((resolve, reject) => {
      const request = https.request(url, { method: 'POST', ca: authority.root.cert, host: '127.0.0.1', servername: 'localhost', agent: false }, response => {
        let all = ''
        response.setEncoding('utf8').on('data', (chunk: string) => { all += chunk }).on('end', () => { resolve(all) })
      })
      request.on('error', reject).end(body)
    })
    expect(answer).to.equal(body)
    acceptor.close()
    server.close()
    await serving
  })

  it('is what Node\'s https client talks over', async () => {
    const server = https.createServer({ cert: local.cert, key: local.key }, (request, response) => { response.end(`${request.url}`) })
    const port = await listening(server)
    const socket = await tls.dial(`localhost:${port}`, trusted())
    const answer = await new Promise<string>((resolve, reject) => {
      http.get({ createConnection: () => toDuplex(socket), host: 'localhost', path: '/over' }, response => {
        response.setEncoding('utf8').on('data', resolve)
      }).on('error', reject)
    })
    expect(answer).to.equal('/over')
    socket.close()
    server.close()
  })

  it('refuses to renegotiate, and goes on', async () => {
    await echoing(serverContext(local, 'tls12_server'), async port => {
      const client = nodeTls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.root.cert })
      await once(client, 'secureConnect')
      const error = await new Promise<Error | null>(resolve => {
        client.on('error', resolve)
        client.renegotiate({}, resolve)
      })
      expect(String(error)).to.match(/renegotiation/i)
      client.destroy()
    })
  })

  it('tells a peer that speaks no TLS', async () => {
    const plain = createServer(socket => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') })
    const error = await failure(tls.dial(`localhost:${await listening(plain)}`, trusted()))
    expect(error).to.include({ code: 'WRONG_VERSION_NUMBER' })
    plain.close()
    await echoing(serverContext(local), async (port, ends) => {
      using client = await tcp.dial(`127.0.0.1:${port}`)
      await writeAll(client, 'GET / HTTP/1.1\r\n\r\n')
      while (ends.length === 0) await new Promise(resolve => setImmediate(resolve))
      expect(ends).to.deep.equal(['HTTP_REQUEST'])
    })
  })
})

/** Where `openssl s_server` says it listens. */
async function portOf (server: ChildProcess): Promise<string> {
  let all = ''
  for await (const chunk of server.stdout!) {
    all += String(chunk)
    const found = /^ACCEPT [^\n]*:(\d+)$/m.exec(all)
    if (found) return found[1]!
  }
  throw new Error(`s_server: ${all}`)
}
