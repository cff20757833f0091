// SPDX-License-Identifier: MIT OR BSL-1.0
// Compiled modules live in a tree that mirrors the file system: /a/b.ts becomes <tree>/a/b.ts.mjs. Each folder of the
// tree carries a node_modules link to its original's, and above the tree lie those to this installation. So Node itself,
// without a loader hook, finds what the program's own folders have first and our packages last.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Increased whenever compiled modules of earlier versions must not be used any more. */
const format = 2

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const version = (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version

function prepared (cache: string): string {
  const outer = join(cache, 'emilua', `${version}-${format}-node${process.versions.node}`, home)
  const inner = join(outer, 'inner')
  if (!existsSync(join(inner, 'node_modules', '@emilua'))) {
    mkdirSync(join(inner, 'node_modules'), { recursive: true, mode: 0o700 })
    mkdirSync(join(outer, 'node_modules', '@emilua'), { recursive: true, mode: 0o700 })
    // Not every package manager puts a package beside its own dependencies.
    link(home, join(outer, 'node_modules', '@emilua', 'cli'))
    link(installed(), join(inner, 'node_modules', '@emilua'))
  }
  return join(inner, 'tree')
}

function installed (): string {
  for (let folder = home; ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules', '@emilua')
    if (existsSync(join(packages, 'errors')) || folder === dirname(folder)) return packages
  }
}

function temporary (): string {
  const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function locate (): string {
  try {
    return prepared(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'))
  } catch {
    return prepared(temporary())
  }
}

let located: string | undefined

/** The root of the mirror, made when it is first asked for. */
export function tree (): string {
  return located ??= locate()
}

/** Where the compiled form of the module at `source`, an absolute path, is kept. */
export function mirrored (source: string): string {
  return `${tree()}${source}.mjs`
}

/** Replaces mirrored paths in `text`, such as an error's message, by those of the sources. */
export function unmirrored (text: string): string {
  return text.split(tree()).map((part, index) => index === 0 ? part : part.replace(/\.mjs\b/, '')).join('').replaceAll('file:///', '/')
}

/** Writes a file of the mirror so that another process sees either the old or the new one. */
export function write (path: string, text: string): void {
  const folder = dirname(path)
  if (!existsSync(folder)) mirrorFolder(folder)
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, text, { mode: 0o600 })
  renameSync(partial, path)
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
  }
}
