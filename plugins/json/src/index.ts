// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * JSON, by RapidJSON.
 *
 * @packageDocumentation
 */
import { loadPlugin } from '@emilua/native'

const native = loadPlugin(new URL('../build/json.so', import.meta.url))

/** What a text in JSON stands for; null is `undefined`. */
export type Json = boolean | number | string | undefined | readonly Json[] | { readonly [key: string]: Json }

/** What can be written: whole bigints of 64 bits as well, `null` and `undefined` as null. */
export type Writable = boolean | number | bigint | string | null | undefined | readonly Writable[] | { readonly [key: string]: Writable }

/**
 * What a text in JSON stands for. Numbers are those of double precision; null is `undefined`.
 *
 * @param text - The text, or its bytes in UTF-8.
 * @throws `EINVAL` for what is no JSON, telling where it is wrong, or is nested more than 200 deep
 */
export function parse (text: string | Uint8Array): Json {
  return native['parse'](text) as Json
}

/**
 * Writes a value as JSON.
 *
 * @param value - What JSON has.
 * @throws `EINVAL`, naming the part that JSON does not have
 */
export function stringify (value: Writable): string {
  return native['stringify'](value) as string
}

/**
 * Writes a value as JSON, into a new buffer.
 *
 * @param value - What JSON has.
 * @throws `EINVAL`, naming the part that JSON does not have
 */
export function toBytes (value: Writable): Uint8Array {
  return native['to_bytes'](value) as Uint8Array
}
