// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What starting a program takes besides the start: its pipes, its variables, what it has to say. For packages that start
 * programs in ways of their own.
 *
 * @packageDocumentation
 */
import { FileDescriptor } from '@emilua/file-descriptor'
import { EmiluaError, invalidArgument } from '@emilua/native'
import { pair, type ReadStream, type WriteStream } from '@emilua/pipe'
import { isEof, writeAll } from '@emilua/stream'
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

/** A program that runs, as {@link converse} sees it. */
export interface Partner {
  readonly stdin: WriteStream | undefined
  readonly stdout: ReadStream | undefined
  readonly stderr: ReadStream | undefined
  readonly exitSignal: number | undefined
  wait (): Promise<void>
}

/** What {@link converse} takes. */
export interface Conversation {
  /** What the program reads. */
  input: string | Uint8Array | undefined
  /** How many bytes are kept of what it writes to each stream. */
  limit: number
  /** Seconds that it might have run. */
  timeout?: number | undefined
  /** Ends the conversation when the program has ended. */
  signal?: AbortSignal | undefined
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

/** Talks to a program until it has ended. */
export async function converse (child: Partner, { input, limit, timeout = Infinity, signal }: Conversation): Promise<Said> {
  const begin = performance.now()
  const output = new Kept(child.stdout, limit)
  const complaints = new Kept(child.stderr, limit)
  const drain = (): Promise<void[]> => Promise.all([output.drain(), complaints.drain()])
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
    const exit = ended()
    await Promise.all([exit, feed(child.stdin, input), output.collect(), complaints.collect()])
  } finally {
    over = true
    clearTimeout(timer)
    signal?.removeEventListener('abort', drain)
  }
  return { stdout: output.bytes(), stderr: complaints.bytes(), truncated: output.truncated || complaints.truncated }
}
