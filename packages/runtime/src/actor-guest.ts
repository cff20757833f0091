// SPDX-License-Identifier: MIT OR BSL-1.0
import { fileURLToPath, pathToFileURL } from 'node:url'
import { invalidArgument, natives } from '@emilua/native'
import { installedLoader } from './actor-module.js'
import { currentLoader } from './actor-start.js'
import { manifestOf, ourPackages } from './packages.js'
import type { RemoteChannel, SubprocessOptions } from './remote-channel.js'

/** A program as Node can run it elsewhere. */
interface Prepared {
  /** Path of its first module. */
  readonly module: string
  /** All of its own that this needs. */
  readonly files: readonly string[]
  /** Symbolic links that Node follows when it looks for packages. */
  readonly links: readonly string[]
}

/** What knows which files a program needs. A guest in TypeScript wants it also where Node would run the program. */
function loaderOf (path: string): string | undefined {
  const loader = currentLoader()
  if (loader !== undefined || /\.[cm]?js$/.test(path)) return loader
  try {
    return installedLoader(pathToFileURL(path).href)
  } catch (error) {
    if ((process.features as { typescript?: string | false }).typescript) return undefined
    throw error
  }
}

async function prepare (path: string): Promise<Prepared> {
  const loader = loaderOf(path)
  if (loader !== undefined) return ((await import(loader)) as { prepare: (path: string) => Prepared }).prepare(path)
  const manifest = manifestOf(path)
  return { module: path, files: manifest === undefined ? [path] : [path, manifest], links: [] }
}

/** The options of this process that decide which files of a package are taken. */
function conditions (): string[] {
  const all = process.execArgv
  return all.filter((option, i) => /^(--conditions|-C)(=|$)/.test(option) || /^(--conditions|-C)$/.test(all[i - 1] ?? ''))
}

/**
 * Bounds the heap, so that V8 collects before the limit of the process is met, where it would end. What it takes
 * besides, for its threads most of all, is about 100 MiB.
 */
function heapLimit (memory: number | undefined): string[] {
  if (memory === undefined) return []
  const mebibytes = memory / 2 ** 20
  return [`--max-old-space-size=${Math.floor(Math.max(mebibytes / 2, mebibytes - 160, 16))}`]
}

/** What V8 takes at once for code that there is not yet, and the kernel counts: nothing of it is used before there is. */
const reserved = Number.parseInt(process.versions.node) >= 24 ? 512 * 2 ** 20 : 0

/** Starts the program for Node at `path` in a process of its own, that is confined. */
export async function spawnGuest<T> (path: string, options: SubprocessOptions): Promise<RemoteChannel<T>> {
  const { sandbox, environment, stdin, stdout, stderr, ...others } = options
  if (sandbox === undefined) throw invalidArgument('options.subprocess.sandbox', 'Expected a Sandbox: a process of its own for what runs on Node is one that is confined')
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) throw invalidArgument(`options.subprocess.${name}`, 'Expected nothing, because the program runs on Node', value)
  }
  const { module, files, links } = await prepare(path)
  const start = fileURLToPath(new URL('./actor-process.js', import.meta.url))
  return natives('actor')['spawn_program']!(sandbox, {
    program: process.execPath,
    module: path,
    arguments: [
      // Where Node may not read the system's settings of OpenSSL, it ends at once.
      'node', '--openssl-config=/dev/null', ...conditions(), ...heapLimit((sandbox as { memory?: number }).memory), start,
      pathToFileURL(path).href, pathToFileURL(module).href
    ],
    environment,
    read: [...files, ...ourPackages(module)],
    links,
    reserved,
    stdin,
    stdout,
    stderr
  }) as RemoteChannel<T>
}
