// SPDX-License-Identifier: MIT OR BSL-1.0
import { lookup, type LookupAddress } from 'node:dns'
import type { AddressInfo, Socket, SocketConnectOpts, SocketReadyState, TcpSocketConnectOpts } from 'node:net'
import { Duplex } from 'node:stream'
import { checkOptions, isEof, writeAtOnce } from '@emilua/native'
import { Hold, withoutFiber, type OperationOptions } from '@emilua/native/fiber'
import { streamAtFault } from '../arguments.js'
import { ReadBuffer, type Buffers } from '../read-buffer.js'
import type { ReadStream, WriteStream } from '../streams.js'
import { endpointOf, trySetOption, type DuplexSource, type EndpointInfo, type PathSocketLike, type SocketLike } from './source.js'
import { giveBack, join } from './writing.js'

/** How a stream becomes a Duplex. */
export interface DuplexOptions {
  /** Whether the writable side stays open when the stream ends. False by default, as with `net.Socket`. */
  allowHalfOpen?: boolean | undefined
  /** Whether small writes are sent at once (TCP_NODELAY). True by default. */
  noDelay?: boolean | undefined
}

type Done = (error?: Error | null) => void

const buffers: Buffers<Buffer> = {
  allocate: size => Buffer.allocUnsafeSlow(size),
  copy: (buffer, n) => {
    const copied = Buffer.allocUnsafe(n)
    buffer.copy(copied, 0, 0, n)
    return copied
  },
  front: (buffer, n) => buffer.subarray(0, n)
}

const optionNames: readonly (keyof DuplexOptions)[] = ['allowHalfOpen', 'noDelay']

/** Which directions the stream has: one at least. */
function check (stream: DuplexSource, options: DuplexOptions): { readable: boolean, writable: boolean } {
  const notReadable = streamAtFault(stream, 'readSome')
  const writable = streamAtFault(stream, 'writeSome') === null
  if (notReadable !== null && !writable) throw notReadable
  checkOptions(options, optionNames)
  return { readable: notReadable === null, writable }
}

function socketClosed (): Error {
  return Object.assign(new Error('Socket is closed'), { code: 'ERR_SOCKET_CLOSED' })
}

