// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compile, compileText, watched } from './compile.js'
import { explained } from './errors.js'
import { Reads } from './reads.js'
import { packageOf } from './resolve.js'
import { doorsFor } from './transform.js'

/** @internal Whoever looks for this module finds what it needs of the others. */
export { prepare } from './compile.js'

// Whoever starts threads loads modules in them as they are loaded here.
Object.defineProperty(globalThis, Symbol.for('@emilua/cli: run'), { value: import.meta.url, configurable: true })

/**
 * Compiles a module if need be and imports it into this thread, with stack traces that point into its source.
 *
 * @param path The module's file; relative paths start at the working directory.
 * @returns What the module exports, when its top level has finished.
 * @throws What {@link compile} throws, and what the module does.
 */
export async function run (path: string): Promise<unknown> {
  process.setSourceMapsEnabled(true)
  return await load(pathToFileURL(watchedFor(() => compile(path))).href)
}

/** @internal As {@link run}, for the program that the process is there for. */
export async function runMain (path: string): Promise<unknown> {
  if (!isCommonJs(path)) return await run(path)
  process.setSourceMapsEnabled(true)
  const commonjs = await import('./commonjs.js')
  watched.add(path)
  for (const file of doorsFor(readFileSync(path, 'utf8'))) await import(new URL(file, import.meta.url).href)
  return watchedFor(() => commonjs.runMain(path))
}

/** @internal Runs TypeScript that is in no file: `name` stands for it in stack traces. */
export async function runText (text: string, name: string): Promise<unknown> {
  process.setSourceMapsEnabled(true)
  const { path, remove } = compileText(text, name)
  try {
    return await load(pathToFileURL(path).href)
  } finally {
    remove()
  }
}

// By a promise that nobody awaits: stacks would go on with what runs the program.
function load (url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // What Node says of a module it cannot load names files that nobody but us knows.
    import(url).then(module => { resolve(module) }, error => { reject(explained(error) as Error) })
  })
}

function isCommonJs (path: string): boolean {
  if (/\.c[jt]s$/.test(path)) return true
  return path.endsWith('.js') && packageOf(dirname(path), new Reads())?.manifest.type !== 'module' && compile(path) === realpathSync(path)
}

/** Tells `node --watch`, which sees the compiled modules only, of which sources they were made. */
function watchedFor<T> (work: () => T): T {
  try {
    return work()
  } finally {
    if (process.env.WATCH_REPORT_DEPENDENCIES && process.send) process.send({ 'watch:require': [...watched] })
  }
}
