// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'
import { isRegExp } from 'node:util/types'
import { checkFields, counted, invalidArgument, isEof, namedError, systemError } from '@emilua/native'
import { checkpoint, rejecting, type OperationOptions } from '@emilua/native/fiber'
import { bufferAtFault, isOfNode, positionAtFault, streamAtFault } from './arguments.js'
import { everywhere, latin1, occurrences, split, trim } from './fields.js'
import type { ReadStream } from './streams.js'

/** How a {@link Scanner} reads. */
export interface ScannerOptions {
  /** Where the bytes come from. Must be set before the first record is read. */
  stream?: ReadStream
  /**
   * What ends a record. A `RegExp` sees each byte as the character of that number, and only what was read so far: let
   * it not end in something optional. A match of more than 1 KiB that arrives in pieces may be found only when more
   * follows or the stream ends. Default: `'\n'`
   */
  recordSeparator?: string | RegExp
  /** What lies between fields, or a function that makes of a record whatever `getLine` shall return. */
  fieldSeparator?: string | RegExp | ((record: Uint8Array) => unknown) | null
  /** What fields are, where it is easier to say that. Ignored if there is a `fieldSeparator`. */
  fieldPattern?: RegExp | null
  /** Whether to strip white space, or the characters given, from both ends of each record. Default: `false` */
  trimRecord?: boolean | string
  /** First size of the buffer, in bytes. Default: 4096 */
  bufferSizeHint?: number
  /** Largest size of a record with its separator, in bytes. Default: 16 MiB */
  maxRecordSize?: number
}

/** What `getLine` of a scanner with these options returns. */
export type ScannerRecord<O extends ScannerOptions> =
  O extends { fieldSeparator: (record: Uint8Array) => infer R } ? R
    : O extends { fieldSeparator: string | RegExp } | { fieldPattern: RegExp } ? Uint8Array[] : Uint8Array

const inspectKey: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never

/** Bytes before those that were read last at which a match of a RegExp may begin and be found at once. */
const longMatch = 1024
const nothingDecoded = { data: null, begin: 0, end: 0, text: '' }

const whiteSpace = ' \f\n\r\t\v'

const separator = 'a RegExp or a string that is not empty'

function isSeparator (value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : isRegExp(value)
}

function isInteger (value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least
}

/** What each option has to be. */
const checks: Record<keyof ScannerOptions, readonly [expected: string, good: (value: unknown) => boolean]> = {
  stream: ['an object with a method readSome', value => streamAtFault(value, 'readSome') === null],
  recordSeparator: [separator, isSeparator],
  fieldSeparator: ['a function, a RegExp or a string that is not empty', value => typeof value === 'function' || isSeparator(value)],
  fieldPattern: ['a RegExp', isRegExp],
  trimRecord: ['a boolean or a string', value => typeof value === 'boolean' || typeof value === 'string'],
  bufferSizeHint: ['an integer, 0 or greater', value => isInteger(value, 0)],
  maxRecordSize: ['an integer greater than 0', value => isInteger(value, 1)]
}

function checkOptions (options: unknown): void {
  const known = Object.keys(checks)
  const names = known.join(', ')
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidArgument('options', `Expected an object of ${names}`, options)
  }
  if (streamAtFault(options, 'readSome') === null || isOfNode(options)) {
    throw invalidArgument('options', 'Expected the stream as one of the options, { stream: socket }', options)
  }
  if (![null, Object.prototype].includes(Object.getPrototypeOf(options) as object | null) && !known.some(name => name in options)) {
    throw invalidArgument('options', `Expected an object of ${names}`, options)
  }
  checkFields('options', options, known)
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue
    const noStream = name === 'stream' ? streamAtFault(value, 'readSome', 'options.stream') : null
    if (noStream !== null) throw noStream
    const [expected, good] = checks[name as keyof ScannerOptions]
    if (!good(value)) throw invalidArgument(`options.${name}`, `Expected ${expected}`, value)
  }
}

/**
 * Reads a stream record by record and takes records apart into fields, in the way of AWK.
 *
 * Everything but the stream's bytes may be changed between records: separators, buffer, even the stream. Records and
 * fields are views of the buffer, valid until the next call: keep copies.
 *
 * @typeParam O - the options, from which the type of the records follows
 */
export class Scanner<O extends ScannerOptions = ScannerOptions> {
  stream: ReadStream | undefined
  recordSeparator: string | RegExp
  fieldSeparator: string | RegExp | ((record: Uint8Array) => unknown) | null
  fieldPattern: RegExp | null
  trimRecord: boolean | string
  maxRecordSize: number
  /**
   * What ended the record: a string if the separator is one, else bytes. Empty if it was the end of the stream,
   * `null` if there is no record.
   */
  recordTerminator: string | Uint8Array | null = null
  /** How many records were read. */
  recordNumber = 0

