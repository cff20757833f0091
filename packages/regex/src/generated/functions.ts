// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "regex"; change that instead.
import { natives } from '@emilua/native'
import type { Regex } from './regex.js'

const native = natives('regex')

/**
 * Matches a whole string and gives what the groups took, or all of it where there are none.
 *
 * EOVERFLOW when a pattern would take too many steps on this text.
 *
 * @param re - What to look for.
 * @param str - The string. It is seen as bytes.
 */
export function groups (re: Regex, str: string): (string | undefined)[] | undefined {
  return native['groups'](re, str) as (string | undefined)[] | undefined
}

/**
 * Where the first match is, and its groups.
 *
 * Pairs of offsets, counted from 0: where it begins, and behind its end; -1 for a group that took no part.
 * EOVERFLOW when a pattern would take too many steps on this text.
 *
 * @param re - What to look for.
 * @param str - Where. It is seen as bytes.
 * @param whole - Whether all of it has to match.
 * @param start - How many bytes at the beginning are only looked back at. Not negative.
 */
export function captures (
  re: Regex, str: string | Uint8Array, whole?: boolean, start?: number
): number[] | undefined {
  return native['captures'](re, str, whole, start) as number[] | undefined
}

/**
 * Where all matches are that are not empty.
 *
 * Pairs of offsets, counted from 0: where one begins, and behind its end. EOVERFLOW when a pattern would take too
 * many steps on this text.
 *
 * @param re - What to look for.
 * @param str - Where. It is seen as bytes.
 * @param start - How many bytes at the beginning are only looked back at. Not negative.
 * @param limit - How many are enough; nothing means all. Not negative.
 */
export function occurrences (re: Regex, str: string | Uint8Array, start?: number, limit?: number): number[] {
  return native['occurrences'](re, str, start, limit) as number[]
}
