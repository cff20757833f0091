// SPDX-License-Identifier: MIT OR BSL-1.0
import { Server } from 'node:net'
import { invalidArgument } from '@emilua/native'
import { Hold, suspend, withoutFiber, type OperationOptions, type Settle } from '@emilua/native/fiber'
import { acceptorAtFault } from '../arguments.js'
import { connections } from '../connections.js'
import type { Acceptor, Closable } from '../streams.js'
import { StreamDuplex } from './duplex.js'
import { endpointOf, type DuplexSource, type EndpointInfo, type SocketLike } from './source.js'

/** What hands out the connections of {@link serve}: `tcp.Acceptor` of `@emilua/ip`, or an acceptor of one's own. */
export interface AcceptorSource extends Acceptor<DuplexSource>, Closable {
  readonly isOpen?: boolean
  readonly localAddress?: unknown
  readonly localPort?: number
}

/** What a server of Node calls its handle: the source of its connections. */
interface Handle {
  close (): void
  getsockname (out: Partial<EndpointInfo>): number
  ref (): void
  unref (): void
  hasRef (): boolean
}

/**
 * A server of Node, with what `net.Server` keeps its books in. They have no other door: `listening`, `address()`,
 * `close()`, `getConnections()`, and with `close()` the timeouts of HTTP, read them. They are what they are since
 * Node 0.4.
 */
interface Books {
  _handle: Handle | null
  _connections: number
  _emitCloseIfDrained (): void
  allowHalfOpen: boolean
  keepAlive: boolean
  keepAliveInitialDelay: number
}

/** What servers of HTTP and HTTP/2 have beside `net.Server`. */
interface Sessions {
  closeIdleConnections? (): void
}

interface Session {
  close (): void
  destroy (): void
}

interface Reply {
  readonly headersSent: boolean
  setHeader (name: string, value: string): unknown
}

/** How often connections that became idle are looked for while a server ends, in milliseconds. */
const lookForIdle = 20

class Serving {
  private readonly books: Server & Books & Sessions
  private readonly hold = new Hold()
  private readonly sockets = new Set<StreamDuplex>()
  private readonly sessions = new Set<Session>()
  private ending = false
  private failure: { reason: unknown } | null = null

  constructor (server: Server, private readonly acceptor: AcceptorSource, private readonly settle: Settle<void>) {
    this.books = server as Server & Books & Sessions
  }

  start (): void {
    const { books } = this
    if (!(books instanceof Server)) {
      throw invalidArgument('server', 'Expected a server of node:http, node:https, node:http2, node:tls or node:net', books)
    }
    const error = acceptorAtFault(this.acceptor)
    if (error !== null) throw error
    if (books.listening) {
      throw Object.assign(new Error('Listen method has been called more than once without closing.'), { code: 'ERR_SERVER_ALREADY_LISTEN' })
    }
    if (this.acceptor.isOpen === false) throw invalidArgument('acceptor', 'Expected an acceptor that is open')
    books._handle = {
      close: () => { this.end() },
      getsockname: out => {
        Object.assign(out, endpointOf(this.acceptor as SocketLike, 'local'))
        return 0
      },
      ref: () => { this.hold.ref() },
      unref: () => { this.hold.unref() },
      hasRef: () => this.hold.hasRef()
    }
    books.on('session', this.opened)
    books.on('secureConnection', nameEnds)
    books.once('close', this.closed)
    process.nextTick(() => {
      if (this.ending) return
      // on which HTTP begins to look for connections that take too long
      books.emit('listening')
      withoutFiber(() => this.accept()).catch((error: unknown) => { this.stop(error) })
    })
  }

  private async accept (): Promise<void> {
    try {
      for await (const stream of connections(this.acceptor, { hold: this.hold })) this.connected(stream)
    } catch (error) {
      if (!this.ending) this.failure = { reason: error }
    }
    if (!this.ending) this.books.close()
  }

  private connected (stream: DuplexSource): void {
    const { books, sockets } = this
    if (this.ending) {
      stream.close?.()
      return
    }
    const socket = new StreamDuplex(stream, { allowHalfOpen: books.allowHalfOpen })
    if (books.maxConnections && books._connections >= books.maxConnections) {
      const { localAddress, localPort, localFamily, remoteAddress, remotePort, remoteFamily } = socket
      books.emit('drop', { localAddress, localPort, localFamily, remoteAddress, remotePort, remoteFamily })
      socket.destroy()
      return
    }
    if (books.keepAlive) socket.setKeepAlive(true, books.keepAliveInitialDelay)
    sockets.add(socket)
    books._connections++
    socket.once('close', () => {
      sockets.delete(socket)
      books._connections--
      books._emitCloseIfDrained()
    })
    try {
      books.emit('connection', socket)
    } catch (error) {
      socket.destroy()
      process.nextTick(() => { throw error }) // as what a listener of net.Server throws
    }
  }

