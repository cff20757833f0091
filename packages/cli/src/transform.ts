// SPDX-License-Identifier: MIT OR BSL-1.0
import { realpathSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loader, Message, TransformFailure, TransformOptions } from 'esbuild'
import { CompileError } from './errors.js'
import { isOurs } from './kinds.js'
import { withMetadata } from './metadata.js'
import { mirrored } from './mirror.js'
import type { Reads } from './reads.js'
import { resolve, type Resolved } from './resolve.js'
import type { Settings } from './settings.js'
import { tool } from './tools.js'

/** A module ready to be run, its CommonJS if it is written in that, and the sources it imports that have to be compiled too. */
export type Transformed = { code: string, commonjs?: string, imports: string[] }

// What tsconfig.json says of the meaning of a source, and not of its checking or of where outputs go.
const meaningful = [
  'alwaysStrict', 'experimentalDecorators', 'importsNotUsedAsValues', 'jsx', 'jsxFactory', 'jsxFragmentFactory',
  'jsxImportSource', 'preserveValueImports', 'strict', 'target', 'useDefineForClassFields', 'verbatimModuleSyntax'
]

function describe (path: string, { text, location }: Message): string {
  if (!location) return `${path}: ${text}`
  const { line, column, lineText } = location
  return `${path}:${line}:${column + 1}: ${text}\n  ${lineText}\n  ${' '.repeat(column)}^`
}

function loaderOf (path: string, { compilerOptions, path: config }: Settings): Loader {
  const [, kind] = /\.[cm]?([jt]sx?)$/.exec(path)!
  if (kind!.endsWith('x') && compilerOptions.jsx === undefined) {
    throw new CompileError(`${path}: JSX needs "jsx" in the compilerOptions of ${config ?? 'a tsconfig.json, and there is none'}`)
  }
  return kind as Loader
}

function jsxOf (jsx: unknown): Pick<TransformOptions, 'jsx'> {
  // Who says so has another tool for it, which is not there when the source is run.
  return jsx === 'preserve' || jsx === 'react-native' ? { jsx: 'automatic' } : {}
}

