// SPDX-License-Identifier: MIT OR BSL-1.0
import { suspend, type OperationOptions } from '@emilua/native/fiber'
import { EmiluaError, errorCategory } from '@emilua/native'
import { endOfFile, type ReadStream, type WriteStream } from '@emilua/stream'

const failure = (code: string, errno: number, arg?: string): EmiluaError =>
  new EmiluaError(errorCategory('generic'), errno, { code, message: code, arg })

/** Bytes on their way in one direction, as few as a small kernel buffer holds. */
class Pipe {
  private held = Buffer.alloc(0)
  ended = false
  broken = false
  private waiting: (() => boolean)[] = []

  constructor (private readonly capacity: number) {}

  read (buffer: Uint8Array): number {
    if (this.held.length === 0 && this.ended) throw endOfFile()
    const n = Math.min(buffer.length, this.held.length)
    buffer.set(this.held.subarray(0, n))
    this.held = this.held.subarray(n)
    return n
  }

  write (bytes: Uint8Array): number {
    if (this.broken || this.ended) throw failure('EPIPE', 32)
    const n = Math.min(bytes.length, this.capacity - this.held.length)
    this.held = Buffer.concat([this.held, bytes.subarray(0, n)])
    return n
  }

  /** Tries again whenever something has changed, until `attempt` says that it is done. */
  wait (attempt: () => boolean): () => void {
    this.waiting.push(attempt)
    return () => { this.waiting = this.waiting.filter(other => other !== attempt) }
  }

  changed (): void {
    this.waiting = this.waiting.filter(attempt => !attempt())
  }
}

/** One end of a connection in memory. */
export class MemoryStream implements ReadStream, WriteStream {
  isOpen = true
  reads = 0
  private readonly pending = new Set<(error: unknown) => void>()

  constructor (private readonly incoming: Pipe, private readonly outgoing: Pipe) {}

  static pair (capacity = 5000): [MemoryStream, MemoryStream] {
    const [a, b] = [new Pipe(capacity), new Pipe(capacity)]
    return [new MemoryStream(a, b), new MemoryStream(b, a)]
  }

  readSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    this.reads++
    return this.operate(this.incoming, buffer, options, () => this.incoming.read(buffer))
  }

  writeSome (buffer: Uint8Array, options?: OperationOptions): Promise<number> {
    return this.operate(this.outgoing, buffer, options, () => this.outgoing.write(buffer))
  }

  private operate (pipe: Pipe, buffer: Uint8Array, options: OperationOptions | undefined, attempt: () => number): Promise<number> {
    return suspend<number>(options, settle => {
      if (!(buffer instanceof Uint8Array)) throw failure('EINVAL', 22, 'buffer')
      if (!this.isOpen) throw failure('EBADF', 9)
      const once = (): boolean => {
        try {
          const n = attempt()
          if (n === 0 && buffer.length > 0) return false
          settle.resolve(n)
        } catch (error) {
          settle.reject(error)
        }
        return true
      }
      if (once()) { pipe.changed(); return }
      const forget = pipe.wait(() => once() && (this.pending.delete(abort), queueMicrotask(() => { pipe.changed() }), true))
      const abort = (reason: unknown): void => {
        forget()
        this.pending.delete(abort)
        settle.reject(reason)
      }
      this.pending.add(abort)
      return abort
    })
  }

  shutdown (what: 'receive' | 'send' | 'both'): void {
    if (what !== 'receive') { this.outgoing.ended = true; this.outgoing.changed() }
    if (what !== 'send') { this.incoming.broken = true; this.incoming.changed() }
  }

  close (): void {
    if (!this.isOpen) return
    this.isOpen = false
    for (const abort of [...this.pending]) abort(failure('ECANCELED', 125))
    this.shutdown('both')
  }
}

/** The value a promise rejects with; fails if it does not. */
export async function rejection (promise: Promise<unknown>): Promise<unknown> {
  return promise.then(value => { throw new Error(`resolved with ${String(value)}`) }, (error: unknown) => error)
}