  private data: Uint8Array
  /** Where the current record starts; what is buffered ends at `end`. */
  private begin = 0
  private end = 0
  /** Bytes of the current record, and of it with its terminator. */
  private length = 0
  private consumed = 0
  /** What the last call returned. */
  private reading: Promise<unknown> | null = null
  /** It waits for more. */
  private waiting = false
  /** Text for regular expressions, kept while nothing more was read. */
  private decoded: { data: Uint8Array | null, begin: number, end: number, text: string } = nothingDecoded

  /** @throws `EINVAL` naming the option that is wrong or does not exist, or `options` if that is the stream itself */
  constructor (options?: O) {
    const given: ScannerOptions = options ?? {}
    checkOptions(given)
    this.stream = given.stream
    this.recordSeparator = given.recordSeparator ?? '\n'
    this.fieldSeparator = given.fieldSeparator ?? null
    this.fieldPattern = given.fieldPattern ?? null
    this.trimRecord = given.trimRecord ?? false
    this.maxRecordSize = given.maxRecordSize ?? 16 * 1024 * 1024
    const hint = given.bufferSizeHint ?? 4096
    this.data = new Uint8Array(Math.min(Math.max(hint, 1), this.maxRecordSize))
  }

  /**
   * What `console.log` shows: what it was told, and how far it has come.
   *
   * @hidden
   */
  [inspectKey] (_depth: number, options: object): string {
    return `Scanner ${inspect(this.toJSON(), options)}`
  }

  /** For `JSON.stringify`: its options, and how far it is; not its buffer. */
  toJSON (): object {
    const { stream, recordSeparator, fieldSeparator, fieldPattern, trimRecord, maxRecordSize, recordNumber } = this
    return { stream, recordSeparator, fieldSeparator, fieldPattern, trimRecord, maxRecordSize, recordNumber, buffered: this.end - this.begin }
  }

  /** A scanner that reads lines, trims them and splits them at white space. */
  static withAwkDefaults (readStream: ReadStream): Scanner<{ fieldSeparator: RegExp }> {
    const error = streamAtFault(readStream, 'readSome', 'readStream')
    if (error !== null) throw error
    return new Scanner({ stream: readStream, recordSeparator: '\n', trimRecord: true, fieldSeparator: /[ \f\n\r\t\v]+/ })
  }