  /** Of HTTP/2. */
  private readonly opened = (session: Session & NodeJS.EventEmitter): void => {
    this.sessions.add(session)
    session.once('close', () => this.sessions.delete(session))
  }

  /** The server was told to close: no more connections, and those that are idle end. */
  private end (): void {
    if (this.ending) return
    this.ending = true
    const { books } = this
    this.acceptor.close?.()
    for (const session of this.sessions) session.close()
    if (books.closeIdleConnections === undefined) return
    // Node takes those that have not said a word for busy.
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy()
    books.prependListener('request', sayLast)
    const looking = setInterval(() => { books.closeIdleConnections!() }, lookForIdle).unref()
    books.once('close', () => {
      clearInterval(looking)
      books.off('request', sayLast)
    })
  }

  /** Ends at once. */
  stop (reason: unknown): void {
    this.failure = { reason }
    this.books.close()
    for (const session of this.sessions) session.destroy()
    for (const socket of this.sockets) socket.destroy()
  }

  private readonly closed = (): void => {
    this.books.off('session', this.opened)
    this.books.off('secureConnection', nameEnds)
    if (this.failure === null) this.settle.resolve()
    else this.settle.reject(this.failure.reason)
  }
}

/** A client that keeps its connection learns that this was the last answer. */
function sayLast (_request: unknown, reply: Reply): void {
  if (!reply.headersSent && 'shouldKeepAlive' in reply) reply.setHeader('Connection', 'close')
}

/** A TLSSocket asks the handle below it who the peer is, and that of a Duplex does not know. */
function nameEnds (secure: { _handle?: { _parent?: Record<string, unknown>, _parentWrap?: { stream?: unknown } } }): void {
  const socket = secure._handle?._parentWrap?.stream
  const handle = secure._handle?._parent
  if (!(socket instanceof StreamDuplex) || !handle) return
  handle['getpeername'] = (out: Partial<EndpointInfo>): number => {
    Object.assign(out, { address: socket.remoteAddress, family: socket.remoteFamily, port: socket.remotePort })
    return 0
  }
  handle['getsockname'] = (out: Partial<EndpointInfo>): number => {
    Object.assign(out, socket.address())
    return 0
  }
}

/**
 * Serves the connections of an acceptor with a server of Node: of `node:http`, `node:https`, `node:http2`, `node:tls`
 * or `node:net`. The server behaves as after `listen()`: it emits `'listening'`, `listening` and `address()` are right,
 * and `headersTimeout`, `requestTimeout`, `keepAliveTimeout`, `maxConnections`, `closeIdleConnections()`,
 * `closeAllConnections()` work. The acceptor belongs to it from now on. Accepting goes on when descriptors run out, as
 * with {@link connections}.
 *
 * Suspends until the server is closed and its last connection has ended:
 *
 * - `server.close()`, or closing the acceptor, is the graceful end: nothing more is accepted, connections without a
 *   request are closed, requests in flight are answered and their connections closed after that. What was upgraded to
 *   another protocol is waited for.
 * - Canceling the fiber, or aborting the signal, ends at once: the connections are destroyed. It rejects when they are.
 *
 * ```ts
 * const serving = spawn(() => serve(server, acceptor))
 * await new signal.Set(signal.SIGTERM).wait()
 * server.close()
 * await serving.join()
 * ```
 *
 * @param server - does not listen yet; may listen or be served again after the end
 * @param options - a signal that ends it at once
 * @throws Error `ERR_SERVER_ALREADY_LISTEN`; `EINVAL` naming the server or the acceptor if it is none, or the acceptor if it is closed; what accepting failed with, after a graceful end
 */
export function serve (server: Server, acceptor: AcceptorSource, options?: OperationOptions): Promise<void> {
  return suspend<void>(options, settle => {
    const serving = new Serving(server, acceptor, settle)
    serving.start()
    return reason => { serving.stop(reason) }
  })
}
