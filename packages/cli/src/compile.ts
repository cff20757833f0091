// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOurs } from './kinds.js'
import { abandonTree, linksAbove, mirrored, stampOfOutput, UnwritableError, write } from './mirror.js'
import { Reads } from './reads.js'
import { SettingsReader } from './settings.js'
import { transform } from './transform.js'

type File = { path: string, stamp: string, hash: string }

/**
 * What a compiled program was made of, what it was made into, which files would have changed it by existing, and whether it
 * imports this package.
 */
type Manifest = { inputs: File[], outputs: File[], missing: string[], usesUs: boolean }

const home = new URL('.', import.meta.url).href

// A file written within one tick of the clock after it was read keeps its ctime, so a stamp this fresh proves nothing.
const tick = 20_000_000n

function stampOfInput (path: string): string {
  const { ino, size, ctimeNs } = statSync(path, { bigint: true })
  const fresh = BigInt(Date.now()) * 1_000_000n - ctimeNs < tick
  return fresh ? '' : `${ino}:${size}:${ctimeNs}`
}

function hashOf (text: string): string {
  // Loaded late: it takes Node some milliseconds, and a program found in the cache needs no hash.
  const { createHash } = createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto')
  return createHash('sha256').update(text).digest('base64')
}

function manifestOf (source: string): string {
  return mirrored(source, '.json')
}

function recorded (source: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(manifestOf(source), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

function same (files: File[], stampOf: (path: string) => string | undefined): boolean {
  let renewed = false
  for (const file of files) {
    const stamp = stampOf(file.path)!
    if (stamp !== '' && stamp === file.stamp) continue
    if (hashOf(readFileSync(file.path, 'utf8')) !== file.hash) throw new Error('changed')
    renewed ||= stamp !== file.stamp
    file.stamp = stamp
  }
  return !renewed
}

/** Whether what `source` was compiled into can be used. A cache may hold anything: what is not understood is made anew. */
function unchanged (source: string, manifest: Manifest): boolean {
  try {
    const { inputs, outputs, missing } = manifest
    if (outputs[0]!.path !== mirrored(source) || inputs[0]!.path !== source || missing.some(path => existsSync(path))) return false
    const renewed = [same(inputs, stampOfInput), same(outputs, stampOfOutput)].includes(false)
    if (renewed) record(source, manifest)
    return true
  } catch {
    return false
  }
}

function record (source: string, manifest: Manifest): void {
  try {
    write(manifestOf(source), JSON.stringify(manifest))
  } catch {
    // Without it the program is compiled once more the next time.
  }
}

/** Sources that were compiled or found compiled by this thread. */
export const watched = new Set<string>()

function build (entry: string): void {
  const inputs: File[] = []
  const outputs: File[] = []
  const reads = new Reads()
  const settings = new SettingsReader(reads)
  let usesUs = false
  const keep = (path: string, text: string): void => {
    usesUs ||= text.includes(home)
    outputs.push({ path, stamp: write(path, text), hash: hashOf(text) })
  }
  const seen = new Set([entry])
  for (const path of seen) {
    watched.add(path)
    const stamp = stampOfInput(path)
    const text = readFileSync(path, 'utf8')
    inputs.push({ path, stamp, hash: hashOf(text) })
    const { code, commonjs, imports } = transform(path, text, settings.of(path), reads)
    keep(mirrored(path), code)
    if (commonjs !== undefined) keep(mirrored(path, '.cjs'), commonjs)
    for (const next of imports) seen.add(next)
  }
  for (const path of reads.files) {
    if (!seen.has(path)) inputs.push({ path, stamp: stampOfInput(path), hash: hashOf(readFileSync(path, 'utf8')) })
  }
  record(entry, { inputs, outputs, missing: [...reads.missing], usesUs })
}

function compiled (source: string): string {
  const known = recorded(source)
  if (known && unchanged(source, known)) {
    for (const { path } of known.inputs) watched.add(path)
    return mirrored(source)
  }
  if (!isOurs(source)) return source
  build(source)
  return mirrored(source)
}

function persistently<T> (work: () => T): T {
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error
      abandonTree(error)
    }
  }
}

/**
 * Makes a program that Node can run out of a TypeScript or JavaScript module and the modules it imports. The result is
 * kept in the user's cache folder, or in a temporary one where that cannot be written to, and made anew only when a
 * source, a tsconfig.json or a package.json that it depends on has changed.
 *
 * Bare imports are looked up where the source lies, and `@emilua/*` in this installation if it is not found there.
 *
 * @param path The module's file: `.ts`, `.mts`, `.cts`, `.tsx`, `.jsx`, `.mjs` or `.js`. Relative paths start at the
 * working directory.
 * @returns The path of the compiled module, to be given to `import()` or to a `Worker`; `path` made absolute when it is
 * CommonJS in JavaScript or no module at all, and Node runs it as it is.
 * @throws {CompileError} A source does not parse, or its tsconfig.json cannot be read; the message says where.
 * @throws The system's error, when a file cannot be read.
 */
export function compile (path: string): string {
  const source = realpathSync(path)
  return persistently(() => compiled(source))
}

/**
 * @internal Compiles a module as {@link compile} does, and tells what has to be there for it to run somewhere else.
 *
 * @returns The compiled module, what it was compiled into together with the modules it imports, this package where one of
 * them uses it, and the links that Node follows from there to packages.
 */
export function prepare (path: string): { module: string, files: string[], links: string[] } {
  const module = compile(path)
  const source = realpathSync(path)
  if (module === source) return { module, files: [module], links: [] }
  const known = recorded(source)
  const files = known?.outputs.map(output => output.path) ?? [module]
  return { module, files: known?.usesUs === true ? [...files, dirname(fileURLToPath(home))] : files, links: [...new Set(files.flatMap(linksAbove))] }
}

/**
 * Compiles a text that is in no file.
 *
 * @param text TypeScript, which imports as a module in the working directory would.
 * @param name What error messages call it, such as `[eval]`.
 * @returns The path of the compiled module, and a function that removes it.
 */
export function compileText (text: string, name: string): { path: string, remove: () => void } {
  const source = join(process.cwd(), name)
  return persistently(() => {
    const reads = new Reads()
    const { code, imports } = transform(source, text, new SettingsReader(reads).of(`${source}.ts`), reads, 'ts')
    for (const each of imports) compiled(each)
    const path = mirrored(source, `.${process.pid}.mjs`)
    write(path, code)
    return { path, remove: () => rmSync(path, { force: true }) }
  })
}
