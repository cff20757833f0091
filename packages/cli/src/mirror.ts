// SPDX-License-Identifier: MIT OR BSL-1.0
// Compiled modules live in a tree that mirrors the file system: /a/b.ts becomes <tree>/a/b.ts.mjs. Each folder of the
// tree carries a node_modules link to its original's, and above the tree lie those to this installation. So Node itself,
// without a loader hook, finds what the program's own folders have first and our packages last.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { givenConditions } from './conditions.js'

/** Increased whenever compiled modules of earlier versions must not be used any more. */
const format = 5

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const version = (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version

/** Thrown when the folder that is to keep compiled modules cannot: the disk is full, or it is not ours. */
export class UnwritableError extends Error {
  override name = 'UnwritableError'
}

function flavour (): string {
  const given = givenConditions().map(encodeURIComponent).join('+')
  return `${version}-${format}-node${process.versions.node}${given && `-${given}`}`
}

function prepared (cache: string): string {
  const outer = join(cache, 'emilua', flavour(), home)
  const inner = join(outer, 'inner')
  if (!existsSync(join(inner, 'node_modules', '@emilua'))) {
    mkdirSync(join(inner, 'node_modules'), { recursive: true, mode: 0o700 })
    mkdirSync(join(outer, 'node_modules', '@emilua'), { recursive: true, mode: 0o700 })
    // Not every package manager puts a package beside its own dependencies.
    link(home, join(outer, 'node_modules', '@emilua', 'cli'))
    link(installed(), join(inner, 'node_modules', '@emilua'))
  }
  // Whoever owns the folder decides what the modules in it do.
  const { uid } = statSync(inner)
  if (uid !== process.getuid!()) throw new UnwritableError(`it belongs to the user ${uid}`)
  return join(inner, 'tree')
}

function installed (): string {
  for (let folder = home; ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules', '@emilua')
    if (existsSync(join(packages, 'errors')) || folder === dirname(folder)) return packages
  }
}

const shared = '@emilua/cli: folder of compiled modules'

function threads (): typeof import('node:worker_threads') {
  return createRequire(import.meta.url)('node:worker_threads') as typeof import('node:worker_threads')
}

// Workers take that of the thread that started them, or one module would exist twice in a worker.
function temporary (parent: string): string {
  const { getEnvironmentData, setEnvironmentData, isMainThread } = threads()
  const known = isMainThread ? undefined : getEnvironmentData(shared) as string | undefined
  if (known !== undefined) return known
  const folder = mkdtempSync(join(parent, 'emilua-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  setEnvironmentData(shared, folder)
  return folder
}

const places = [
  () => process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  () => temporary(tmpdir()),
  () => temporary('/dev/shm')
]
const refused: string[] = []
let located: string | undefined

/** The root of the mirror, made when it is first asked for: in the user's cache, or where else one can write. */
export function tree (): string {
  while (located === undefined) {
    const place = places[refused.length]
    if (!place) throw new Error(`emilua: no place to compile into:\n${refused.map(each => `  ${each}`).join('\n')}`)
    let cache: string | undefined
    try {
      located = prepared(cache = place())
    } catch (error) {
      refused.push(`${cache ?? ''}: ${(error as Error).message}`)
    }
  }
  return located
}

/** Goes on to another root after `error`. What was compiled has to be compiled once more. */
export function abandonTree (error: UnwritableError): void {
  refused.push(error.message)
  located = undefined
  tree()
}

/** Where the compiled form of the module at `source`, an absolute path, is kept. */
export function mirrored (source: string, extension = '.mjs'): string {
  return `${tree()}${source}${extension}`
}

/**
 * Writes a file of the mirror so that another thread or process sees either the old or the new one.
 *
 * @returns What tells whether the file is still the one that was written.
 * @throws {UnwritableError} The mirror cannot be written to.
 */
export function write (path: string, text: string): string {
  const partial = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`
  try {
    const folder = dirname(path)
    if (!existsSync(folder)) mirrorFolder(folder)
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx' })
    const stamp = stampOfOutput(partial)!
    renameSync(partial, path)
    return stamp
  } catch (error) {
    rmSync(partial, { force: true })
    throw new UnwritableError((error as Error).message)
  }
}

/** What {@link write} returned for the file at `path`; nothing when there is none. */
export function stampOfOutput (path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found && `${found.ino}:${found.size}:${found.mtimeNs}`
}

/** The links to `node_modules` in the folders of the mirror above the file at `path`. */
export function linksAbove (path: string): string[] {
  const root = tree()
  const links: string[] = []
  for (let at = dirname(path); at.startsWith(root); at = dirname(at)) links.push(join(at, 'node_modules'))
  return links
}

function mirrorFolder (folder: string): void {
  const root = tree()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (let at = folder; at.startsWith(root); at = dirname(at)) {
    link(join(at.slice(root.length) || '/', 'node_modules'), join(at, 'node_modules'))
  }
}

// The link may dangle: it then starts to work when the original's node_modules appears.
function link (target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (readlinkSync(path) === target) return
    rmSync(path, { recursive: true, force: true })
    link(target, path)
  }
}
