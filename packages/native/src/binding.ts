// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

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
  classId (module: string, name: string): number | undefined
  /** The object behind `handle` has no instance any more. */
  release (handle: number): void
  /** Asks operation `id` to end soon. */
  cancel (id: number): void
  errorTables (): ErrorTables
  describeError (category: string, errno: number): { code: string, message: string, generic?: number }
}

const require = createRequire(import.meta.url)
const here = fileURLToPath(import.meta.url)
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
  const result = open(find())
  shared[key] = here
  return result
}

function open (path: string): Addon {
  try {
    return require(path) as Addon
  } catch (cause) {
    throw new Error(`the native core of Emilua does not load: ${(cause as Error).message}. It was looked for at ` +
      `${path}; EMILUA_NATIVE names another place.`, { cause })
  }
}

/** Where the addon is: what `EMILUA_NATIVE` says, or this workspace's build, or the package of this platform. */
function find (): string {
  const override = process.env['EMILUA_NATIVE']
  if (override) {
    if (existsSync(override)) return resolve(override)
    throw new Error(`EMILUA_NATIVE is ${override}, but there is no such file.`)
  }
  const built = fileURLToPath(new URL('../../../native-core/build/release/emilua.node', import.meta.url))
  if (existsSync(built)) return built
  const platform = `@emilua/native-${process.platform}-${process.arch}`
  try {
    return require.resolve(`${platform}/emilua.node`)
  } catch {
    throw new Error(`Emilua has no native core here: the package ${platform} is not installed. Install it beside ` +
      '@emilua/native (a package manager leaves it out under --omit=optional), or build it in a checkout of Emilua ' +
      'with `cmake --preset release && cmake --build --preset release` in native-core/, or let EMILUA_NATIVE name ' +
      'an emilua.node.')
  }
}