/** Turns TypeScript into JavaScript for this version of Node, with the map back to the source at its end. */
function strip (path: string, text: string, settings: Settings, loader: Loader, options: TransformOptions): string {
  const url = pathToFileURL(path).href
  const { compilerOptions } = settings
  const given = Object.fromEntries(meaningful.filter(name => name in compilerOptions).map(name => [name, compilerOptions[name]]))
  const prepared = loader.startsWith('ts') ? withMetadata(path, text, compilerOptions) : undefined
  try {
    // Behind a byte order mark, esbuild takes a line of a shell for one of the program.
    const { code, map } = tool('esbuild').transformSync((prepared ?? text).replace(/^\uFEFF(?=#!)/, ''), {
      ...jsxOf(compilerOptions.jsx),
      ...options,
      loader,
      logLevel: 'silent',
      sourcefile: url,
      sourcemap: 'external',
      target: `node${process.versions.node}`,
      // Sources in JavaScript have no settings of TypeScript's but those for JSX.
      tsconfigRaw: { compilerOptions: given }
    })
    return `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(wholly(map, path, url)).toString('base64')}\n`
  } catch (error) {
    const { errors } = error as TransformFailure
    throw Array.isArray(errors) ? new CompileError(errors.map(each => describe(path, each)).join('\n')) : error
  }
}

// What the compiler adds above the source's first line belongs to it as well: a stack trace is not to show the output.
function wholly (map: string, path: string, url: string): string {
  const { mappings, sourcesContent, ...rest } = JSON.parse(map) as { mappings: string, sourcesContent?: string[] }
  const inFile = /\.[cm]?[jt]sx?$/.test(path)
  return JSON.stringify({ ...rest, sources: [url], ...inFile ? {} : { sourcesContent }, mappings: mappings.startsWith(';') ? `AAAA${mappings}` : mappings })
}

function helper (name: string, file: string): string {
  return `import{${name} as __${name}}from${JSON.stringify(new URL(file, import.meta.url).href)};`
}

function loading (file: string): string {
  return `import${JSON.stringify(new URL(file, import.meta.url).href)};`
}

/**
 * Turns one module into JavaScript for this version of Node.
 *
 * @param path Absolute, without symbolic links.
 * @param text What the file contains.
 * @param settings What its tsconfig.json says.
 * @param reads Is told what the outcome depends on.
 * @param loader The language, where the name does not tell.
 */
export function transform (path: string, text: string, settings: Settings, reads: Reads, loader = loaderOf(path, settings)): Transformed {
  if (path.endsWith('.cts')) return commonjs(path, text, settings)
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  const code = strip(path, text, settings, loader, { format: 'esm', banner: `Object.assign(import.meta,${JSON.stringify(meta)});` })
  // Paths mean something in JavaScript only where tsconfig.json says that it does.
  const applies = loader.startsWith('ts') || settings.compilerOptions.allowJs === true || settings.compilerOptions.checkJs === true
  const ours = applies ? settings : { ...settings, candidates: () => [] }
  const imports: string[] = []
  const edits: { start: number, end: number, text: string }[] = []
  const prefix = new Set<string>()
  for (const found of tool('es-module-lexer').parse(code, path)[0]) {
    if (found.type === 'import-meta') {
      if (/^\s*\.\s*resolve\b/.test(code.slice(found.importEnd))) prefix.add(`${helper('resolveFrom', './dynamic.js')}import.meta.resolve=__resolveFrom(import.meta.resolve,${JSON.stringify(meta.url)});`)
      continue
    }
    const { specifier } = found
    const target = specifier === undefined || (found.type === 'dynamic' && found.glob) ? undefined : resolve(specifier, path, ours, reads)
    if (found.type === 'dynamic' && isLate(specifier, target, reads)) {
      prefix.add(helper('importFrom', './dynamic.js'))
      edits.push({ start: found.importStart, end: found.importStart + 'import('.length, text: '__importFrom(import.meta,' })
      continue
    }
    if (target === undefined) continue
    const replacement = replaced(target, path, imports)
    edits.push({ start: found.start, end: found.end, text: found.type === 'dynamic' ? JSON.stringify(replacement) : replacement })
  }
  let result = code
  for (const { start, end, text } of edits.reverse()) result = result.slice(0, start) + text + result.slice(end)
  for (const file of doorsFor(code)) prefix.add(loading(file))
  return { code: [...prefix].join('') + result, imports }
}

/** What has to be loaded before a module whose text is `code`, because what it starts or requires can be TypeScript as well. */
export function doorsFor (code: string): string[] {
  const doors: [RegExp, string][] = [
    [/\bcreateRequire\b/, './commonjs.js'], [/\bworker_threads\b/, './workers.js'],
    [/\bchild_process\b/, './children.js'], [/\bcluster\b/, './cluster.js']
  ]
  return doors.filter(([mention]) => mention.test(code)).map(([, file]) => file)
}

/** Whether what is imported is known, or seen to be missing, only when the program runs: then we name the source in errors. */
function isLate (specifier: string | undefined, target: Resolved | undefined, reads: Reads): boolean {
  if (specifier === undefined) return true
  if (target === undefined) return !/^(node|data):/.test(specifier)
  return 'path' in target && !reads.isFile(target.path)
}

function replaced (target: Resolved, path: string, imports: string[]): string {
  if ('name' in target) return target.name
  if (!isOurs(target.path)) return pathToFileURL(target.path).href + target.suffix
  const real = realpathSync(target.path)
  imports.push(real)
  const link = relative(dirname(mirrored(path)), mirrored(real)).split('/').map(encodeURIComponent).join('/')
  return (link.startsWith('.') ? link : `./${link}`) + target.suffix
}

/** CommonJS runs under its own name, loaded by `require`; modules import a small one that passes on what it exports. */
function commonjs (path: string, text: string, settings: Settings): Transformed {
  const body = strip(path, text, settings, 'ts', { format: 'cjs', platform: 'node' })
  const names = exportsOf(path, text)
  const code = `${doorsFor(body).map(loading).join('')}${helper('requireFrom', './commonjs.js')}const m=__requireFrom(${JSON.stringify(path)});export default m;` +
    names.map((name, index) => `const _${index}=m.${name};export{_${index} as ${name}};`).join('')
  return { code, commonjs: body, imports: [] }
}

function exportsOf (path: string, text: string): string[] {
  const { code } = tool('esbuild').transformSync(text, { loader: 'ts', format: 'esm', logLevel: 'silent' })
  const names = tool('es-module-lexer').parse(code, path)[1].map(each => 'name' in each ? each.name : undefined)
  return names.filter(name => name !== undefined && name !== 'default' && /^[\w$]+$/.test(name)) as string[]
}
