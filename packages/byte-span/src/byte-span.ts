// SPDX-License-Identifier: MIT OR BSL-1.0
import { invalidArgument } from '@emilua/native'
import { Buffer, constants } from 'node:buffer'
import { isUint8Array } from 'node:util/types'
import { Numbers } from './numbers.js'

/** What a {@link ByteSpan} can be filled from or searched for. A string stands for its UTF-8 bytes. */
export type Bytes = Uint8Array | string

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/**
 * A `Uint8Array` that knows how far it can grow, as a slice of Go does.
 *
 * A span is `length` bytes of a memory region of which it may use `capacity` bytes, counted from its first. Parts of a
 * span share its memory; {@link append} writes into the spare capacity and moves to new memory only if that does not
 * suffice. Wherever a `Uint8Array` is wanted, a span will do, and all methods of `Uint8Array` work as ever: they clamp
 * their arguments, where the methods added here are strict.
 *
 * Indices count from 0 and ranges exclude their end. Nothing suspends. A bad argument throws an `EmiluaError` with
 * `code` `EINVAL` and the argument's name in `arg`; memory that the engine cannot provide is its `RangeError`.
 *
 * @example
 * ```ts
 * let line = new ByteSpan(0, 64)
 * line = line.append('GET ', '/', ' HTTP/1.1')
 * line.find('HTTP') // 6
 * String(line.first(3)) // 'GET'
 * ```
 */
export class ByteSpan extends Numbers {
  #capacity: number

  /**
   * New memory, all zero.
   *
   * @param length - In bytes.
   * @param capacity - In bytes, at least `length`; `length` if left out.
   * @throws EINVAL for a `length` or `capacity` that is no size, or a `capacity` below `length`.
   */
  constructor (length: number, capacity?: number)
  /**
   * A span over existing memory, shared with whoever else uses `buffer`.
   *
   * @param buffer - The memory. Detaching it later empties the span.
   * @param byteOffset - Where the span begins; 0 if left out.
   * @param length - In bytes; up to the end of `buffer` if left out.
   * @param capacity - How much of `buffer`, from `byteOffset` on, the span may use: at least `length`, and `length` if
   * left out, because what follows usually belongs to somebody else.
   * @throws EINVAL for what lies outside of `buffer`.
   */
  constructor (buffer: ArrayBuffer, byteOffset?: number, length?: number, capacity?: number)
  /** New memory with a copy of `bytes`. */
  constructor (bytes: ArrayLike<number> | Iterable<number>)
  constructor (source: number | ArrayBuffer | ArrayLike<number> | Iterable<number>, second?: number, third?: number, fourth?: number) {
    let capacity = -1
    let buffer = source as ArrayBuffer
    let offset: number | undefined
    let length: number | undefined
    if (typeof source === 'number') {
      checkSize('length', source, 0, constants.MAX_LENGTH)
      capacity = second ?? source
      if (capacity !== source) {
        checkSize('capacity', capacity, source, constants.MAX_LENGTH)
        buffer = new ArrayBuffer(capacity)
        offset = 0
        length = source
      }
    } else if (source instanceof ArrayBuffer) {
      offset = second ?? 0
      checkSize('byteOffset', offset, 0, source.byteLength)
      const rest = source.byteLength - offset
      length = third ?? rest
      checkSize('length', length, 0, rest)
      capacity = fourth ?? length
      checkSize('capacity', capacity, length, rest)
    } else if (source === null || typeof source !== 'object') {
      throw invalidArgument('length', 'Expected a size, an ArrayBuffer or bytes', source)
    }
    super(buffer, offset, length)
    this.#capacity = capacity < 0 ? this.length : capacity
  }

  /** The same as `new ByteSpan(length, capacity)`, by a name that says what is in it: zeros, over its whole capacity. */
  static withZeros (length: number, capacity?: number): ByteSpan {
    return new ByteSpan(length, capacity)
  }

  /**
   * A new span with a copy of all `pieces`, one after the other.
   *
   * @param pieces - Bytes, strings (as UTF-8), or nothing at all.
   * @throws EINVAL for a piece that is none of these.
   */
  static append (...pieces: Array<Bytes | null | undefined>): ByteSpan {
    const length = sizeOf(pieces)
    return write(new ByteSpan(length), 0, pieces)
  }

  /** How many bytes the span may use, from its first on: at least its `length`. */
  get capacity (): number {
    return this.#capacity
  }

