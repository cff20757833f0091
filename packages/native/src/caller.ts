// SPDX-License-Identifier: MIT OR BSL-1.0
// What is ours on top of an error's stack says nothing about the program, and Node shows the source line of its first
// frame. V8 leaves out what lies above one function, so the function of ours that the program called has to be found.
import { fileURLToPath } from 'node:url'
import type { Place } from './place.js'

type Callable = (...args: never[]) => unknown

/** Where the files of our packages are. */
const folders = new Set<string>([folderOf(import.meta.url)])
/** What they export. */
const doors = new Set<object>()
let functions: Map<string, Callable[]> | null = null

function folderOf (url: string): string {
  return new URL('.', url).href
}

/**
 * Tells what a door of a package exports, of whose functions stacks are to be free.
 *
 * @param url - of the file that was loaded
 */
export function publish (url: string, exported: object): void {
  folders.add(folderOf(url))
  doors.add(exported)
  functions = null
}

/** All functions that a program can call, by their names. */
function known (): Map<string, Callable[]> {
  if (functions !== null) return functions
  functions = new Map()
  const seen = new Set<unknown>()
  for (const exported of doors) collect(exported, functions, seen)
  return functions
}

function collect (value: unknown, all: Map<string, Callable[]>, seen: Set<unknown>): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  if (value === Object.prototype || value === Function.prototype || value === Error.prototype) return
  seen.add(value)
  if (typeof value === 'function') all.set(value.name, [...all.get(value.name) ?? [], value as Callable])
  const prototype = Object.getPrototypeOf(value) as unknown
  for (const { value: part, get, set } of Object.values(Object.getOwnPropertyDescriptors(value))) {
    for (const each of [part, get, set]) collect(each, all, seen)
    // In a bundle the exports of a module are an object of getters.
    if (get !== undefined && (prototype === null || prototype === Object.prototype)) collect(exportedBy(get, value), all, seen)
  }
  collect(prototype, all, seen)
}

function exportedBy (get: () => unknown, exported: object): unknown {
  try {
    return get.call(exported)
  } catch {
    return undefined // a getter of another object
  }
}

/** Where the functions are that called the one that calls this. */
function callers (below: Callable): NodeJS.CallSite[] {
  const { prepareStackTrace } = Error
  try {
    Error.prepareStackTrace = (_, sites) => sites
    const told: { stack?: NodeJS.CallSite[] } = {}
    Error.captureStackTrace(told, below)
    return told.stack ?? []
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
}

function isOurs (site: NodeJS.CallSite): boolean {
  const file = site.getFileName()
  if (file === null || file === undefined) return false
  for (const folder of folders) if (file.startsWith(folder) || file.startsWith(fileURLToPath(folder))) return true
  return false
}

/**
 * Has the stack of `error` begin with the program's own frame, as far as there is one; with none at all it stays.
 *
 * @param below - the function that makes the error
 * @returns `error`
 */
export function showCaller<T extends Error> (error: T, below: (...args: never[]) => unknown): T {
  return begin(error, below, callers(below))
}

function begin<T extends Error> (error: T, below: Callable, sites: readonly NodeJS.CallSite[]): T {
  if (sites.length > 0) Error.captureStackTrace(error, below)
  const theirs = sites.findIndex(site => !isOurs(site))
  if (theirs <= 0) return error
  const name = sites[theirs - 1]!.getFunctionName()
  for (const called of known().get(name ?? '') ?? []) {
    const [first] = callers(called)
    if (first === undefined || isOurs(first)) continue
    Error.captureStackTrace(error, called)
    return error
  }
  // The functions that wait can be cut off as text alone, which takes longer than the end of a stream is worth.
  if ((error as { code?: unknown }).code !== 'EOF') cut(error, sites.length, theirs)
  return error
}

/** Takes `count` frames of the `all` that there are from the top of the stack of `error`. */
function cut (error: Error, all: number, count: number): void {
  const head = headline(error)
  const lines = (error.stack ?? '').slice(head.length + 1).split('\n')
  if (lines.length === all) error.stack = [head, ...lines.slice(count)].join('\n')
}

/**
 * {@link showCaller} for an error of an operation that has waited. If no function of the program waits for that, it shows
 * where the operation was started, if that was noted, else how to have it noted.
 */
export function showWaiting (error: Error, below: Callable, started: Place | null): void {
  const sites = callers(below)
  begin(error, below, sites)
  if (sites.some(site => !isOurs(site) && site.getFileName()?.startsWith('node:') !== true)) return
  const frames = started?.frames() ?? []
  if (frames.length === 0) frames.push('    at a call that no function awaits: EMILUA_OBSERVE=1 tells where it was made')
  error.stack = [headline(error), ...frames].join('\n')
}

function headline ({ stack = '' }: Error): string {
  const end = stack.search(/\n {4}at /)
  return end < 0 ? stack : stack.slice(0, end)
}
