// SPDX-License-Identifier: MIT OR BSL-1.0
import { captures, groups, occurrences } from './generated/functions.js'
import { Regex } from './generated/regex.js'

/** Where something was found: from `start` up to, and without, `end`. */
export interface Span {
  start: number
  end: number
}

/** What {@link search} found. */
export interface Match {
  /** Whether nothing was found. */
  empty: boolean
  /** The whole match is 0, the groups follow; one that took no part is missing. */
  [group: number]: Span
  /** The groups that have a name. */
  groups: Record<string, Span>
}

/**
 * Where the core writes how many bytes a text has, and pairs of offsets in it: lists of numbers, and strings, are made
 * faster on this side.
 */
const places = new Int32Array(513)
const placesBytes = new Uint8Array(places.buffer)
const mostPairs = (places.length - 1) / 2

/**
 * How many pairs are in {@link places}, if `str` is a string in which bytes and characters are the same and there is room
 * for all; otherwise `undefined`.
 */
function capture (re: Regex, str: string | Uint8Array, whole: boolean): number | undefined {
  if (typeof str !== 'string' || !(re instanceof Regex)) return undefined
  return usable(re.capturesInto(str, whole, placesBytes), str)
}

function occur (re: Regex, str: string | Uint8Array): number | undefined {
  if (typeof str !== 'string' || !(re instanceof Regex)) return undefined
  return usable(re.occurrencesInto(str, placesBytes), str)
}

function usable (pairs: number, str: string): number | undefined {
  return pairs === 0 || (pairs <= mostPairs && places[0] === str.length) ? pairs : undefined
}

/** The numbers of named groups, which have to be looked for in the pattern. */
const namesOf = new WeakMap<Regex, [string, number][]>()

function names (re: Regex): [string, number][] {
  let known = namesOf.get(re)
  if (known === undefined) namesOf.set(re, known = Object.entries(re.groupNames))
  return known
}

/** Text as the bytes it is searched in, and parts of it by their offsets. */
class Subject<T extends string | Uint8Array> {
  readonly bytes: Uint8Array
  private readonly utf8: Buffer | undefined

  constructor (private readonly whole: T) {
    if (typeof whole !== 'string') {
      this.bytes = whole
      return
    }
    const utf8 = Buffer.from(whole)
    this.bytes = utf8
    // Where all is ASCII, bytes and characters are the same.
    if (utf8.length !== whole.length) this.utf8 = utf8
  }

  part (start: number, end: number): T {
    if (this.utf8 !== undefined) return this.utf8.toString('utf8', start, end) as T
    return (typeof this.whole === 'string' ? this.whole.slice(start, end) : this.whole.subarray(start, end)) as T
  }

  span (start: number, end: number): Span {
    const index = (offset: number): number => this.utf8?.toString('utf8', 0, offset).length ?? offset
    return { start: index(start), end: index(end) }
  }
}

/**
 * Matches the whole text against `re`.
 *
 * @param re - What it shall be.
 * @param str - The text: a string, of which strings are given, or bytes, of which views are.
 * @returns What the groups took, `undefined` for those that took no part; all of it where the pattern has no groups;
 * `undefined` when it does not match.
 * @throws EmiluaError `EOVERFLOW` when the pattern would take too many steps on this text.
 */
export function match<T extends string | Uint8Array> (re: Regex, str: T): (T | undefined)[] | undefined {
  const pairs = capture(re, str, true)
  if (pairs === 0) return undefined
  if (pairs !== undefined) return taken(str as string, pairs) as (T | undefined)[]
  if (typeof str === 'string') return groups(re, str) as (T | undefined)[] | undefined
  const spans = captures(re, str, true)
  if (spans === undefined) return undefined
  if (spans.length === 2) return [str]
  const parts: (T | undefined)[] = []
  for (let i = 2; i < spans.length; i += 2) parts.push(spans[i]! < 0 ? undefined : str.subarray(spans[i]!, spans[i + 1]!) as T)
  return parts
}

/** What the groups took of which the places are known. */
function taken (str: string, pairs: number): (string | undefined)[] {
  const parts: (string | undefined)[] = []
  for (let i = pairs === 1 ? 0 : 1; i < pairs; i++) {
    const start = places[2 * i + 1]!
    parts.push(start < 0 ? undefined : str.slice(start, places[2 * i + 2]))
  }
  return parts
}

/**
 * Finds the first match of `re`, and where it is.
 *
 * @param re - What to look for.
 * @param str - Where. Indexes are those of the string, or of the bytes.
 * @throws EmiluaError `EOVERFLOW` when the pattern would take too many steps on this text.
 */
export function search (re: Regex, str: string | Uint8Array): Match {
  const found: Match = { empty: true, groups: {} }
  const pairs = capture(re, str, false)
  if (pairs === undefined) {
    const subject = new Subject(str)
    const spans = captures(re, subject.bytes) ?? []
    for (let i = 0; i < spans.length; i += 2) {
      if (spans[i]! >= 0) found[i / 2] = subject.span(spans[i]!, spans[i + 1]!)
    }
  } else {
    for (let i = 0; i < pairs; i++) {
      const start = places[2 * i + 1]!
      if (start >= 0) found[i] = { start, end: places[2 * i + 2]! }
    }
  }
  if (found[0] === undefined) return found
  found.empty = false
  for (const [name, i] of names(re)) {
    if (found[i] !== undefined) found.groups[name] = found[i]
  }
  return found
}

/**
 * What lies between the matches of `re`. An empty text has no parts.
 *
 * @param re - What separates. Empty matches do not.
 * @param str - What is taken apart: a string, of which strings are given, or bytes, of which views are.
 * @throws EmiluaError `EOVERFLOW` when the pattern would take too many steps on this text.
 */
export function split<T extends string | Uint8Array> (re: Regex, str: T): T[] {
  const parts: T[] = []
  let begin = 0
  const pairs = occur(re, str)
  if (pairs !== undefined) {
    if (str.length === 0) return parts
    for (let i = 0; i < pairs; i++) {
      parts.push(str.slice(begin, places[2 * i + 1]) as T)
      begin = places[2 * i + 2]!
    }
    parts.push(str.slice(begin) as T)
    return parts
  }
  const subject = new Subject(str)
  const spans = occurrences(re, subject.bytes)
  if (str.length === 0) return parts
  for (let i = 0; i < spans.length; i += 2) {
    parts.push(subject.part(begin, spans[i]!))
    begin = spans[i + 1]!
  }
  parts.push(subject.part(begin, subject.bytes.length))
  return parts
}

/**
 * The matches of `re` that are not empty, one after the other.
 *
 * @param re - What the parts are.
 * @param str - What is searched: a string, of which strings are given, or bytes, of which views are.
 * @throws EmiluaError `EOVERFLOW` when the pattern would take too many steps on this text.
 */
export function patsplit<T extends string | Uint8Array> (re: Regex, str: T): T[] {
  const parts: T[] = []
  const pairs = occur(re, str)
  if (pairs !== undefined) {
    for (let i = 0; i < pairs; i++) parts.push(str.slice(places[2 * i + 1], places[2 * i + 2]) as T)
    return parts
  }
  const subject = new Subject(str)
  const spans = occurrences(re, subject.bytes)
  for (let i = 0; i < spans.length; i += 2) parts.push(subject.part(spans[i]!, spans[i + 1]!))
  return parts
}
