// SPDX-License-Identifier: MIT OR BSL-1.0
import { realpathSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isTypeScript } from './kinds.js'
import { conditions } from './conditions.js'
import type { Reads } from './reads.js'
import type { Settings } from './settings.js'
import { tool } from './tools.js'

/** What a specifier means: a file, with the query that makes another instance of it, or a name that Node looks up. */
export type Resolved = { path: string, suffix: string } | { name: string }

type Manifest = { name?: string, type?: string, main?: string, exports?: unknown, imports?: unknown }
type Package = { folder: string, manifest: Manifest }
type PackageMap = Parameters<ReturnType<typeof maps>['resolveImports']>[0]

const maps = () => tool('resolve-pkg-maps')
const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json']
// TypeScript lets a source be imported under the name of its output.
const outputs: [RegExp, string[]][] = [[/\.js$/, ['.ts', '.tsx']], [/\.jsx$/, ['.tsx']], [/\.mjs$/, ['.mts']], [/\.cjs$/, ['.cts']]]

/** The file meant by `target`, also without its extension, as a folder or under the name of its output. */
export function fileOf (target: string, reads: Reads): string | undefined {
  if (reads.isFile(target)) return target
  for (const [output, sources] of outputs) {
    if (!output.test(target)) continue
    for (const source of sources) {
      const path = target.replace(output, source)
      if (reads.isFile(path)) return path
    }
  }
  for (const start of target.endsWith('/') ? [`${target}index`] : [target, `${target}/index`]) {
    for (const extension of extensions) if (reads.isFile(start + extension)) return start + extension
  }
  return undefined
}

/** The package that a folder belongs to. */
export function packageOf (folder: string, reads: Reads): Package | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const manifest = reads.json(join(at, 'package.json')) as Manifest | undefined
      if (manifest) return { folder: at, manifest }
    } catch {
      return undefined
    }
    if (at === dirname(at)) return undefined
  }
}

function split (specifier: string): { name: string, door: string } {
  const [, name = specifier, door = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? []
  return { name, door }
}

function mapped (targets: () => string[], folder: string, reads: Reads): Resolved | undefined {
  let found: string[]
  try {
    found = targets()
  } catch {
    return undefined
  }
  for (const target of found) {
    if (!target.startsWith('.')) return { name: target }
    const path = fileOf(join(folder, target), reads)
    if (path !== undefined) return { path, suffix: '' }
  }
  return undefined
}

function imported (specifier: string, importer: string, reads: Reads): Resolved | undefined {
  const own = packageOf(dirname(importer), reads)
  if (!own?.manifest.imports) return undefined
  return mapped(() => maps().resolveImports(own.manifest.imports as PackageMap, specifier, conditions()), own.folder, reads)
}

function exported ({ folder, manifest }: Package, door: string, reads: Reads): Resolved | undefined {
  if (manifest.exports !== undefined) {
    return mapped(() => maps().resolveExports(manifest.exports as PackageMap, door, conditions()), folder, reads)
  }
  const path = fileOf(join(folder, door || (manifest.main ?? 'index')), reads)
  return path === undefined ? undefined : { path, suffix: '' }
}

/** A package of the same workspace: linked into node_modules, and its sources lie elsewhere. */
function linked (specifier: string, importer: string, reads: Reads): Resolved | undefined {
  const { name, door } = split(specifier)
  for (let at = dirname(importer); ; at = dirname(at)) {
    const place = join(at, 'node_modules', name)
    if (statSync(place, { throwIfNoEntry: false })) {
      const folder = realpathSync(place)
      if (folder.includes('/node_modules/')) return undefined
      const own = packageOf(folder, reads)
      const found = own?.folder === folder ? exported(own, door, reads) : undefined
      // JavaScript may be loaded by others as well, and then has to be the same module.
      return found && 'path' in found && isTypeScript(found.path) ? found : undefined
    }
    if (at === dirname(at)) return undefined
  }
}

/**
 * Finds what Node does not: what tsconfig.json, package.json and TypeScript's own rules let a specifier mean.
 *
 * @returns Nothing when the specifier is to be left to Node.
 */
export function resolve (specifier: string, importer: string, settings: Settings, reads: Reads): Resolved | undefined {
  if (/^(\.\.?(\/|$)|\/|file:)/.test(specifier)) {
    const url = new URL(specifier, pathToFileURL(importer))
    const target = fileURLToPath(url)
    return { path: fileOf(target, reads) ?? target, suffix: url.search + url.hash }
  }
  if (specifier.startsWith('#')) {
    const found = imported(specifier, importer, reads)
    if (found) return 'path' in found ? found : resolve(found.name, importer, settings, reads) ?? found
  }
  if (/^[a-z-]+:/.test(specifier)) return undefined
  for (const candidate of settings.candidates(specifier)) {
    // Where a type is declared nothing is to be run.
    const path = /\.d\.[cm]?ts$/.test(candidate) ? undefined : fileOf(candidate, reads)
    if (path !== undefined) return { path, suffix: '' }
  }
  if (isBuiltin(specifier) || specifier.startsWith('@emilua/') || specifier.startsWith('#')) return undefined
  const { name, door } = split(specifier)
  const own = packageOf(dirname(importer), reads)
  if (own?.manifest.name === name && own.manifest.exports !== undefined) return exported(own, door, reads)
  return linked(specifier, importer, reads)
}