  /**
   * A part of the same memory. Unlike {@link subarray} it can grow the span, up to its capacity.
   *
   * @param start - The first byte, from 0.
   * @param end - The byte after the last, up to `capacity`; `length` if left out.
   * @throws EINVAL for a range that is reversed, or reaches outside of the capacity.
   */
  sub (start = 0, end = this.length): ByteSpan {
    checkSize('end', end, 0, this.#capacity)
    checkSize('start', start, 0, end)
    return this.#part(start, end - start)
  }

  /**
   * The first `count` bytes, in the same memory.
   *
   * @throws EINVAL for a `count` above `length`.
   */
  first (count: number): ByteSpan {
    checkSize('count', count, 0, this.length)
    return this.#part(0, count)
  }

  /**
   * The last `count` bytes, in the same memory.
   *
   * @throws EINVAL for a `count` above `length`.
   */
  last (count: number): ByteSpan {
    checkSize('count', count, 0, this.length)
    return this.#part(this.length - count, count)
  }

  /** As `Uint8Array` has it; the part keeps the capacity that follows its first byte. */
  override subarray (start?: number, end?: number): ByteSpan {
    const part = super.subarray(start, end) as ByteSpan
    part.#capacity = this.#capacity - (part.byteOffset - this.byteOffset)
    return part
  }

  /** As `Uint8Array` has it: a copy, in memory of its own. */
  override slice (start?: number, end?: number): ByteSpan {
    return super.slice(start, end) as ByteSpan
  }

  /** As `Uint8Array` has it. */
  override map (callback: (value: number, index: number, array: this) => number, thisArg?: unknown): ByteSpan {
    return super.map(callback, thisArg) as ByteSpan
  }

  /** As `Uint8Array` has it. */
  override filter (predicate: (value: number, index: number, array: this) => unknown, thisArg?: unknown): ByteSpan {
    return super.filter(predicate, thisArg) as ByteSpan
  }

  /**
   * Copies as much of `source` as fits. The two may overlap.
   *
   * @returns How many bytes were copied: the smaller of the two lengths.
   * @throws EINVAL for a `source` that is no bytes.
   */
  copy (source: Bytes): number {
    const bytes = bytesOf('source', source)
    const count = Math.min(bytes.length, this.length)
    this.set(bytes.subarray(0, count))
    return count
  }

  /**
   * The span with all `pieces` after its last byte.
   *
   * While the capacity suffices the bytes are written in place, where other spans of the same memory see them;
   * otherwise the result lies in new memory, with room to spare. Assign the result: `span = span.append(more)`.
   *
   * @param pieces - Bytes, strings (as UTF-8), or nothing at all.
   * @throws EINVAL for a piece that is none of these.
   */
  append (...pieces: Array<Bytes | null | undefined>): ByteSpan {
    const length = this.length
    const needed = length + sizeOf(pieces)
    if (needed <= this.#capacity) return write(this.#part(0, needed), length, pieces)
    const grown = new ByteSpan(needed, Math.max(needed, this.#capacity + (this.#capacity >>> 1)))
    grown.set(this)
    return write(grown, length, pieces)
  }

  /** Whether the span begins with `prefix`. */
  startsWith (prefix: Bytes): boolean {
    return isAt(this, bytesOf('prefix', prefix), 0)
  }

  /** Whether the span ends with `suffix`. */
  endsWith (suffix: Bytes): boolean {
    const bytes = bytesOf('suffix', suffix)
    return isAt(this, bytes, this.length - bytes.length)
  }

  /** Whether `other` is an array of the same bytes. */
  equals (other: unknown): boolean {
    return isUint8Array(other) && other.length === this.length && isAt(this, other, 0)
  }

  /**
   * The index of the first occurrence of `target`, or -1.
   *
   * @param target - What to look for. Nothing is found everywhere.
   * @param start - The first index at which it may begin; 0 if left out.
   * @throws EINVAL for a `target` that is no bytes, or a `start` that is no index.
   */
  override find (target: Bytes, start?: number): number
  /** As `Uint8Array` has it: the first byte that `predicate` accepts. */
  override find (predicate: (value: number, index: number, array: this) => boolean, thisArg?: unknown): number | undefined
  override find (target: Bytes | ((value: number, index: number, array: this) => boolean), second?: unknown): number | undefined {
    if (typeof target === 'function') return super.find(target, second)
    const bytes = bytesOf('target', target)
    const start = index('start', second, 0)
    if (bytes.length === 0) return start <= this.length ? start : -1
    return start < this.length ? Buffer.prototype.indexOf.call(this, bytes, start) : -1
  }

  /**
   * The index of the last occurrence of `target`, or -1.
   *
   * @param target - What to look for. Nothing is found everywhere.
   * @param end - The last index at which it may begin; `length` if left out.
   * @throws EINVAL for a `target` that is no bytes, or an `end` that is no index.
   */
  rfind (target: Bytes, end?: number): number {
    const bytes = bytesOf('target', target)
    const from = Math.min(index('end', end, this.length), this.length - bytes.length)
    if (bytes.length === 0 || from < 0) return from < 0 ? -1 : from
    return Buffer.prototype.lastIndexOf.call(this, bytes, from)
  }

  /**
   * The index of the first byte that is one of `bytes`, or -1.
   *
   * @param start - The first index looked at; 0 if left out.
   * @throws EINVAL for `bytes` that are none, or a `start` that is no index.
   */
  findFirstOf (bytes: Bytes, start?: number): number {
    return scanForward(this, bytesOf('bytes', bytes), 1, index('start', start, 0))
  }

  /**
   * The index of the first byte that is none of `bytes`, or -1.
   *
   * @param start - The first index looked at; 0 if left out.
   * @throws EINVAL for `bytes` that are none, or a `start` that is no index.
   */
  findFirstNotOf (bytes: Bytes, start?: number): number {
    return scanForward(this, bytesOf('bytes', bytes), 0, index('start', start, 0))
  }

  /**
   * The index of the last byte that is one of `bytes`, or -1.
   *
   * @param end - The last index looked at; that of the last byte if left out.
   * @throws EINVAL for `bytes` that are none, or an `end` that is no index.
   */
  findLastOf (bytes: Bytes, end?: number): number {
    return scanBackward(this, bytesOf('bytes', bytes), 1, index('end', end, this.length))
  }

  /**
   * The index of the last byte that is none of `bytes`, or -1.
   *
   * @param end - The last index looked at; that of the last byte if left out.
   * @throws EINVAL for `bytes` that are none, or an `end` that is no index.
   */
  findLastNotOf (bytes: Bytes, end?: number): number {
    return scanBackward(this, bytesOf('bytes', bytes), 0, index('end', end, this.length))
  }

  /**
   * The part, in the same memory, that neither begins nor ends with a byte of `lws`.
   *
   * @param lws - The bytes to drop; the whitespace of ASCII if left out.
   * @throws EINVAL for an `lws` that is no bytes.
   */
  trimmed (lws: Bytes = ' \f\n\r\t\v'): ByteSpan {
    const set = bytesOf('lws', lws)
    const start = scanForward(this, set, 0, 0)
    if (start < 0) return this.#part(0, 0)
    return this.#part(start, scanBackward(this, set, 0, this.length) + 1 - start)
  }

  /** Replaces every upper-case letter of ASCII by its lower-case one. */
  inplaceLower (): void {
    for (let i = 0; i < this.length; i++) {
      const byte = this[i]
      if (byte >= 0x41 && byte <= 0x5a) this[i] = byte + 0x20
    }
  }

  /** Replaces every lower-case letter of ASCII by its upper-case one. */
  inplaceUpper (): void {
    for (let i = 0; i < this.length; i++) {
      const byte = this[i]
      if (byte >= 0x61 && byte <= 0x7a) this[i] = byte - 0x20
    }
  }

  /** The bytes read as UTF-8, with U+FFFD for what is none: the inverse of appending a string. */
  override toString (): string {
    return decoder.decode(this)
  }

  #part (start: number, length: number): ByteSpan {
    return new ByteSpan(this.buffer, this.byteOffset + start, length, this.#capacity - start)
  }
}

function checkSize (name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalidArgument(name, `Expected an integer from ${least} to ${most}`, value)
  }
}

function index (name: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw invalidArgument(name, 'Expected an index', value)
  return value
}

function bytesOf (name: string, value: Bytes): Uint8Array {
  if (isUint8Array(value)) return value
  if (typeof value === 'string') return Buffer.from(value)
  throw invalidArgument(name, 'Expected bytes or a string', value)
}

// Which bytes are in the set of a scan; all zero in between.
const members = new Uint8Array(256)

/** The index of the first byte, from `start` to `end` in steps of `step`, that is in the set (1) or not (0); or -1. */
function scan (span: Uint8Array, set: Uint8Array, wanted: number, start: number, end: number, step: number): number {
  let found = -1
  for (let i = 0; i < set.length; i++) members[set[i]] = 1
  for (let i = start; i !== end; i += step) {
    if (members[span[i]] === wanted) {
      found = i
      break
    }
  }
  for (let i = 0; i < set.length; i++) members[set[i]] = 0
  return found
}

function scanForward (span: Uint8Array, set: Uint8Array, wanted: number, start: number): number {
  return scan(span, set, wanted, Math.min(start, span.length), span.length, 1)
}

function scanBackward (span: Uint8Array, set: Uint8Array, wanted: number, end: number): number {
  return scan(span, set, wanted, Math.min(end, span.length - 1), -1, -1)
}

function isAt (span: Uint8Array, bytes: Uint8Array, offset: number): boolean {
  if (offset < 0 || offset + bytes.length > span.length) return false
  for (let i = 0; i < bytes.length; i++) if (span[offset + i] !== bytes[i]) return false
  return true
}

function sizeOf (pieces: ReadonlyArray<Bytes | null | undefined>): number {
  let size = 0
  for (const piece of pieces) {
    if (typeof piece === 'string') size += Buffer.byteLength(piece)
    else if (isUint8Array(piece)) size += piece.length
    else if (piece !== null && piece !== undefined) throw invalidArgument('pieces', 'Expected bytes or strings', piece)
  }
  return size
}

function write (span: ByteSpan, at: number, pieces: ReadonlyArray<Bytes | null | undefined>): ByteSpan {
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      at += encoder.encodeInto(piece, new Uint8Array(span.buffer, span.byteOffset + at, span.length - at)).written
    } else if (piece) {
      span.set(piece, at)
      at += piece.length
    }
  }
  return span
}