  /**
   * Reads the next record. What was read beyond it is kept for the next one.
   *
   * Suspends; a cancellation point. If it is canceled, what was read stays buffered and it can be called again.
   *
   * @returns the record or, with a field separator or pattern, its fields
   * @throws at the end of the stream, when nothing is left, what the stream throws; `EMSGSIZE` if the record is
   * larger than `maxRecordSize`; `EINVAL` naming what is missing or wrong; `EBUSY` while another one waits, which would
   * take a part of the record
   */
  getLine (options?: OperationOptions): Promise<ScannerRecord<O>> {
    try {
      const error = streamAtFault(this.stream, 'readSome') ?? this.separatorAtFault()
      if (error !== null) return Promise.reject(error)
      const refused = checkpoint(options)
      if (refused !== null) return refused
      if (this.waiting) return Promise.reject(systemError('EBUSY', 'Expected one getLine at a time, and another one waits already'))
      const reading = this.read(options)
      this.reading = reading
      return reading
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * The records, until the stream ends, for `for await`. As {@link getLine} gives them: each is valid until the next.
   * Leaving the loop closes nothing, and what is left can be read on.
   */
  async * [Symbol.asyncIterator] (): AsyncGenerator<ScannerRecord<O>, void, undefined> {
    for (;;) {
      let record
      try {
        record = await this.getLine()
      } catch (error) {
        if (isEof(error)) return
        throw error
      }
      yield record
    }
  }

  /** The current record as it was read, neither trimmed nor split. */
  bufferedLine (): Uint8Array {
    if (this.recordTerminator === null) throw systemError('EINVAL', 'There is no record')
    return this.data.subarray(this.begin, this.begin + this.length)
  }

  /** Removes the current record from the buffer: what is left is what follows it. */
  removeLine (): void {
    if (this.recordTerminator === null) throw systemError('EINVAL', 'There is no record')
    this.drop()
  }

  /** What is buffered, the current record included unless it was removed. */
  buffer (): Uint8Array {
    return this.data.subarray(this.begin, this.end)
  }

  /**
   * Goes on with another buffer: the bytes from `offset` to its end are the next to be scanned. If it has a capacity
   * beyond its length, as a `ByteSpan` may, that is room to read into. The current record is forgotten.
   *
   * @param offset - 0 to the length of the buffer. Default: 0
   */
  setBuffer (buffer: Uint8Array & { readonly capacity?: number }, offset = 0): void {
    const error = bufferAtFault(buffer) ?? positionAtFault('offset', offset, buffer.length)
    if (error !== null) throw error
    this.drop()
    this.data = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.capacity ?? buffer.length)
    this.begin = offset
    this.end = buffer.length
    this.decoded = nothingDecoded
  }

  private tooLong (): Error {
    return namedError('generic', 'EMSGSIZE', { message: `The record is longer than maxRecordSize (${this.maxRecordSize})` })
  }

  private separatorAtFault (): Error | null {
    return isSeparator(this.recordSeparator) ? null : invalidArgument('recordSeparator', `Expected ${separator}`, this.recordSeparator)
  }

  private drop (): void {
    this.begin += this.consumed
    this.length = this.consumed = 0
    this.recordTerminator = null
  }

  private take (length: number, terminator: number): void {
    this.length = length
    this.consumed = length + terminator
    const from = this.begin + length
    this.recordTerminator = typeof this.recordSeparator === 'string'
      ? terminator === 0 ? '' : this.recordSeparator
      : this.data.subarray(from, from + terminator)
  }

  private fields (): unknown {
    let record = this.bufferedLine()
    if (this.trimRecord !== false) record = trim(record, this.trimRecord === true ? whiteSpace : this.trimRecord)
    if (typeof this.fieldSeparator === 'function') return this.fieldSeparator(record)
    if (this.fieldSeparator !== null) return split(record, this.fieldSeparator)
    return this.fieldPattern === null ? record : occurrences(record, this.fieldPattern)
  }

  private async read (options: OperationOptions | undefined): Promise<ScannerRecord<O>> {
    this.drop()
    const separator = this.finder()
    try {
      for (;;) {
        const found = separator.find()
        if (found !== null) {
          this.take(found.at - this.begin, found.size)
          break
        }
        if (this.end - this.begin >= this.maxRecordSize) throw this.tooLong()
        this.waiting = true
        if (await this.fill(options)) continue
        const last = separator.find(true)
        this.take(last === null ? this.end - this.begin : last.at - this.begin, last?.size ?? 0)
        break
      }
    } finally {
      this.waiting = false
    }
    this.recordNumber++
    return this.fields() as ScannerRecord<O>
  }

  /** Reads more. @returns whether there is more; at the end of the stream only if nothing is left, it throws */
  private async fill (options: OperationOptions | undefined): Promise<boolean> {
    if (this.end === this.data.length) this.makeRoom()
    try {
      const room = this.data.subarray(this.end)
      this.end += counted('stream', await this.stream!.readSome(room, options), room.length)
      return true
    } catch (error) {
      if (isEof(error) && this.end > this.begin) return false
      throw rejecting(error, this.reading)
    }
  }

  private makeRoom (): void {
    const held = this.end - this.begin
    const size = this.begin > this.data.length / 2
      ? this.data.length
      : Math.min(Math.max(this.data.length * 2, 64), Math.max(this.maxRecordSize, held + 1))
    const data = new Uint8Array(size)
    data.set(this.buffer())
    this.data = data
    this.begin = 0
    this.end = held
  }

  /** Searches what was read since the last search. */
  private finder (): { find (isLast?: boolean): { at: number, size: number } | null } {
    const { recordSeparator } = this
    let searched = 0
    if (typeof recordSeparator === 'string') {
      const wanted = Buffer.from(recordSeparator)
      return {
        find: () => {
          const bytes = Buffer.from(this.data.buffer, this.data.byteOffset, this.end)
          const at = bytes.indexOf(wanted, this.begin + Math.max(0, searched - wanted.length + 1))
          searched = this.end - this.begin
          return at === -1 ? null : { at, size: wanted.length }
        }
      }
    }
    const pattern = new RegExp(everywhere(recordSeparator))
    // Most matches are short, so what was searched need not be searched again but for its end. A match that is not is
    // found when there is four times as much, or nothing more comes.
    let searchedFromStart = 0
    return {
      find: (isLast = false) => {
        const held = this.end - this.begin
        const again = isLast || held >= 4 * searchedFromStart
        if (again) searchedFromStart = held
        const from = again ? 0 : Math.max(0, searched - longMatch)
        const seen = Math.max(0, from - longMatch)
        pattern.lastIndex = from - seen
        searched = held
        for (const match of this.textFrom(this.begin + seen).matchAll(pattern)) {
          if (match[0].length > 0) return { at: this.begin + seen + match.index, size: match[0].length }
        }
        return null
      }
    }
  }

  /** What is buffered from `start` on, a character a byte. */
  private textFrom (start: number): string {
    const { decoded } = this
    if (decoded.data !== this.data || decoded.end !== this.end || start < decoded.begin) {
      this.decoded = { data: this.data, begin: start, end: this.end, text: latin1(this.data.subarray(start, this.end)) }
    }
    return this.decoded.text.slice(start - this.decoded.begin)
  }
}
