// SPDX-License-Identifier: MIT OR BSL-1.0
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { parse } from 'es-module-lexer'
import type { Message, TransformFailure, transformSync } from 'esbuild'
import { mirrored } from './mirror.js'

/** A source that does not parse. The message has one line a mistake, `file:line:column: what`, and the line at fault. */
export class CompileError extends Error {
  override name = 'CompileError'
}

/** A module ready to be run, and the sources it imports that have to be compiled too. */
export type Transformed = { code: string, imports: string[] }

type Tools = { parse: typeof parse, transformSync: typeof transformSync }
let loaded: Tools | undefined

// Loaded late: a program found in the cache needs neither.
function tools (): Tools {
  const require = createRequire(import.meta.url)
  return loaded ??= {
    parse: (require('es-module-lexer') as Pick<Tools, 'parse'>).parse,
    transformSync: (require('esbuild') as Pick<Tools, 'transformSync'>).transformSync
  }
}

function describe (path: string, { text, location }: Message): string {
  if (!location) return `${path}: ${text}`
  const { line, column, lineText } = location
  return `${path}:${line}:${column + 1}: ${text}\n  ${lineText}\n  ${' '.repeat(column)}^`
}

function strip (path: string, text: string): string {
  const url = pathToFileURL(path).href
  const meta = { url, filename: path, dirname: dirname(path) }
  try {
    return tools().transformSync(text, {
      banner: `Object.assign(import.meta,${JSON.stringify(meta)});`,
      format: 'esm',
      loader: /\.m?ts$/.test(path) ? 'ts' : 'js',
      logLevel: 'silent',
      sourcefile: url,
      sourcemap: 'inline',
      sourcesContent: false,
      target: `node${process.versions.node}`
    }).code
  } catch (error) {
    const { errors } = error as TransformFailure
    throw Array.isArray(errors) ? new CompileError(errors.map(each => describe(path, each)).join('\n')) : error
  }
}

/** The file a specifier in the module at `path` points to, or nothing when it is to be looked up by name. */
export function resolved (specifier: string, path: string): string | undefined {
  if (!/^(\.\.?\/|\/|file:)/.test(specifier)) return undefined
  return fileURLToPath(new URL(specifier, pathToFileURL(path)))
}

/**
 * Whether the module at `path` is to be compiled. One under node_modules belongs to a package, and packages come
 * compiled; a CommonJS module runs where it lies.
 */
export function isOurs (path: string): boolean {
  if (path.includes('/node_modules/') || !existsSync(path)) return false
  const extension = extname(path)
  return ['.ts', '.mts', '.mjs'].includes(extension) || (extension === '.js' && tools().parse(readFileSync(path, 'utf8'), path)[3])
}

/** The file meant by `target`: TypeScript also allows a source to be imported under the name of its output. */
export function sourceOf (target: string): string {
  const typescript = target.replace(/\.(m?)js$/, '.$1ts')
  return !existsSync(target) && existsSync(typescript) ? typescript : target
}

/**
 * Turns one module into JavaScript for this version of Node.
 *
 * @param path Absolute, without symbolic links.
 * @param text What the file contains.
 */
export function transform (path: string, text: string): Transformed {
  const code = strip(path, text)
  const imports: string[] = []
  const edits: { start: number, end: number, text: string }[] = []
  let helper = ''
  for (const found of tools().parse(code, path)[0]) {
    if (found.type === 'import-meta') continue
    const { specifier } = found
    if (specifier === undefined || (found.type === 'dynamic' && found.glob)) {
      helper = `import{importFrom as __importFrom}from${JSON.stringify(new URL('./dynamic.js', import.meta.url).href)};`
      edits.push({ start: found.importStart, end: found.importStart + 'import('.length, text: '__importFrom(import.meta,' })
      continue
    }
    const target = resolved(specifier, path)
    if (target === undefined) continue
    const source = sourceOf(target)
    let replacement = pathToFileURL(source).href
    if (isOurs(source)) {
      const real = realpathSync(source)
      imports.push(real)
      replacement = relative(dirname(mirrored(path)), mirrored(real))
      if (!replacement.startsWith('.')) replacement = `./${replacement}`
    }
    edits.push({ start: found.start, end: found.end, text: found.type === 'dynamic' ? JSON.stringify(replacement) : replacement })
  }
  let result = code
  for (const { start, end, text } of edits.reverse()) result = result.slice(0, start) + text + result.slice(end)
  return { code: helper + result, imports }
}
