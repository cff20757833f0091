// SPDX-License-Identifier: MIT OR BSL-1.0
import { X509Certificate } from 'node:crypto'
import { readdirSync } from 'node:fs'
import net from 'node:net'
import type { EmiluaError } from '@emilua/errors'
import { tcp } from '@emilua/ip'
import { FiberCanceled, spawn, thisFiber } from '@emilua/runtime'
import { isEof, readAll, Scanner, writeAll } from '@emilua/stream'
import { compliesAsDuplex } from '@emilua/stream/compliance'
import * as tls from '@emilua/tls'
import { expect } from 'chai'
import { Authority, openssl, selfSigned, type Identity } from './certificates.js'
import { clientContext as contextFor, failure, serverContext as contextOf, tcpPair, text } from './support.js'

const authority = new Authority()
const local = authority.issue({ names: ['localhost', 'IP:127.0.0.1'] })
after(() => { authority.remove() })

const serverContext = (identity: Identity = local, method?: tls.TlsMethod): tls.Context => contextOf(identity, method)
const clientContext = (trusted = authority.root.cert, method?: tls.TlsMethod): tls.Context => contextFor(trusted, method)

interface Pair { client: tls.Socket, server: tls.Socket, [Symbol.dispose] (): void }

async function pair (client = clientContext(), server = serverContext(), name = 'localhost', before: (client: tls.Socket) => void = () => undefined): Promise<Pair> {
  const [a, b] = await tcpPair()
  const ends = { client: new tls.Socket(a, client), server: new tls.Socket(b, server) }
  ends.client.setServerName(name)
  ends.client.setVerifyMode('peer')
  ends.client.setVerifyCallback('host_name_verification', name)
  before(ends.client)
  const close = (): void => { ends.client.close(); ends.server.close() }
  try {
    await Promise.all([ends.client.clientHandshake(), ends.server.serverHandshake()])
  } catch (error) {
    close()
    throw error
  }
  return { ...ends, [Symbol.dispose]: close }
}

/** What the client says of the server's certificate. */
async function refusal (identity: Identity, { name = 'localhost', context = clientContext() } = {}): Promise<EmiluaError> {
  const [a, b] = await tcpPair()
  using client = new tls.Socket(a, context)
  using server = new tls.Socket(b, serverContext(identity))
  client.setVerifyMode('peer')
  client.setVerifyCallback('host_name_verification', name)
  const serving = failure(server.serverHandshake().then(() => server.readSome(new Uint8Array(1))))
  const error = await failure(client.clientHandshake())
  expect((await serving).category.name).to.equal('ssl')
  return error
}

compliesAsDuplex('tls.Socket', async () => {
  const { client, server } = await pair()
  return { writer: client, reader: server }
})

