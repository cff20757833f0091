// SPDX-License-Identifier: MIT OR BSL-1.0
import { readdirSync, readlinkSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { tcp } from '@emilua/ip'
import { FiberCanceled, spawn, thisFiber } from '@emilua/runtime'
import { isEof, readAll, writeAll } from '@emilua/stream'
import * as tls from '@emilua/tls'
import { expect } from 'chai'
import { Authority } from './certificates.js'
import { clientContext, failure, serverContext, tcpPair, text } from './support.js'

describe('tls with hostile peers', function () {
  this.timeout(60_000)
  const authority = new Authority()
  const local = authority.issue({ names: ['localhost'] })
  const serving = serverContext(local)
  const trusting = clientContext(authority.root.cert)
  after(() => { authority.remove() })

  /** A client and a server with somebody in between, who passes on what `meddle` makes of the server's bytes, or ends. */
  async function between (meddle: (chunk: Uint8Array, at: number) => Uint8Array | null, small = false): Promise<{ client: tls.Socket, server: tls.Socket, done: Promise<unknown> }> {
    const [[near, a], [b, far]] = [await tcpPair(), await tcpPair()]
    for (const socket of [near, a, b, far]) socket.setOption('tcp_no_delay', true)
    const carry = async (from: tcp.Socket, to: tcp.Socket, change: typeof meddle): Promise<void> => {
      let at = 0
      try {
        for await (const chunk of from) {
          const changed = change(chunk, at)
          at += chunk.length
          for (const piece of changed === null ? [] : small ? Array.from(changed, byte => Uint8Array.of(byte)) : [changed]) await writeAll(to, piece)
          if (changed === null || changed.length < chunk.length) break
        }
        to.shutdown('send')
      } catch {
        // One of the ends closed.
      }
    }
    const done = Promise.all([carry(a, b, chunk => chunk), carry(b, a, meddle)]).then(() => { a.close(); b.close() })
    return { client: new tls.Socket(near, trusting), server: new tls.Socket(far, serving), done }
  }

  /** The sockets of this process, as the system calls them: whatever else comes and goes does not count. */
  const sockets = (): string[] => readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const name = readlinkSync(`/proc/self/fd/${fd}`)
      return name.startsWith('socket:') ? [name] : []
    } catch {
      return [] // closed meanwhile
    }
  })

  /** Comes back once all sockets are closed but those of `before`; the time limit of the test ends it otherwise. */
  async function allClosedBut (before: readonly string[]): Promise<void> {
    while (sockets().some(socket => !before.includes(socket))) await setImmediate()
  }

  it('gets everything byte by byte', async () => {
    const { client, server, done } = await between(chunk => chunk, true)
    await Promise.all([client.clientHandshake(), server.serverHandshake()])
    await Promise.all([writeAll(server, 'x'.repeat(3000)), writeAll(client, 'y'.repeat(3000))])
    const buffer = new Uint8Array(3000)
    await Promise.all([readAll(client, buffer), readAll(server, new Uint8Array(3000))])
    expect(text(buffer)).to.equal('x'.repeat(3000))
    server.close()
    expect(isEof(await failure(client.readSome(buffer)))).to.equal(true)
    client.close()
    await done
  })

  it('is cut off at every byte of the handshake and of a record', async () => {
    const before = sockets()
    // What the server sends before it hears of the client again, then its sessions, a record, and the end.
    const cut = async (at: number): Promise<string> => {
      const { client, server, done } = await between((chunk, from) => from + chunk.length <= at ? chunk : chunk.subarray(0, Math.max(0, at - from)))
      client.setVerifyMode('peer')
      const served = (async () => {
        await server.serverHandshake()
        await writeAll(server, 'record')
        server.shutdown('send')
      })().catch(() => undefined)
      const error = await failure((async () => {
        await client.clientHandshake()
        for (;;) await client.readSome(new Uint8Array(9))
      })())
      client.close()
      await served
      server.close()
      await done
      return error.code
    }
    let at = 0
    let ended: string
    do {
      ended = await cut(at)
      expect(ended, `cut at byte ${at}`).to.be.oneOf(['UNEXPECTED_EOF_WHILE_READING', 'ECONNRESET', 'EOF'])
      at += 1
    } while (ended !== 'EOF')
    expect(at).to.be.greaterThan(700)
    await allClosedBut(before)
  })

  it('names the peer of a connection that is reset, in the handshake and afterwards', async () => {
    const reset = (socket: tcp.Socket): void => {
      socket.setOption('linger', { enabled: true, timeout: 0 })
      socket.close()
    }
    const peerOf = (socket: tcp.Socket) => {
      const address = String(socket.remoteAddress)
      const port = socket.remotePort
      return { code: 'ECONNRESET', syscall: 'recv', address, port, message: `recv ECONNRESET ${address}:${port}` }
    }
    const [near, a] = await tcpPair()
    let expected = peerOf(near)
    const early = new tls.Socket(near, trusting)
    const shaking = failure(early.clientHandshake())
    await a.readSome(new Uint8Array(4096))
    reset(a)
    expect(await shaking).to.include(expected)
    early.close()

    const [[front, behindFront], [behindBack, back]] = [await tcpPair(), await tcpPair()]
    expected = peerOf(front)
    const carry = async (from: tcp.Socket, to: tcp.Socket): Promise<void> => { for await (const chunk of from) await writeAll(to, chunk) }
    const carrying = [spawn(() => carry(behindFront, behindBack)), spawn(() => carry(behindBack, behindFront))]
    const [client, server] = [new tls.Socket(front, trusting), new tls.Socket(back, serving)]
    await Promise.all([client.clientHandshake(), server.serverHandshake()])
    await writeAll(server, 'x')
    await readAll(client, new Uint8Array(1))
    for (const fiber of carrying) await fiber[Symbol.asyncDispose]()
    const reading = failure(client.readSome(new Uint8Array(1)))
    reset(behindFront)
    expect(await reading).to.include(expected)
    expect(await failure(client.writeSome(new Uint8Array(1)))).to.include({ address: expected.address, port: expected.port })
    for (const socket of [client, server, behindBack]) socket.close()
  })

  it('finds any byte of the handshake changed', async () => {
    for (let at = 0; at < 900; at += 7) {
      const { client, server, done } = await between((chunk, from) => {
        if (at < from || at >= from + chunk.length) return chunk
        const changed = chunk.slice()
        changed[at - from]! ^= 0x55
        return changed
      })
      client.setVerifyMode('peer')
      const served = server.serverHandshake().then(() => writeAll(server, 'record')).catch(() => undefined)
      const outcome = client.clientHandshake().then(() => client.readSome(new Uint8Array(9))).then(() => null, (error: unknown) => error as { code: string })
      // A length that became larger waits for what never comes.
      const error = await Promise.race([outcome, setImmediate().then(async () => { for (let i = 0; i < 50; i++) await setImmediate() }).then(() => 'waits')])
      client.close()
      await outcome
      server.close()
      await served
      await done
      expect(error, `byte ${at}`).not.to.equal(null)
    }
  })

  it('waits for one that says nothing until it is canceled, and serves others meanwhile', async () => {
    using acceptor = await tcp.listen('127.0.0.1:0')
    using silent = await tcp.dial(`127.0.0.1:${acceptor.localPort}`)
    using held = new tls.Socket(await acceptor.accept(), serving)
    const waiting = spawn(() => held.serverHandshake())
    const others = spawn(async () => {
      using socket = new tls.Socket(await acceptor.accept(), serving)
      await socket.serverHandshake()
      await writeAll(socket, 'x')
    })
    using client = await tls.dial(`localhost:${acceptor.localPort}`, trusting)
    expect(await client.readSome(new Uint8Array(9))).to.equal(1)
    await others.join()
    waiting.cancel()
    expect(await failure(waiting.join())).to.be.instanceOf(FiberCanceled)
    const controller = new AbortController()
    const again = failure(held.serverHandshake({ signal: controller.signal }))
    await thisFiber.yield()
    controller.abort()
    expect((await again).name).to.equal('AbortError')
    silent.shutdown('send')
    expect(await failure(held.serverHandshake())).to.include({ code: 'UNEXPECTED_EOF_WHILE_READING' })
  })

  it('writes to one that does not read until it is canceled, and closes at once', async () => {
    const before = sockets()
    const [a, b] = await tcpPair()
    const client = new tls.Socket(a, trusting)
    const server = new tls.Socket(b, serving)
    await Promise.all([client.clientHandshake(), server.serverHandshake()])
    const writing = spawn(() => writeAll(client, new Uint8Array(50_000_000)))
    for (let i = 0; i < 20; i++) await thisFiber.yield()
    writing.cancel()
    expect(await failure(writing.join())).to.be.instanceOf(FiberCanceled)
    // The record that was begun is still to be sent, so the descriptor stays until it is, or the peer is gone.
    client.close()
    expect(client.isOpen).to.equal(false)
    let read = 0
    const error = await failure((async () => { for (;;) read += await server.readSome(new Uint8Array(65536)) })())
    expect(isEof(error)).to.equal(true)
    expect(read % 16384).to.equal(0)
    server.close()
    await allClosedBut(before)
  })

  it('is not fed without an end by one that never finishes its handshake', async () => {
    const [a, b] = await tcpPair()
    using server = new tls.Socket(b, serving)
    const shaking = failure(server.serverHandshake())
    // Records of a handshake message that never ends.
    const record = new Uint8Array(16389)
    record.set([22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff])
    await writeAll(a, record).catch(() => undefined)
    expect((await shaking).category.name).to.equal('ssl')
    a.close()
  })
})
