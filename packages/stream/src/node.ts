// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Our streams as Node's: existing servers and clients run over them.
 *
 * @packageDocumentation
 */
import { Duplex } from 'node:stream'
import { withoutFiber } from '@emilua/native/fiber'
import { writeAll } from './algorithms.js'
import { ChunkReader } from './chunks.js'
import type { Closable, ReadStream, WriteStream } from './streams.js'

/** What {@link toDuplex} wraps. */
export type DuplexSource = ReadStream & WriteStream & Closable

/** What Node's own sockets have beside a Duplex, where the stream has it, too. */
interface Endpoints {
  readonly localAddress?: unknown
  readonly localPort?: number
  readonly remoteAddress?: unknown
  readonly remotePort?: number
}

type Done = (error?: Error | null) => void

/**
 * A stream as a Duplex. It offers those methods of `net.Socket` that HTTP and database clients call. Its operations
 * belong to no fiber.
 *
 * - The end of the stream ends the readable side; `end()` shuts down the sending direction (or closes the stream if it
 *   has no directions to shut down), and the other one goes on.
 * - `destroy()` closes the stream.
 */
export class StreamDuplex extends Duplex {
  private readonly reader: ChunkReader
  private idle: { timer: NodeJS.Timeout, milliseconds: number } | null = null

  /** @param stream - belongs to the Duplex from now on */
  constructor (readonly stream: DuplexSource) {
    super({ allowHalfOpen: true })
    this.reader = new ChunkReader(stream)
  }

  override _read (): void {
    withoutFiber(() => this.reader.next()).then(chunk => {
      this.active()
      this.push(chunk)
    }, (error: unknown) => { this.failed(error) })
  }

  override _write (chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    withoutFiber(() => writeAll(this.stream, chunk)).then(() => {
      this.active()
      done()
    }, done)
  }

  override _writev (chunks: { chunk: Uint8Array }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer' as BufferEncoding, done)
  }

  override _final (done: Done): void {
    try {
      this.stream.shutdown?.('send')
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  override _destroy (error: Error | null, done: Done): void {
    if (this.idle !== null) clearTimeout(this.idle.timer)
    try {
      this.stream.close?.()
      done(error)
    } catch (cause) {
      done(error ?? cause as Error)
    }
  }

  private failed (error: unknown): void {
    // what was pending when the Duplex was destroyed fails because of that
    if (!this.destroyed) this.destroy(error as Error)
  }

  private active (): void {
    this.idle?.timer.refresh()
  }

  /** Emits `'timeout'` when nothing was read or written for so many milliseconds; 0 is never. */
  setTimeout (milliseconds: number, listener?: () => void): this {
    if (this.idle !== null) clearTimeout(this.idle.timer)
    this.idle = null
    if (milliseconds > 0) {
      this.idle = { milliseconds, timer: setTimeout(() => { this.emit('timeout') }, milliseconds).unref() }
      if (listener !== undefined) this.once('timeout', listener)
    } else if (listener !== undefined) {
      this.off('timeout', listener)
    }
    return this
  }

  /** The milliseconds of {@link setTimeout}. */
  get timeout (): number { return this.idle?.milliseconds ?? 0 }

  /** Does nothing: options are set on the stream itself. */
  setNoDelay (): this { return this }

  /** Does nothing: options are set on the stream itself. */
  setKeepAlive (): this { return this }

  /** Does nothing: a pending operation keeps the process alive. */
  ref (): this { return this }

  /** Does nothing: a pending operation keeps the process alive. */
  unref (): this { return this }

  get localAddress (): string | undefined { return this.endpoint('localAddress') as string | undefined }
  get localPort (): number | undefined { return this.endpoint('localPort') as number | undefined }
  get remoteAddress (): string | undefined { return this.endpoint('remoteAddress') as string | undefined }
  get remotePort (): number | undefined { return this.endpoint('remotePort') as number | undefined }

  private endpoint (name: keyof Endpoints): string | number | undefined {
    try {
      const value = (this.stream as Endpoints)[name]
      return value === undefined || typeof value === 'number' ? value : String(value)
    } catch {
      return undefined // as of a socket that is not connected any more
    }
  }
}

/**
 * Makes a Duplex of a stream, which from now on belongs to it.
 *
 * ```ts
 * for await (const socket of acceptor) http.emit('connection', toDuplex(socket))
 * ```
 */
export function toDuplex (stream: DuplexSource): StreamDuplex {
  return new StreamDuplex(stream)
}
