// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What starting a program takes besides the start: its pipes, its variables, what it has to say. For packages that start
 * programs in ways of their own.
 *
 * @packageDocumentation
 */
import { isUint8Array } from 'node:util/types'
import { FileDescriptor } from '@emilua/file-descriptor'
import { EmiluaError, invalidArgument, isEof, readInto, type ReadResult } from '@emilua/native'
import { unreported } from '@emilua/native/fiber'
import { pair, type ReadStream, type WriteStream } from '@emilua/pipe'
import { writeAll } from '@emilua/stream'
import type { SpawnOptions as LaunchOptions } from './generated/types.js'

/**
 * What a standard stream of a child is: a descriptor; that of this process (`'inherit'`, or the reference's word
 * `'share'`); `/dev/null`; or a pipe to a stream of the {@link Subprocess}. Left out, it is a pipe whose other end is
 * closed.
 */
export type StandardStreamOption = FileDescriptor | 'share' | 'inherit' | 'ignore' | 'pipe' | undefined

/** The ends of pipes that are ours. */
export interface Streams {
  stdin: WriteStream | undefined
  stdout: ReadStream | undefined
  stderr: ReadStream | undefined
}

/** The variables of a program, by name; those that are `undefined` are left out. */
export type Variables = Readonly<Record<string, string | undefined>> | undefined

/** Refuses a list, which would have numbers for names, and a Map, which would have none. */
export function checkVariables (given: Variables): void {
  if (given === undefined || given === null) return
  if (typeof given !== 'object' || Array.isArray(given) || given instanceof Map) {
    throw invalidArgument('opts.environment', 'Expected an object whose keys are names of variables', given)
  }
}

