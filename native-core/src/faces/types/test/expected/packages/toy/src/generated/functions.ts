// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "toy"; change that instead.
import { natives, operate1, operate2, operate3, type OperationOptions } from '@emilua/native'
import type { Box } from './box.js'
import type { Tag } from './tag.js'
import type { Color, PlaceInfo, RunOptions, Setting, SettingValues, Tags } from './types.js'

const native = natives('toy')

/** Takes tags. */
export function mark (
  one: Tag | string, more: readonly (Tag | string)[] | undefined, either: Tag | string | number, text: string | Tag, change: (value1: Tag) => Tag | string
): Tag[] {
  return native['mark'](one, more, either, text, change) as Tag[]
}

/** Takes more of them. */
export function markAll (tags: Tags): void {
  native['mark_all'](tags)
}

/** Takes any number. */
export function markEach (...tags: (Tag | string)[]): void {
  native['mark_each'](...tags)
}

/** Gives one. */
export function setting<K extends Setting> (of: number, name: K): SettingValues[K] {
  return native['setting'](of, name) as SettingValues[K]
}

/** Sets one. */
export function set<K extends Setting> (name: K, to: SettingValues[K]): void {
  native['set'](name, to)
}

/**
 * Looks, and may wait.
 *
 * @param options - A signal that ends the wait. `colors`: Which.
 */
export function look (
  buffer: Uint8Array, at?: number, options?: OperationOptions & { colors?: readonly Color[] | undefined }
): Promise<number> {
  return operate3(native['look'], 0, options, buffer, at, options?.colors)
}

/**
 * Takes one of each.
 *
 * @param c - From 0 to 65535.
 * @param e - A password.
 */
export function all (
  a: boolean, b: number, c: number, d: bigint, e: string | Uint8Array, f: Uint8Array, g: unknown
): void {
  native['all'](a, b, c, d, e, f, g)
}

/** Takes any of them. */
export function either (choice?: Color | string): Color | undefined {
  return native['either'](choice) as Color | undefined
}

/**
 * Runs a program.
 *
 * Only the main thread may call it.
 *
 * @param ask - Whether to go on.
 */
export function run (options: RunOptions, ask?: ((value1: string, value2: number) => boolean)): Box {
  return native['run'](options, ask) as Box
}

/** Gives two. */
export function both (): { name: string, age: number } {
  return native['both']() as { name: string, age: number }
}

/**
 * How large a file is.
 *
 * A thread of the core does it. Ended by its signal, it is abandoned.
 *
 * @param options - A signal that ends the wait.
 */
export function size (path: string, options?: OperationOptions): Promise<bigint | undefined> {
  return operate1(native['size'], 0, options, path)
}

/**
 * Waits, and fills a buffer.
 *
 * See `Box`.
 *
 * @param secs - Seconds.
 * @param options - A signal that ends the wait.
 */
export function wait (secs: number, buffer: Uint8Array, options?: OperationOptions): Promise<number> {
  return operate2(native['wait'], 0, options, secs, buffer)
}

/** Takes any number. */
export function many (...names: string[]): void {
  native['many'](...names)
}

/** Lists places. */
export function places (slots: Readonly<Record<number, string>>): PlaceInfo[] {
  return native['places'](slots) as PlaceInfo[]
}

/** Opens several. */
export function open (boxes?: readonly Box[]): void {
  native['open'](boxes)
}

/** The same everywhere. */
export const limit = 3
