// SPDX-License-Identifier: MIT OR BSL-1.0

/** Bytes as text of one character a byte, so that positions in it are positions in the bytes. */
export function latin1 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** The expression, made to find every match. */
export function everywhere (pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern.source, pattern.flags + 'g')
}

/** What lies between the matches of a separator. An empty record has no fields. */
export function split (record: Uint8Array, separator: string | RegExp): Uint8Array[] {
  if (record.length === 0) return []
  const fields: Uint8Array[] = []
  let begin = 0
  for (const [from, to] of typeof separator === 'string' ? texts(record, separator) : matches(record, separator)) {
    fields.push(record.subarray(begin, from))
    begin = to
  }
  fields.push(record.subarray(begin))
  return fields
}

/** What matches a pattern. */
export function occurrences (record: Uint8Array, pattern: RegExp): Uint8Array[] {
  return Array.from(matches(record, pattern), ([from, to]) => record.subarray(from, to))
}

function * matches (record: Uint8Array, pattern: RegExp): Iterable<[number, number]> {
  for (const match of latin1(record).matchAll(everywhere(pattern))) {
    if (match[0].length > 0) yield [match.index, match.index + match[0].length]
  }
}

function * texts (record: Uint8Array, separator: string): Iterable<[number, number]> {
  const wanted = Buffer.from(separator)
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.length)
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) {
    yield [at, at + wanted.length]
  }
}

/** The record without those bytes at its ends that are characters of `set`. */
export function trim (record: Uint8Array, set: string): Uint8Array {
  const bytes = Buffer.from(set)
  let [begin, end] = [0, record.length]
  while (begin < end && bytes.includes(record[begin]!)) begin++
  while (end > begin && bytes.includes(record[end - 1]!)) end--
  return record.subarray(begin, end)
}