function closedBeforeConnection (): Error {
  return Object.assign(new Error('Socket closed before the connection was established'), { code: 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION' })
}

/**
 * A stream as a Duplex that does what `net.Socket` does, so that HTTP servers and database clients run over it. Its
 * operations belong to no fiber.
 *
 * - The end of the stream ends the readable side and then, without `allowHalfOpen`, the writable one. `end()` shuts
 *   down the sending direction, where the stream has directions.
 * - `destroy()` closes the stream. So does the end of both sides.
 * - A stream that cannot be read, or cannot be written, as the ends of a pipe, makes a Duplex with that side ended:
 *   `readable` or `writable` is false.
 * - A file is read when somebody reads: what is written goes where its position is, which may be open for writing
 *   alone. If nobody has read it, the end of what is written closes it.
 * - Errors are those of the stream; their `code` is what Node's would be.
 * - What is written while {@link connect} is at work is sent then. Writing to a socket that is not connected and is not
 *   being connected fails with `ERR_SOCKET_CLOSED`; reading waits.
 */
export class StreamDuplex extends Duplex {
  /** Whether {@link connect} is at work. */
  connecting = false
  /** How many bytes were read from the stream. */
  bytesRead = 0
  /** The milliseconds of {@link setTimeout}; `undefined` if it was not called. */
  timeout: number | undefined = undefined
  /** What `connect` tried, for the types of `net.Socket`: the addresses are tried one after the other. */
  readonly autoSelectFamilyAttemptedAddresses: string[] = []

  private readonly hold = new Hold()
  private readonly operation: OperationOptions = this.hold.alone
  private readonly buffer = new ReadBuffer(buffers)
  /** Where the read goes that is under way. */
  private reading: Buffer | null = null
  private readonly idle = (): void => { if (this.timeout) this.emit('timeout') }
  /** Of {@link timer}, in milliseconds. It is kept when the timeout is switched off: HTTP does that for each request. */
  private period = 0
  private timer: NodeJS.Timeout | null = null
  private connected: boolean
  private written = 0
  private ends: { local: EndpointInfo | null, remote: EndpointInfo | null } = { local: null, remote: null }
  /** What was asked for last. */
  private options: { noDelay: boolean, keepAlive: boolean, keepAliveDelay: number }

  /**
   * @param stream - belongs to the Duplex from now on
   * @throws `EINVAL` naming what is no stream in either direction, or an option that does not exist
   */
  constructor (readonly stream: DuplexSource, options: DuplexOptions = {}) {
    super({ ...check(stream, options), allowHalfOpen: options.allowHalfOpen ?? false, emitClose: false })
    this.options = { noDelay: options.noDelay ?? true, keepAlive: false, keepAliveDelay: 0 }
    // A socket that is open may have lost its peer already, and reading says so.
    const { connect, isOpen } = stream as SocketLike
    this.connected = typeof connect !== 'function' || isOpen !== false
    if (this.connected) this.begin()
  }

  /** @internal */
  override _read (): void {
    if (!this.connected) {
      this.once('connect', () => { this._read() })
      return
    }
    this.reading = this.buffer.take()
    withoutFiber(this.startReading).then(this.hasRead, this.hasNotRead)
  }

  // Made once: a Duplex has one read at a time.
  private readonly startReading = (): Promise<number> => (this.stream as ReadStream).readSome(this.reading!, this.operation)

  private readonly hasRead = (n: number): void => {
    const buffer = this.reading!
    if (n === 0) {
      this.buffer.giveBack(buffer)
      this._read()
      return
    }
    if (this.destroyed) return
    this.bytesRead += n
    this.active()
    this.push(this.buffer.cut(buffer, n))
  }

  private readonly hasNotRead = (error: unknown): void => {
    if (isEof(error)) {
      this.active()
      this.push(null)
      this.read(0)
    } else if (!this.destroyed) { // otherwise it failed because of that
      this.destroy(error as Error)
    }
  }

  /** @internal */
  override _write (chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    if (!this.connected) {
      this.writeLater(() => { this._write(chunk, _encoding, done) }, done)
      return
    }
    this.active()
    this.send(chunk, 0, done)
  }

  /** @internal */
  override _writev (pieces: { chunk: Uint8Array }[], done: Done): void {
    if (!this.connected) {
      this.writeLater(() => { this._writev(pieces, done) }, done)
      return
    }
    this.active()
    this.sendFrom(pieces, 0, done)
  }

  /** Of what is not connected: waits for {@link connect} if that is at work, and fails if not, as net.Socket. */
  private writeLater (write: () => void, done: Done): void {
    if (!this.connecting) {
      done(socketClosed())
      return
    }
    const closed = (): void => { done(closedBeforeConnection()) }
    this.once('close', closed)
    this.once('connect', () => {
      this.off('close', closed)
      write()
    })
  }

  private sendFrom (pieces: readonly { chunk: Uint8Array }[], begin: number, done: Done): void {
    if (begin === pieces.length) {
      done()
      return
    }
    const joined = join(pieces, begin)
    this.send(joined.chunk, 0, error => {
      giveBack(joined)
      if (error) done(error)
      else this.sendFrom(pieces, joined.end, done)
    })
  }

  /** Writes `chunk` from `begin` on. */
  private send (chunk: Uint8Array, begin: number, done: Done): void {
    const rest = begin === 0 ? chunk : chunk.subarray(begin)
    const stream = this.stream as WriteStream
    let written: number | undefined
    try {
      written = writeAtOnce(stream, stream.writeSome, rest)
      if (written === undefined) {
        withoutFiber(() => stream.writeSome(rest, this.operation)).then(n => { this.sent(rest, n, done) }, done)
      }
    } catch (error) {
      done(error as Error)
      return
    }
    if (written !== undefined) this.sent(rest, written, done)
  }

  /** `n` bytes of `chunk` were written. */
  private sent (chunk: Uint8Array, n: number, done: Done): void {
    this.written += n
    this.active()
    if (n < chunk.length) this.send(chunk, n, done)
    else done()
  }

  /** @internal */
  override _final (done: Done): void {
    if (!this.connected) {
      if (this.connecting) this.once('connect', () => { this._final(done) })
      else done()
      return
    }
    try {
      this.stream.shutdown?.('send')
      done()
    } catch (error) {
      // the peer was faster: there is no direction left to shut down
      done((error as NodeJS.ErrnoException).code === 'ENOTCONN' ? null : error as Error)
    }
  }

  /** @internal */
  override _destroy (error: Error | null, done: Done): void {
    this.connecting = this.connected = false
    if (this.timer !== null) clearTimeout(this.timer)
    try {
      this.stream.close?.()
      done(error)
    } catch (cause) {
      error ??= cause as Error
      done(error)
    }
    // after 'error', as with net.Socket
    process.nextTick(() => { this.emit('close', error !== null) })
  }

  /** Ends the writable side, and destroys it all when everything is written. */
  destroySoon (): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => { this.destroy() })
  }

  /**
   * Destroys the Duplex in such a way that the peer sees a reset (RST).
   *
   * @throws TypeError `ERR_INVALID_HANDLE_TYPE` if the stream has no options
   */
  resetAndDestroy (): this {
    const socket = this.stream as SocketLike
    if (typeof socket.setOption !== 'function') {
      throw Object.assign(new TypeError('This handle type cannot be sent a reset'), { code: 'ERR_INVALID_HANDLE_TYPE' })
    }
    if (this.connecting) {
      this.once('connect', () => { this.resetAndDestroy() })
    } else if (this.connected) {
      trySetOption(socket, 'linger', { enabled: true, timeout: 0 })
      this.destroy()
    } else {
      this.destroy(socketClosed())
    }
    return this
  }

  /**
   * Opens and connects a socket that is closed: `new tcp.Socket()` to the addresses that `lookup` of `node:dns` finds,
   * one after the other, the `new stream.Socket()` of `@emilua/unix` to a path. Any other stream counts as connected, and so it says: `'connect'` and `'ready'` are emitted in
   * the next tick, whatever the arguments, because clients that are given a socket call it.
   *
   * `'error'` is what the last address failed with.
   */
  connect (options: SocketConnectOpts, listener?: () => void): this
  connect (port: number, host?: string, listener?: () => void): this
  connect (port: number, listener?: () => void): this
  connect (path: string, listener?: () => void): this
  connect (to: SocketConnectOpts | number | string, host?: string | (() => void), listener?: () => void): this {
    const last = listener ?? (typeof host === 'function' ? host : undefined)
    if (last !== undefined) this.once('connect', last)
    if (this.connecting || this.destroyed) return this
    this.connecting = true
    if (this.connected) {
      process.nextTick(() => { this.nowConnected() })
      return this
    }
    const options = typeof to === 'object'
      ? to
      : typeof to === 'string' && !(Number(to) >= 0) // as net.Socket tells them apart
        ? { path: to }
        : { port: Number(to), host: typeof host === 'string' ? host : undefined }
    const dialing = 'path' in options ? this.dialPath(options.path) : this.dial(options as TcpSocketConnectOpts)
    dialing.then(() => {
      if (this.destroyed) return
      this.connected = true
      this.begin()
      this.active()
      this.nowConnected()
    }, (error: unknown) => { if (!this.destroyed) this.destroy(error as Error) })
    return this
  }

  private async dialPath (path: string): Promise<void> {
    await withoutFiber(() => (this.stream as PathSocketLike).connect!(path, this.operation))
  }

  private async dial ({ port, host = 'localhost', family, hints, lookup: find = lookup }: TcpSocketConnectOpts): Promise<void> {
    const socket = this.stream as SocketLike
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw Object.assign(new RangeError(`Port should be >= 0 and < 65536. Received ${port}.`), { code: 'ERR_SOCKET_BAD_PORT' })
    }
    const found = await new Promise<LookupAddress[]>((resolve, reject) => {
      find(host, { all: true, family, hints }, (error: unknown, addresses: string | LookupAddress[]) => {
        if (error) reject(error)
        else resolve(typeof addresses === 'string' ? [{ address: addresses, family: 0 }] : addresses)
      })
    })
    let failure: unknown = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })
    for (const { address, family } of found) {
      if (this.destroyed) return
      this.emit('lookup', null, address, family, host)
      this.autoSelectFamilyAttemptedAddresses.push(`${address}:${port}`)
      try {
        return await withoutFiber(() => socket.connect!(address, port, this.operation))
      } catch (error) {
        failure = error
        this.stream.close?.()
      }
    }
    throw failure
  }

  private nowConnected (): void {
    if (this.destroyed) return
    this.connecting = false
    this.emit('connect')
    this.emit('ready')
  }

  private begin (): void {
    if (this.options.noDelay) this.applyNoDelay()
    if (this.options.keepAlive) this.applyKeepAlive()
    if ('seek' in this.stream) {
      // Reading ahead would move the position. One that is written only has no other side to wait for.
      this.once('finish', () => { if (!this.readableDidRead) this.destroy() })
    } else {
      // As net.Socket: an end or a failure is noticed although nobody reads.
      this.read(0)
    }
  }

  /**
   * Emits `'timeout'` when nothing was read or written for so many milliseconds; 0 is never.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE` or TypeError `ERR_INVALID_ARG_TYPE`
   */
  setTimeout (milliseconds: number, listener?: () => void): this {
    if (this.destroyed) return this
    if (typeof milliseconds !== 'number') {
      throw Object.assign(new TypeError(`The "msecs" argument must be of type number. Received ${String(milliseconds)}`), { code: 'ERR_INVALID_ARG_TYPE' })
    }
    if (!(milliseconds >= 0 && milliseconds < Infinity)) {
      throw Object.assign(new RangeError(`The value of "msecs" is out of range. It must be a non-negative finite number. Received ${milliseconds}`), { code: 'ERR_OUT_OF_RANGE' })
    }
    this.timeout = milliseconds
    if (milliseconds > 0) {
      if (this.timer !== null && this.period === milliseconds) this.timer.refresh()
      else this.startTimer(milliseconds)
      if (listener !== undefined) this.once('timeout', listener)
    } else if (listener !== undefined) {
      this.off('timeout', listener)
    }
    return this
  }

  private startTimer (milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.period = milliseconds
    this.timer = setTimeout(this.idle, milliseconds).unref()
  }

  /** Something happened. */
  private active (): void {
    if (this.timeout) this.timer!.refresh()
  }

  /** Sends small writes at once (TCP_NODELAY), or gathers them. A stream without that option ignores it. */
  setNoDelay (enable = true): this {
    // clients ask for what is there again and again, and each time would be a call of the system
    if (enable !== this.options.noDelay) {
      this.options.noDelay = enable
      if (this.connected) this.applyNoDelay()
    }
    return this
  }

  private applyNoDelay (): void {
    trySetOption(this.stream as SocketLike, 'tcp_no_delay', this.options.noDelay)
  }

  /**
   * Has the system probe an idle connection (SO_KEEPALIVE). A stream without that option ignores it.
   *
   * @param initialDelay - milliseconds of silence before the first probe; below 1000, what the system has
   */
  setKeepAlive (enable = false, initialDelay = 0): this {
    const seconds = Math.trunc(initialDelay / 1000)
    const { options } = this
    if (enable !== options.keepAlive || (enable && seconds !== options.keepAliveDelay)) {
      options.keepAlive = enable
      options.keepAliveDelay = seconds
      if (this.connected) this.applyKeepAlive()
    }
    return this
  }

  private applyKeepAlive (): void {
    const socket = this.stream as SocketLike
    const { keepAlive, keepAliveDelay } = this.options
    trySetOption(socket, 'keep_alive', keepAlive)
    if (keepAlive && keepAliveDelay > 0) {
      // as libuv: a probe a second, and ten without an answer end it
      trySetOption(socket, 'keep_alive_idle', keepAliveDelay)
      trySetOption(socket, 'keep_alive_interval', 1)
      trySetOption(socket, 'keep_alive_count', 10)
    }
  }

  /** Keeps the process alive while an operation of the Duplex waits. So it begins. */
  ref (): this {
    this.hold.ref()
    return this
  }

  /** Lets the process end although operations of the Duplex wait. */
  unref (): this {
    this.hold.unref()
    return this
  }

  /** The local end, `{}` where there is none. */
  address (): AddressInfo | Record<string, never> {
    return this.endpoint('local') ?? {}
  }

  /** The address at this end; `undefined` where there is none, or none yet. So are the five that follow. */
  get localAddress (): string | undefined { return this.endpoint('local')?.address }
  /** The port at this end. */
  get localPort (): number | undefined { return this.endpoint('local')?.port }
  /** `IPv4` or `IPv6`. */
  get localFamily (): string | undefined { return this.endpoint('local')?.family }
  /** The peer's address; kept after the end if somebody asked for it before. */
  get remoteAddress (): string | undefined { return this.endpoint('remote')?.address }
  /** The peer's port. */
  get remotePort (): number | undefined { return this.endpoint('remote')?.port }
  /** `IPv4` or `IPv6`. */
  get remoteFamily (): string | undefined { return this.endpoint('remote')?.family }

  /** How many bytes were written, those that wait to be sent included. */
  get bytesWritten (): number { return this.written + this.writableLength }

  /** How many bytes wait to be sent. */
  get bufferSize (): number { return this.writableLength }

  /** Whether it is not connected: not yet, or not any more. */
  get pending (): boolean { return !this.connected || this.connecting }

  /** `opening`, `open`, `readOnly`, `writeOnly` or `closed`. */
  get readyState (): SocketReadyState {
    if (this.connecting) return 'opening'
    if (this.readable) return this.writable ? 'open' : 'readOnly'
    return this.writable ? 'writeOnly' : 'closed'
  }

  /** Kept once it is known: handlers of `'close'` ask who it was. */
  private endpoint (end: 'local' | 'remote'): EndpointInfo | null {
    return this.ends[end] ??= endpointOf(this.stream as SocketLike, end)
  }
}

/**
 * Makes a Duplex of a stream, which from now on belongs to it. It is what `net.Socket` is to those who use it, in
 * TypeScript, too.
 *
 * ```ts
 * const client = new pg.Client({ stream: () => toDuplex(socket) })
 * ```
 *
 * @throws `EINVAL` naming what is no stream, or an option that does not exist
 */
export function toDuplex (stream: DuplexSource, options?: DuplexOptions): StreamDuplex & Socket {
  return new StreamDuplex(stream, options)
}
