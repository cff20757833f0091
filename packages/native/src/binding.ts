// SPDX-License-Identifier: MIT OR BSL-1.0
// Each module of Node that is imported by name costs a program's start half a millisecond: what few need is required.
import { createRequire } from 'node:module'

/** Where the addon finds the class of an instance. */
export const classKey: unique symbol = Symbol('emilua.class')

/** A function of the addon. */
export type NativeFunction = (...args: unknown[]) => unknown

/** The functions of a module, by their names in the description. Those that suspend are for `operate` only. */
export type Natives = Readonly<Record<string, NativeFunction>>

/** The errors that programs may name: group, name, category and number. */
export type ErrorTables = Readonly<Record<string, Readonly<Record<string, readonly [category: string, errno: number]>>>>

/** What the addon exports. */
export interface Addon {
  /** Connects the addon with the JavaScript that it calls. Once an environment. */
  start (parts: object): void
  natives (module: string): Natives
  /** Returns the name of its module. */
  loadPlugin (path: string): string
  /** The number of a class, the instances of which have this prototype. */
  classId (module: string, name: string, prototype: object): number | undefined
  /** What `classId` was given for `id`: `MODULE/NAME`. */
  className (id: number): string
  /** The object behind `handle` has no instance any more. */
  release (handle: number): void
  /** The same for each of `handles` up to one that is 0. */
  releaseAll (handles: Int32Array): void
  /** The place by which direct calls know `value` from now on; -1 if it cannot be known. */
  know (value: object): number
  /** Asks operation `id` to end soon. */
  cancel (id: number): void
  /** Says whether the process stays alive for operation `id`, which waits. */
  hold (id: number, yes: number): void
  /**
   * The program has nothing left to do: closes its inbox and its channels, unless something keeps the loop going.
   *
   * @returns whether the loop goes on, for that or for actors that still run; `null` if something was
   *   delivered just now, whose receiver may do more
   */
  deliverRest (): boolean
  endProgram (): boolean
  /** How many seconds operation `id` has waited; `null` if it does not. */
  waited (id: number): number | null
  /** How many actors of this program failed whose `closed` it never asked for. */
  unseenFailures (): number
  /** The process will end without a word to its children. */
  leaveChildren (): void
  /** An actor that is about to be started, called `name` in errors: its number, and the channel to it. */
  reserveActor (name: string, limit: number, waits: number): [number: number, channel: unknown]
  /** In the thread of the actor: its inbox is the one that was reserved. Before anything asks for it. */
  beginActor (number: number): void
  /**
   * In a process that is an actor: its messages come from the socket `inbox`, and its failures go to the socket `failures`.
   * Before anything asks for its inbox.
   */
  listenOn (inbox: number, failures: number): void
  /** Tells who started this process of a failure: what stands first, and all that belongs to it. Never waits. */
  tellFailure (headline: string, details: string): void
  /** Tells who started this process what it ends with. */
  tellEnd (reason: string, details: string): void
  /** Whether a wait for a message has failed because none can come any more. */
  inboxEnded (): boolean
  /** The thread of the actor has ended, or was never begun. */
  endActor (number: number, reason: string, failed: number): void
  errorTables (): ErrorTables
  /** The category that the text of a file of Turtle defines; the path is that of the file, in its one spelling. */
  defineErrors (path: string, text: string): { name: string, errors: Array<[errno: number, aliases: string[]]> }
  describeError (category: string, errno: number): { code: string, message: string, generic?: number }
}

/** The file of this module. */
const here = decodeURIComponent(new URL(import.meta.url).pathname)
const key = Symbol.for('emilua.native')
const shared = globalThis as unknown as Record<symbol, string | undefined>
let loaded: Addon | null = null

/** The addon, which the first call loads. Only what came through `connect.ts` may call back into JavaScript. */
export function addon (): Addon {
  return loaded ??= load()
}

function load (): Addon {
  const other = shared[key]
  if (other !== undefined) {
    throw new Error(`two copies of @emilua/native are loaded in this process (${other} and ${here}): ` +
      'objects of one would be unknown to the other. `npm ls @emilua/native` or `pnpm why @emilua/native` shows ' +
      'who depends on which; make them agree on one version.')
  }
  const result = find()
  shared[key] = here
  return result
}

/** What `EMILUA_NATIVE` names, or this workspace's build, or what the package of this platform has. */
function find (): Addon {
  const override = process.env['EMILUA_NATIVE']
  if (override) {
    const given = open(absolute(override))
    if (given === null) throw new Error(`EMILUA_NATIVE is ${override}, but there is no such file.`)
    return given
  }
  const built = here.includes('/node_modules/')
    ? null
    : open(decodeURIComponent(new URL('../../../native-core/build/release/emilua.node', import.meta.url).pathname))
  return built ?? open(installed())!
}

function installed (): string {
  if (process.platform !== 'linux') throw new Error(`Emilua runs on Linux only: it has no native core for ${process.platform}.`)
  const platform = `@emilua/native-${process.platform}-${process.arch}`
  try {
    return createRequire(import.meta.url).resolve(`${platform}/emilua.node`)
  } catch {
    throw new Error(`Emilua has no native core here: the package ${platform} is not installed, nor published yet. ` +
      'Build it in a checkout of Emilua with `setup/build` and let EMILUA_NATIVE name its ' +
      'native-core/build/release/emilua.node. Of a program made by a bundler this is needed as well, or mark ' +
      '@emilua/native as external.')
  }
}

/** Loads the addon at `path`, without the files of packages that `require` would look at; `null` if there is no such file. */
function open (path: string): Addon | null {
  const module = { exports: {} }
  try {
    process.dlopen(module, path)
  } catch (cause) {
    const { existsSync } = builtin('node:fs') as typeof import('node:fs')
    if (!existsSync(path)) return null
    throw new Error(`the native core of Emilua does not load: ${(cause as Error).message}. It was looked for at ` +
      `${path}; EMILUA_NATIVE names another place.`, { cause })
  }
  return module.exports as Addon
}

/** A module of Node, for those that few programs need. */
export function builtin (name: string): unknown {
  return createRequire(import.meta.url)(name)
}

/** `path` as seen from the working directory. */
export function absolute (path: string): string {
  return (builtin('node:path') as typeof import('node:path')).resolve(path)
}
