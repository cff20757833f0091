// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { mirrored, write } from './mirror.js'
import { isOurs, transform } from './transform.js'

type Source = { path: string, stamp: string, hash: string }

// A file written within one tick of the clock after it was read keeps its ctime, so a stamp this fresh proves nothing.
const tick = 20_000_000n

function stampOf (path: string): string {
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
  return `${mirrored(source)}.json`
}

function recorded (source: string): Source[] | undefined {
  try {
    return JSON.parse(readFileSync(manifestOf(source), 'utf8')) as Source[]
  } catch {
    return undefined
  }
}

function unchanged (sources: Source[]): boolean {
  let renewed = false
  for (const source of sources) {
    try {
      const stamp = stampOf(source.path)
      if (stamp !== '' && stamp === source.stamp) continue
      if (hashOf(readFileSync(source.path, 'utf8')) !== source.hash) return false
      renewed ||= stamp !== source.stamp
      source.stamp = stamp
    } catch {
      return false
    }
  }
  if (renewed) record(sources)
  return true
}

function record (sources: Source[]): void {
  write(manifestOf(sources[0]!.path), JSON.stringify(sources))
}

function build (entry: string): void {
  const sources: Source[] = []
  const seen = new Set([entry])
  for (const path of seen) {
    const stamp = stampOf(path)
    const text = readFileSync(path, 'utf8')
    const { code, imports } = transform(path, text)
    write(mirrored(path), code)
    sources.push({ path, stamp, hash: hashOf(text) })
    for (const next of imports) seen.add(next)
  }
  record(sources)
}

/**
 * Makes a program that Node can run out of a TypeScript or JavaScript module and the modules it imports by relative
 * path. The result is kept in the user's cache folder and made anew only when a source has changed.
 *
 * Bare imports are looked up where the source lies, and `@emilua/*` in this installation if it is not found there.
 *
 * @param path The module's file: `.ts`, `.mts`, `.mjs` or `.js`. Relative paths start at the working directory.
 * @returns The path of the compiled module, to be given to `import()` or to a `Worker`; `path` made absolute when it is
 * CommonJS or no module at all, and Node runs it as it is.
 * @throws {CompileError} A source does not parse; the message says where.
 * @throws The system's error, when a file cannot be read.
 */
export function compile (path: string): string {
  const source = realpathSync(path)
  const known = recorded(source)
  if (known && unchanged(known)) return mirrored(source)
  if (!isOurs(source)) return source
  build(source)
  return mirrored(source)
}