/** What of a conversation with a program its caller says. */
export interface ConversationOptions {
  input?: string | Uint8Array | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

/** Refuses what {@link converse} and {@link Listener} cannot do with. */
export function checkConversation ({ input, limit, signal }: ConversationOptions): void {
  if (limit !== undefined && (typeof limit !== 'number' || !(limit >= 0))) throw invalidArgument('opts.limit', 'Expected a number of bytes', limit)
  if (input !== undefined && typeof input !== 'string' && !isUint8Array(input)) {
    throw invalidArgument('opts.input', 'Expected a string or a Uint8Array', input)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidArgument('opts.signal', 'Expected an AbortSignal', signal)
}

const standardStreams = ['stdin', 'stdout', 'stderr'] as const

/** The pipes between this process and one that is about to start. */
export class Pipes {
  readonly streams: Streams = { stdin: undefined, stdout: undefined, stderr: undefined }
  private readonly theirs: FileDescriptor[] = []

  /** What the child's standard stream `name` is, in the words of the core. */
  end (name: keyof Streams, option: StandardStreamOption): LaunchOptions['stdin'] {
    if (option === 'inherit') return 'share'
    const isWord = option === 'pipe' || option === 'share' || option === 'ignore'
    if (!isWord && option !== undefined && !(option instanceof FileDescriptor)) {
      const error = invalidArgument(`opts.${name}`, 'Expected \'pipe\', \'ignore\', \'inherit\', \'share\' or a FileDescriptor', option)
      if (typeof (option as { release?: unknown } | null)?.release === 'function') error.message += ': its release() gives one'
      throw error
    }
    if (option !== 'pipe') return option
    const [reader, writer] = pair()
    if (name === 'stdin') this.streams.stdin = writer
    else this.streams[name] = reader
    const end = (name === 'stdin' ? reader : writer).release()
    this.theirs.push(end)
    return end
  }

  /** Gives `child` those that there are. */
  attach (child: object): void {
    for (const name of standardStreams) {
      const value = this.streams[name]
      if (value !== undefined) Object.defineProperty(child, name, { value, enumerable: true })
    }
  }

  closeTheirs (): void { for (const end of this.theirs) end.close() }

  closeOurs (): void { for (const stream of Object.values(this.streams) as (ReadStream | undefined)[]) stream?.close() }
}

/** What pieces are read into, of those who read no more. */
const spare: Uint8Array[] = []
const mostSpare = 4

/** Keeps the first bytes of a stream. */
class Kept implements ReadResult<boolean> {
  truncated = false
  /** Whether nobody waits for more. */
  stopped = false
  private readonly buffer: Uint8Array = spare.pop() ?? new Uint8Array(64 * 1024)
  private readonly pieces: Uint8Array[] = []
  private size = 0

  constructor (private readonly stream: ReadStream, private readonly limit: number) {}

  /** Reads until the end, or until {@link stopped}. */
  async collect (): Promise<void> {
    try {
      while (this.stream.isOpen && await this.readMore()) { /* until the end */ }
    } finally {
      this.stream.close()
      if (spare.length < mostSpare) spare.push(this.buffer)
    }
  }

  /** Takes what has been written, and waits for no more: a read that has to wait found nothing. */
  async drain (): Promise<void> {
    this.stopped = true
    while (this.stream.isOpen) {
      if (this.truncated) this.stream.close()
      else this.stream.cancel()
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** Takes nothing more. */
  stop (): void {
    this.stopped = true
    this.stream.close()
  }

  bytes (): Uint8Array {
    if (this.pieces.length === 1) return this.pieces[0]!
    const all = new Uint8Array(this.size)
    let at = 0
    for (const piece of this.pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  }

  /** Whether there may be more. */
  private readMore (): Promise<boolean> {
    const { stream, buffer } = this
    return readInto(stream, stream.readSome, buffer, undefined, this) ?? stream.readSome(buffer).then(this.succeed, this.fail)
  }

  /** @internal */
  readonly succeed = (n: number): boolean => {
    const kept = this.buffer.slice(0, Math.min(n, this.limit - this.size))
    this.truncated ||= kept.length < n
    if (kept.length > 0) {
      this.pieces.push(kept)
      this.size += kept.length
    }
    return true
  }

  /** @internal */
  readonly end = (): boolean => false

  /** @internal */
  readonly fail = (error: unknown): boolean => {
    if (isEof(error) || this.stopped) return false
    throw error
  }
}

/** What a program had to say. */
export interface Said {
  /** Its output, empty if that went elsewhere. */
  readonly stdout: Uint8Array
  /** Its complaints. */
  readonly stderr: Uint8Array
  /** Whether there was more than `limit` of either. */
  readonly truncated: boolean
}

/** Reads what a program has to say, from now on: it need not run yet. */
export class Listener {
  /** When all has been read. */
  readonly finished: Promise<unknown>
  private readonly output: Kept | undefined
  private readonly complaints: Kept | undefined

  /** @param limit - how many bytes are kept of each stream */
  constructor ({ stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>, limit: number) {
    this.output = stdout && new Kept(stdout, limit)
    this.complaints = stderr && new Kept(stderr, limit)
    this.finished = Promise.all([this.output?.collect(), this.complaints?.collect()])
    // Whoever waits is told.
    void unreported(this.finished)
  }

  /** Reads what has been written, and waits for no more. */
  async drain (): Promise<void> {
    await Promise.all([this.output?.drain(), this.complaints?.drain()])
  }

  /** For a program that did not start. */
  stop (): void {
    this.output?.stop()
    this.complaints?.stop()
  }

  /** What it was, once it is {@link finished}. */
  said (): Said {
    return {
      stdout: this.output?.bytes() ?? new Uint8Array(),
      stderr: this.complaints?.bytes() ?? new Uint8Array(),
      truncated: this.output?.truncated === true || this.complaints?.truncated === true
    }
  }
}

async function feed (stream: WriteStream, input: string | Uint8Array | undefined): Promise<void> {
  try {
    if (input !== undefined) await writeAll(stream, input)
  } catch (error) {
    // It does not want to know more, which is its business.
    if (!(error instanceof EmiluaError && error.code === 'EPIPE') && stream.isOpen) throw error
  } finally {
    stream.close()
  }
}

/** A program that runs, as {@link converse} sees it. */
export interface Partner {
  readonly stdin: WriteStream | undefined
  readonly exitSignal: number | undefined
  wait (): Promise<void>
}

/** What {@link converse} takes. */
export interface Conversation {
  /** What the program reads. */
  input: string | Uint8Array | undefined
  /** Seconds that it might have run. */
  timeout?: number | undefined
  /** Ends the conversation when the program has ended. */
  signal?: AbortSignal | undefined
}

/** Talks to a program until it has ended, and closes its streams. */
export async function converse (child: Partner, listener: Listener, { input, timeout = Infinity, signal }: Conversation): Promise<Said> {
  const begin = performance.now()
  const drain = (): Promise<void> => listener.drain()
  let timer: NodeJS.Timeout | undefined
  let over = false
  // What the program started may live on and hold its pipes: as long as the program might have, it is listened to.
  const ended = async (): Promise<void> => {
    await child.wait()
    if (child.exitSignal !== undefined || signal?.aborted === true) await drain()
    if (over) return
    signal?.addEventListener('abort', drain, { once: true })
    if (timeout !== Infinity) timer = setTimeout(drain, timeout * 1000 - (performance.now() - begin))
  }
  try {
    await Promise.all([ended(), child.stdin && feed(child.stdin, input), listener.finished])
  } finally {
    over = true
    clearTimeout(timer)
    signal?.removeEventListener('abort', drain)
  }
  return listener.said()
}
