// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, invalidArgument } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import type { ReadStream, WriteStream } from '@emilua/pipe'
import { isEof, writeAll } from '@emilua/stream'
import { spawn, type SpawnOptions, type StandardStreamOption } from './spawn.js'

/** What {@link run} takes: the options of {@link spawn}, with other defaults for the standard streams. */
export interface RunOptions extends Omit<SpawnOptions, 'stdout' | 'stderr'> {
  /** What the program reads; nothing if both this and `stdin` are left out. */
  input?: string | Uint8Array | undefined
  /** Where its output goes; `'pipe'`, to be kept, if left out. */
  stdout?: StandardStreamOption
  /** Where its complaints go; `'pipe'`, to be kept, if left out. */
  stderr?: StandardStreamOption
  /** How many bytes of each are kept; a mebibyte if left out. What comes after them is read and thrown away. */
  limit?: number | undefined
}

/** How a program ended, and what it had to say. */
export interface RunResult {
  /** What it passed to exit(3), or 128 and the signal that ended it. */
  readonly exitCode: number
  /** The signal that ended it. */
  readonly exitSignal: number | undefined
  /** Its output, empty if that went elsewhere. */
  readonly stdout: Uint8Array
  /** Its complaints. */
  readonly stderr: Uint8Array
  /** Whether there was more than `limit` of either. */
  readonly truncated: boolean
}

/** Keeps the first bytes of a stream. */
class Kept {
  truncated = false
  private readonly pieces: Uint8Array[] = []
  private size = 0
  private ended = false

  constructor (private readonly stream: ReadStream | undefined, private readonly limit: number) {}

  /** Reads until the end, or until {@link drain} says that nobody waits for it. */
  async collect (): Promise<void> {
    const buffer = new Uint8Array(64 * 1024)
    try {
      while (this.stream?.isOpen) this.add(buffer.subarray(0, await this.stream.readSome(buffer)))
    } catch (error) {
      if (!isEof(error) && !this.ended) throw error
    } finally {
      this.stream?.close()
    }
  }

  /** Takes what has been written, and waits for no more: a read that has to wait found nothing. */
  async drain (): Promise<void> {
    this.ended = true
    while (this.stream?.isOpen) {
      if (this.truncated) this.stream.close()
      else this.stream.cancel()
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  bytes (): Uint8Array {
    const all = new Uint8Array(this.size)
    let at = 0
    for (const piece of this.pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  }

  private add (bytes: Uint8Array): void {
    const kept = bytes.slice(0, this.limit - this.size)
    this.truncated ||= kept.length < bytes.length
    if (kept.length === 0) return
    this.pieces.push(kept)
    this.size += kept.length
  }
}

async function feed (stream: WriteStream | undefined, input: string | Uint8Array | undefined): Promise<void> {
  if (stream === undefined) return
  try {
    if (input !== undefined) await writeAll(stream, input)
  } catch (error) {
    // It does not want to know more, which is its business.
    if (!(error instanceof EmiluaError && error.code === 'EPIPE') && stream.isOpen) throw error
  } finally {
    stream.close()
  }
}

/**
 * Runs a program until it ends, and tells how it ended and what it wrote.
 *
 * A program that fails is no error: see `exitCode`. When the calling fiber is canceled, `signal` is aborted or anything
 * else fails, the program is ended and waited for first. Its `timeout` ends it with `killSignal`, and that is then
 * `exitSignal`. Suspends.
 *
 * @throws as `spawn` does; the reason of `signal`
 */
export function run (opts: RunOptions): Promise<RunResult> {
  return composed(runToEnd(opts))
}

async function runToEnd (opts: RunOptions): Promise<RunResult> {
  if (typeof opts !== 'object' || opts === null) throw invalidArgument('opts', 'Expected an object')
  const { input, limit = 1024 * 1024, ...rest } = opts
  if (typeof limit !== 'number' || !(limit >= 0)) throw invalidArgument('opts.limit', 'Expected a number of bytes')
  if (input !== undefined && typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw invalidArgument('opts.input', 'Expected a string or a Uint8Array')
  }
  if (input !== undefined && opts.stdin !== undefined) throw invalidArgument('opts.input', 'Expected no stdin with it')
  await using child = await spawn<StandardStreamOption, StandardStreamOption, StandardStreamOption>({
    ...rest,
    stdin: input === undefined ? opts.stdin : 'pipe',
    stdout: opts.stdout ?? 'pipe',
    stderr: opts.stderr ?? 'pipe'
  })
  const begin = performance.now()
  const output = new Kept(child.stdout, limit)
  const complaints = new Kept(child.stderr, limit)
  const drain = (): Promise<void[]> => Promise.all([output.drain(), complaints.drain()])
  let timer: NodeJS.Timeout | undefined
  let over = false
  // What the program started may live on and hold its pipes: as long as the program might have, it is listened to.
  const ended = async (): Promise<void> => {
    await child.wait()
    if (child.exitSignal !== undefined || opts.signal?.aborted === true) await drain()
    if (over) return
    opts.signal?.addEventListener('abort', drain, { once: true })
    const { timeout = Infinity } = opts
    if (timeout !== Infinity) timer = setTimeout(drain, timeout * 1000 - (performance.now() - begin))
  }
  try {
    const exit = ended()
    await Promise.all([exit, feed(child.stdin, input), output.collect(), complaints.collect()])
  } finally {
    over = true
    clearTimeout(timer)
    opts.signal?.removeEventListener('abort', drain)
  }
  opts.signal?.throwIfAborted()
  return {
    exitCode: child.exitCode,
    exitSignal: child.exitSignal,
    stdout: output.bytes(),
    stderr: complaints.bytes(),
    truncated: output.truncated || complaints.truncated
  }
}
