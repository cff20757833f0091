// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const scope = '@emilua'
/** What only compiles. */
const tools = ['cli']

function folders (from: string): string[] {
  const above = dirname(from)
  return above === from ? [from] : [from, ...folders(above)]
}

/**
 * The folders of Emilua's packages, each by the ways that Node finds it, from the module at `path` and from each other.
 *
 * @param path - of a module
 */
export function ourPackages (path: string): string[] {
  const ways = new Set<string>()
  const seen = new Set<string>()
  const add = (way: string): void => {
    ways.add(way)
    const folder = realpathSync(way)
    if (seen.has(folder)) return
    seen.add(folder)
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies?: object }
    for (const name of Object.keys(dependencies).filter(name => name.startsWith(`${scope}/`))) {
      const found = folders(folder).map(at => join(at, 'node_modules', name)).find(way => existsSync(way))
      if (found !== undefined) add(found)
    }
  }
  const names = new Set(tools)
  for (const at of folders(dirname(path)).map(at => join(at, 'node_modules', scope)).filter(at => existsSync(at))) {
    for (const name of readdirSync(at)) {
      // The nearest of a name hides the others.
      if (names.has(name)) continue
      names.add(name)
      if (existsSync(join(at, name, 'package.json'))) add(join(at, name))
    }
  }
  add(dirname(dirname(fileURLToPath(import.meta.url))))
  return [...ways]
}

/** The `package.json` that tells Node what the module at `path` is; nothing if there is none. */
export function manifestOf (path: string): string | undefined {
  return folders(dirname(path)).map(at => join(at, 'package.json')).find(file => existsSync(file))
}