describe('tls', () => {
  for (const version of ['tls12', 'tls13'] as const) {
    it(`talks ${version}`, async () => {
      using ends = await pair(clientContext(undefined, version), serverContext(undefined, version))
      await writeAll(ends.client, 'hello\n')
      expect(text((await new Scanner({ stream: ends.server }).getLine())!)).to.equal('hello')
      expect(ends.client.protocol).to.equal(version === 'tls12' ? 'TLSv1.2' : 'TLSv1.3')
      expect(ends.client.cipher).to.equal(ends.server.cipher)
      expect(ends.server.serverName).to.equal('localhost')
    })
  }

  it('says what it is and with whom it talks', async () => {
    using ends = await pair()
    const { client, server } = ends
    expect(new X509Certificate(client.peerCertificate!).subject).to.equal('CN=localhost')
    expect(server.peerCertificate).to.equal(undefined)
    expect(client.alpnProtocol).to.equal(undefined)
    expect([client.remotePort, String(client.remoteAddress)]).to.deep.equal([server.localPort, '127.0.0.1'])
    expect(client.isOpen).to.equal(true)
    client.close()
    expect(client.isOpen).to.equal(false)
    expect(await failure(client.readSome(new Uint8Array(1)))).to.include({ code: 'EBADF' })
    expect(() => client.peerCertificate).to.throw().that.includes({ code: 'EBADF' })
  })

  it('takes the socket away, which nothing else may use', async () => {
    const [a, b] = await tcpPair()
    const socket = new tls.Socket(a)
    expect(() => a.localPort).to.throw().that.includes({ code: 'EBADF' })
    socket.close()
    b.close()
    expect(() => new tls.Socket(new tcp.Socket())).to.throw().that.includes({ code: 'EBADF', arg: 'sock' })
  })

  it('knows which handshakes there were', async () => {
    using ends = await pair()
    expect(await failure(ends.client.clientHandshake())).to.include({ code: 'EISCONN' })
    const [a, b] = await tcpPair()
    using client = new tls.Socket(a)
    expect(await failure(client.readSome(new Uint8Array(1)))).to.include({ code: 'UNINITIALIZED', message: 'Uninitialized: the handshake comes first' })
    expect(await failure(client.writeSome(new Uint8Array(1)))).to.include({ code: 'UNINITIALIZED' })
    expect(() => { client.shutdown('send') }).to.throw('Uninitialized: the handshake comes first').that.includes({ code: 'UNINITIALIZED' })
    const first = failure(client.clientHandshake())
    expect(await failure(client.clientHandshake())).to.include({ code: 'EALREADY' })
    b.shutdown('send')
    expect(await first).to.include({ code: 'UNEXPECTED_EOF_WHILE_READING' })
    b.close()
  })

  it('takes no context that is for the other side', async () => {
    const [a, b] = await tcpPair()
    using client = new tls.Socket(a, serverContext())
    using server = new tls.Socket(b, clientContext())
    const code = 'CALLED_A_FUNCTION_YOU_SHOULD_NOT_CALL'
    const [first, second] = [await failure(client.clientHandshake()), await failure(server.serverHandshake())]
    expect([first.code, second.code]).to.deep.equal([code, code])
    expect(first.message).to.include('The context is for servers only')
    expect(second.message).to.include('The context is for clients only')
  })

  describe('certificates', () => {
    it('are good for their names and addresses', async () => {
      using byName = await pair()
      using byAddress = await pair(undefined, undefined, '127.0.0.1')
      using withDot = await pair(undefined, undefined, 'localhost.')
      expect([byName, byAddress, withDot].map(({ server }) => server.serverName)).to.deep.equal(['localhost', undefined, 'localhost'])
    })

    it('for another host', async () => {
      const error = await refusal(authority.issue({ names: ['other.example'] }))
      expect(error).to.include({ code: 'HOSTNAME_MISMATCH', message: 'Certificate of localhost refused: hostname mismatch (CN = other.example)' })
      expect(error.category.name).to.equal('ssl')
      expect(await refusal(local, { name: '127.0.0.2' })).to.include({ code: 'IP_ADDRESS_MISMATCH' })
    })

    it('that have expired, or are not valid yet', async () => {
      expect(await refusal(authority.issue({ names: ['localhost'], until: '20210101000000Z' })))
        .to.include({ code: 'CERT_HAS_EXPIRED', message: 'Certificate of localhost refused: certificate has expired (CN = localhost)' })
      expect(await refusal(authority.issue({ names: ['localhost'], from: '21000101000000Z' }))).to.include({ code: 'CERT_NOT_YET_VALID' })
    })

    it('that nobody signed', async () => {
      expect(await refusal(selfSigned('localhost'))).to.include({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    })

    it('whose chain is incomplete, and complete', async () => {
      const between = authority.issue({ authority: true })
      const leaf = authority.issue({ names: ['localhost'] }, between)
      expect(await refusal(leaf)).to.include({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' })
      using ends = await pair(undefined, serverContext({ cert: leaf.cert + between.cert, key: leaf.key }))
      expect(ends.client.protocol).to.equal('TLSv1.3')
      const shallow = clientContext()
      shallow.setVerifyDepth(0)
      expect(await refusal({ cert: leaf.cert + between.cert, key: leaf.key }, { context: shallow })).to.include({ code: 'CERT_CHAIN_TOO_LONG' })
    })

    it('that were revoked', async () => {
      const revoked = authority.issue({ names: ['localhost'] })
      const context = clientContext()
      context.addCertificateAuthority(authority.revoked(revoked))
      expect(await refusal(revoked, { context })).to.include({ code: 'CERT_REVOKED' })
      using ends = await pair(context)
      expect(ends.client.isOpen).to.equal(true)
    })

    it('of clients', async () => {
      const server = serverContext()
      server.addCertificateAuthority(authority.root.cert)
      server.setVerifyMode('fail_if_no_peer_cert')
      const { cert, key } = authority.issue({ client: true, names: ['somebody'] })
      const known = clientContext()
      known.useCertificate(cert, 'pem')
      known.usePrivateKey(key, 'pem')
      using ends = await pair(known, server)
      expect(new X509Certificate(ends.server.peerCertificate!).subject).to.equal('CN=somebody')

      const [a, b] = await tcpPair()
      using client = new tls.Socket(a, clientContext())
      using refusing = new tls.Socket(b, server)
      const [, error] = await Promise.all([
        failure(client.clientHandshake().then(() => client.readSome(new Uint8Array(1)))), failure(refusing.serverHandshake())
      ])
      expect(error).to.include({ code: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' })

      server.setVerifyMode('peer')
      using without = await pair(clientContext(), server)
      expect(without.server.peerCertificate).to.equal(undefined)
    })

    it('need not be checked', async () => {
      const [a, b] = await tcpPair()
      using client = new tls.Socket(a)
      using server = new tls.Socket(b, serverContext(selfSigned('nobody')))
      await Promise.all([client.clientHandshake(), server.serverHandshake()])
      await writeAll(client, 'x')
      expect(await server.readSome(new Uint8Array(9))).to.equal(1)
    })

    it('and keys come from files and from memory, in both formats', async () => {
      const rsa = authority.issue({ names: ['localhost'], rsa: true })
      const [cert, key] = [authority.file('c.pem', rsa.cert), authority.file('k.pem', rsa.key)]
      const der = (...words: string[]): Uint8Array => openssl(...words, '-outform', 'DER')
      const [certDer, keyDer] = [der('x509', '-in', cert), der('pkey', '-in', key)]
      const [certFile, keyFile] = [authority.file('c.der', certDer), authority.file('k.der', keyDer)]
      const ways: ((c: tls.Context) => void)[] = [
        c => { c.useCertificate(certDer, 'asn1'); c.useRsaPrivateKey(keyDer, 'asn1') },
        c => { c.useCertificateFile(certFile, 'asn1'); c.usePrivateKeyFile(keyFile, 'asn1') },
        c => { c.useCertificateFile(cert, 'pem'); c.useRsaPrivateKeyFile(key, 'pem') },
        c => { c.useCertificateChainFile(cert); c.usePrivateKeyFile(key, 'pem') },
        c => { c.useCertificate(rsa.cert, 'pem'); c.usePrivateKey(new TextEncoder().encode(rsa.key), 'pem') }
      ]
      for (const way of ways) {
        const context = new tls.Context('tls_server')
        way(context)
        using ends = await pair(undefined, context)
        expect(ends.client.isOpen).to.equal(true)
      }
      const trusting = new tls.Context('tls_client')
      trusting.loadVerifyFile(authority.file('root.pem', authority.root.cert))
      using ends = await pair(trusting)
      expect(ends.client.isOpen).to.equal(true)
    })

    it('that are none', () => {
      const context = new tls.Context('tls')
      expect(() => { context.useCertificate('nonsense', 'pem') }).to.throw().that.includes({ code: 'NO_START_LINE' })
      expect(() => { context.useCertificateChain('') }).to.throw().that.includes({ code: 'NO_START_LINE' })
      expect(() => { context.addCertificateAuthority('nonsense') }).to.throw().that.includes({ code: 'NO_START_LINE' })
      expect(() => { context.usePrivateKey(new Uint8Array(8), 'asn1') }).to.throw().that.has.property('category').that.has.property('name', 'ssl')
      expect(() => { context.useRsaPrivateKey(local.key, 'pem') }).to.throw().that.includes({ code: 'EXPECTING_AN_RSA_KEY' })
      expect(() => { context.usePrivateKeyFile('/nowhere', 'pem') }).to.throw().that.includes({ code: 'ENOENT', path: '/nowhere' })
      expect(() => { context.addVerifyPath('/nowhere') }).to.throw().that.includes({ code: 'ENOENT', path: '/nowhere' })
      context.useCertificate(local.cert, 'pem')
      expect(() => { context.usePrivateKey(selfSigned('x').key, 'pem') }).to.throw().that.includes({ code: 'KEY_VALUES_MISMATCH' })
      expect(() => new tls.Context('ssl2')).to.throw().that.includes({ code: 'EOPNOTSUPP' })
    })
  })

  it('names what looks like the socket that it wants, and what is no key', () => {
    const context = new tls.Context('tls_client')
    expect(() => new tls.Socket(new net.Socket() as never, context)).to.throw('sock: Expected a tcp.Socket, not a Socket of another library')
    expect(() => { context.usePrivateKey('garbage', 'pem') }).to.throw('Unsupported: there is no private key in PEM in it')
    expect(() => { context.useCertificate('garbage', 'pem') }).to.throw('No start line: there is no certificate in PEM in it')
  })

  describe('passwords', () => {
    const encrypted = authority.file('encrypted.pem', openssl('pkey', '-in', authority.file('plain.pem', local.key), '-aes256', '-passout', 'pass:sesame'))

    it('are asked for', async () => {
      const context = new tls.Context('tls_server')
      context.useCertificate(local.cert, 'pem')
      const asked: unknown[] = []
      context.setPasswordCallback((maxLength, purpose) => {
        asked.push(maxLength > 100, purpose)
        return 'sesame'
      })
      context.usePrivateKeyFile(encrypted, 'pem')
      expect(asked).to.deep.equal([true, 'for_reading'])
      using ends = await pair(undefined, context)
      expect(ends.client.isOpen).to.equal(true)
      context.usePrivateKeyFile(encrypted, 'pem', () => new TextEncoder().encode('sesame'))
      expect(asked.length).to.equal(2)
    })

    it('are not there, wrong, or thrown', () => {
      const context = new tls.Context('tls_server')
      expect(() => { context.usePrivateKeyFile(encrypted, 'pem') }).to.throw('there is no function that knows its password').that.includes({ code: 'BAD_PASSWORD_READ' })
      expect(() => { context.usePrivateKeyFile(encrypted, 'pem', () => 'open') }).to.throw().that.includes({ code: 'BAD_DECRYPT' })
      expect(() => { context.usePrivateKeyFile(encrypted, 'pem', () => 'x'.repeat(10_000)) }).to.throw('longer than it may be').that.includes({ code: 'BAD_PASSWORD_READ' })
      const why = new Error('why')
      expect(() => { context.usePrivateKeyFile(encrypted, 'pem', () => { throw why }) }).to.throw(why)
      expect(() => { context.usePrivateKeyFile(encrypted, 'pem', (async () => 'sesame') as never) }).to.throw().that.includes({ code: 'EINVAL' })
      expect(() => { context.setPasswordCallback('sesame' as never) }).to.throw().that.includes({ code: 'EINVAL', arg: 'callback' })
    })
  })

  describe('dial', () => {
    async function serving<T> (context: tls.Context, body: (port: number) => Promise<T>): Promise<T> {
      using acceptor = await tcp.listen('127.0.0.1:0')
      const server = spawn(async () => {
        for await (const connection of acceptor) {
          const socket = new tls.Socket(connection, context)
          await socket.serverHandshake().then(() => writeAll(socket, 'hello'), () => undefined)
          socket.close()
        }
      })
      try {
        return await body(acceptor.localPort)
      } finally {
        server.cancel()
        await server.join().catch(() => undefined)
      }
    }

    it('checks that it is the right server', async () => {
      await serving(serverContext(), async port => {
        for (const host of ['localhost', '127.0.0.1']) {
          using socket = await tls.dial(`${host}:${port}`, clientContext())
          const buffer = new Uint8Array(5)
          await readAll(socket, buffer)
          expect(text(buffer)).to.equal('hello')
          expect(isEof(await failure(socket.readSome(buffer)))).to.equal(true)
        }
        expect(await failure(tls.dial(`localhost:${port}`))).to.include({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' })
      })
      await serving(serverContext(authority.issue({ names: ['other.example'] })), async port => {
        expect(await failure(tls.dial(`localhost:${port}`, clientContext()))).to.include({ code: 'HOSTNAME_MISMATCH' })
      })
    })

    it('says what is wrong', async () => {
      expect(await failure(tls.dial('localhost'))).to.include({ code: 'EINVAL', arg: 'ep' })
      expect(await failure(tls.dial('localhost:1', 'x' as never))).to.include({ code: 'EINVAL', arg: 'tlsCtx' })
      expect(await failure(tls.dial('127.0.0.1:1'))).to.include({ code: 'ECONNREFUSED' })
    })

    it('says that a peer speaks HTTP without TLS, or something else', async () => {
      for (const [sent, handshake, told] of [
        ['GET / HTTP/1.1\r\n\r\n', 'serverHandshake', /^Http request: the peer speaks HTTP without TLS$/],
        ['hello, is anybody there?\r\n', 'serverHandshake', /: what the peer sent is no TLS$/],
        ['HTTP/1.1 400 Bad Request\r\n\r\n', 'clientHandshake', /: what the peer sent is no TLS$/]
      ] as const) {
        const [plain, inner] = await tcpPair()
        using secure = new tls.Socket(inner, handshake === 'serverHandshake' ? serverContext() : clientContext())
        const handshaking = failure(secure[handshake]())
        await writeAll(plain, sent)
        const error = await handshaking
        expect(error.message, sent).to.match(told)
        expect(error.category.name).to.equal('ssl')
        plain.close()
      }
    })

    it('is canceled while the server says nothing, by a signal and with its fiber, and hangs up', async () => {
      using acceptor = await tcp.listen('127.0.0.1:0')
      const ended = async (socket: tcp.Socket): Promise<void> => {
        const buffer = new Uint8Array(4096)
        while (!isEof(await socket.readSome(buffer).then(() => undefined, (error: unknown) => error))) ;
      }
      const controller = new AbortController()
      const signaled = tls.dial(`localhost:${acceptor.localPort}`, clientContext(), { signal: controller.signal })
      using first = await acceptor.accept()
      await first.readSome(new Uint8Array(1))
      controller.abort()
      expect(await failure(signaled)).to.equal(controller.signal.reason)
      await ended(first)

      const fiber = spawn(() => tls.dial(`localhost:${acceptor.localPort}`, clientContext()))
      using second = await acceptor.accept()
      await second.readSome(new Uint8Array(1))
      fiber.cancel()
      expect(await failure(fiber.join())).to.be.instanceOf(FiberCanceled)
      await ended(second)
    })

    it('leaves nothing open', async () => {
      const open = (): number => readdirSync('/proc/self/fd').length
      await serving(serverContext(), async port => {
        await failure(tls.dial(`localhost:${port}`))
        const before = open()
        for (let i = 0; i < 20; i++) {
          await failure(tls.dial(`localhost:${port}`))
          await failure(tls.dial(`localhost:${port}`, clientContext(), { signal: AbortSignal.abort() }))
          ;(await tls.dial(`localhost:${port}`, clientContext())).close()
        }
        while (open() > before + 1) await thisFiber.yield()
      })
    })
  })

  it('agrees on a protocol', async () => {
    const [client, server] = [clientContext(), serverContext()]
    client.setAlpnProtocols(['h2', 'http/1.1'])
    server.setAlpnProtocols(['http/1.1', 'h2'])
    using ends = await pair(client, server)
    expect([ends.client.alpnProtocol, ends.server.alpnProtocol]).to.deep.equal(['http/1.1', 'http/1.1'])
    server.setAlpnProtocols(['other'])
    const error = await failure(pair(client, server))
    expect(error.category.name).to.equal('ssl')
    client.setAlpnProtocols([])
    using without = await pair(client, server)
    expect([without.client.alpnProtocol, without.server.alpnProtocol]).to.deep.equal([undefined, undefined])
    client.setAlpnProtocols(['h2'])
    server.setAlpnProtocols([])
    using indifferent = await pair(client, server)
    expect(indifferent.client.alpnProtocol).to.equal(undefined)
    expect(() => { client.setAlpnProtocols(['']) }).to.throw().that.includes({ code: 'EINVAL', arg: 'protocols' })
  })

  for (const version of ['tls12', 'tls13'] as const) {
    it(`goes on with a session of ${version}`, async () => {
      const [client, server] = [clientContext(undefined, version), serverContext(undefined, version)]
      server.setVerifyMode('peer')
      let session: tls.Session | undefined
      {
        using first = await pair(client, server)
        await writeAll(first.server, 'x')
        await first.client.readSome(new Uint8Array(1))
        expect(first.client.sessionReused).to.equal(false)
        session = first.client.session
        expect(session!.lifetime).to.be.greaterThan(0)
      }
      using second = await pair(client, server, 'localhost', socket => { socket.setSession(session!) })
      expect([second.client.sessionReused, second.server.sessionReused]).to.deep.equal([true, true])
      await writeAll(second.client, 'y')
      expect(await second.server.readSome(new Uint8Array(9))).to.equal(1)
    })

    it(`checks the certificate of a session of ${version} again`, async () => {
      const [trusting, doubting, server] = [clientContext(undefined, version), new tls.Context(version), serverContext(undefined, version)]
      const sessionOf = async (context: tls.Context, mode: tls.TlsVerifyMode): Promise<tls.Session> => {
        using ends = await pair(context, server, 'localhost', socket => { socket.setVerifyMode(mode) })
        await writeAll(ends.server, 'x')
        await ends.client.readSome(new Uint8Array(1))
        return ends.client.session!
      }
      const resume = (context: tls.Context, session: tls.Session, name = 'localhost'): Promise<Pair> =>
        pair(context, server, name, socket => { socket.setSession(session) })

      const checked = await sessionOf(trusting, 'peer')
      expect(await failure(resume(trusting, checked, 'example.org')))
        .to.include({ code: 'HOSTNAME_MISMATCH', message: 'Certificate of example.org refused: hostname mismatch (CN = localhost)' })
      expect(await failure(resume(doubting, checked))).to.include({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' })
      expect(await failure(resume(doubting, await sessionOf(doubting, 'none')))).to.include({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' })
      using good = await resume(trusting, await sessionOf(doubting, 'none'))
      expect(good.client.sessionReused).to.equal(true)
    })

    it(`wants the certificate of a client with a session of ${version}, too`, async () => {
      const [client, server] = [clientContext(undefined, version), serverContext(undefined, version)]
      let session: tls.Session
      {
        using first = await pair(client, server)
        await writeAll(first.server, 'x')
        await first.client.readSome(new Uint8Array(1))
        session = first.client.session!
      }
      const [a, b] = await tcpPair()
      using resuming = new tls.Socket(a, client)
      using strict = new tls.Socket(b, server)
      resuming.setSession(session)
      strict.setVerifyMode('fail_if_no_peer_cert')
      const shaking = resuming.clientHandshake()
      expect(await failure(strict.serverHandshake())).to.include({ code: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' })
      await shaking
    })
  }

  describe('the end', () => {
    it('that was announced is told from one that was not', async () => {
      using announced = await pair()
      announced.client.close()
      expect(isEof(await failure(announced.server.readSome(new Uint8Array(1))))).to.equal(true)

      const [a, b] = await tcpPair()
      using server = new tls.Socket(b, serverContext())
      const serving = server.serverHandshake()
      const [outside, inside] = await tcpPair()
      using client = new tls.Socket(outside, clientContext())
      // Somebody in between, who cuts the connection.
      const carry = async (from: tcp.Socket, to: tcp.Socket): Promise<void> => { for await (const chunk of from) await writeAll(to, chunk) }
      const carrying = Promise.allSettled([carry(a, inside), carry(inside, a)])
      await Promise.all([client.clientHandshake(), serving])
      const reading = failure(server.readSome(new Uint8Array(1)))
      a.shutdown('send')
      const error = await reading
      expect(error).to.include({ code: 'UNEXPECTED_EOF_WHILE_READING' })
      expect([error.category.name, isEof(error)]).to.deep.equal(['ssl', false])
      expect(await failure(server.readSome(new Uint8Array(1)))).to.include({ code: 'UNEXPECTED_EOF_WHILE_READING' })
      a.close()
      inside.close()
      await carrying
    })

    it('of one direction leaves the other', async () => {
      using ends = await pair()
      ends.client.shutdown('send')
      expect(isEof(await failure(ends.server.readSome(new Uint8Array(1))))).to.equal(true)
      expect(await failure(ends.client.writeSome(new Uint8Array(1)))).to.include({ code: 'EPIPE' })
      await writeAll(ends.server, 'still here')
      expect(await ends.client.readSome(new Uint8Array(99))).to.equal(10)
    })
  })

  it('reads and writes at once, much and little', async () => {
    using ends = await pair()
    const size = 3_000_000
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 9)) & 0xff)
    const results = await Promise.all([ends.client, ends.server].map(async socket => {
      const buffer = new Uint8Array(size)
      await Promise.all([writeAll(socket, bytes), readAll(socket, buffer)])
      return Buffer.compare(buffer, bytes)
    }))
    expect(results).to.deep.equal([0, 0])
  })

  describe('cancellation', () => {
    it('of a handshake ends the wait, and the handshake goes on later', async () => {
      const [a, b] = await tcpPair()
      using client = new tls.Socket(a, clientContext())
      const fiber = spawn(() => client.clientHandshake())
      await thisFiber.yield()
      await thisFiber.yield()
      fiber.cancel()
      expect(await failure(fiber.join())).to.be.instanceOf(FiberCanceled)
      using server = new tls.Socket(b, serverContext())
      await Promise.all([client.clientHandshake(), server.serverHandshake()])
      await writeAll(client, 'x')
      expect(await server.readSome(new Uint8Array(9))).to.equal(1)
    })

    it('of writes and reads loses and repeats nothing', async () => {
      using ends = await pair()
      const { client, server } = ends
      const sent: Uint8Array[] = []
      let taken = 0
      let canceled = 0
      // Nobody reads, until writes are canceled.
      while (canceled < 3) {
        const chunk = new Uint8Array(50_000).fill(sent.length)
        const fiber = spawn(() => client.writeSome(chunk))
        for (let i = 0; i < 3; i++) await thisFiber.yield()
        fiber.cancel()
        const n = await fiber.join().catch(() => 0)
        if (n === 0) canceled++
        else sent.push(chunk.subarray(0, n))
        taken += n
      }
      const all = Buffer.concat(sent)
      const got = new Uint8Array(taken)
      for (let at = 0; at < taken;) {
        const fiber = spawn(() => server.readSome(got.subarray(at)))
        if (Math.random() < 0.5) await thisFiber.yield()
        fiber.cancel()
        at += await fiber.join().catch(() => 0)
        if (at === 0 || Math.random() < 0.1) at += await server.readSome(got.subarray(at))
      }
      expect(Buffer.compare(got, all)).to.equal(0)
      await writeAll(client, 'end')
      const end = new Uint8Array(3)
      await readAll(server, end)
      expect(text(end)).to.equal('end')
    })

    it('by closing', async () => {
      using ends = await pair()
      const reading = failure(ends.client.readSome(new Uint8Array(1)))
      ends.client.close()
      expect(await reading).to.include({ code: 'ECANCELED' })
    })
  })
})
