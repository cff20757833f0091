// SPDX-License-Identifier: MIT OR BSL-1.0
// What is wrong with a tsconfig.json: the library that reads them lets everything pass.
import { readFileSync } from 'node:fs'
import type { TransformFailure } from 'esbuild'
import { CompileError } from './errors.js'
import { tool } from './tools.js'

type Check = [expected: string, holds: (value: unknown) => boolean]

const isBoolean: Check = ['true or false', value => typeof value === 'boolean']
const isText: Check = ['a string', value => typeof value === 'string']

function isOneOf (...names: string[]): Check {
  return [`one of ${names.join(', ')}`, value => names.includes(String(value).toLowerCase())]
}

const isLists: Check = ['an object of lists of strings', value => isObject(value) &&
  Object.values(value).every(each => Array.isArray(each) && each.every(path => typeof path === 'string'))]

/** The options that mean something here. */
const checks: Record<string, Check> = {
  jsx: isOneOf('preserve', 'react', 'react-jsx', 'react-jsxdev', 'react-native'),
  target: ['a version of ECMAScript, such as ES2022 or ESNext', value => /^es(3|5|6|20\d\d|next)$/i.test(String(value))],
  importsNotUsedAsValues: isOneOf('remove', 'preserve', 'error'),
  paths: isLists
}
for (const name of ['baseUrl', 'jsxFactory', 'jsxFragmentFactory', 'jsxImportSource']) checks[name] = isText
for (const name of [
  'allowJs', 'alwaysStrict', 'checkJs', 'emitDecoratorMetadata', 'experimentalDecorators', 'preserveValueImports', 'strict',
  'useDefineForClassFields', 'verbatimModuleSyntax'
]) checks[name] = isBoolean

function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `text` as JSON: comments and last commas become blanks, so that everything else stays where it is. */
function blanked (text: string): string {
  const blank = (part: string): string => part.startsWith('"') ? part : part.replace(/[^\n]/g, ' ')
  return text.replace(/^\uFEFF/, ' ')
    .replace(/"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[^]*?\*\//g, blank)
    .replace(/"(?:\\.|[^"\\\n])*"|,(?=\s*[}\]])/g, blank)
}

function mistake (path: string, lines: string[], line: number, column: number, what: string): CompileError {
  const text = lines[line - 1] ?? ''
  return new CompileError(`${path}:${line}:${column + 1}: ${what}\n  ${text}\n  ${' '.repeat(column)}^`)
}

/** Why `text` is no JSON, even with comments. */
function unparsable (path: string, text: string, error: unknown): CompileError {
  try {
    tool('esbuild').transformSync('', { tsconfigRaw: text, logLevel: 'silent' })
  } catch (failure) {
    const [found] = (failure as TransformFailure).errors
    const { line, column } = found!.location!
    return mistake(path, text.split('\n'), line, column, found!.text)
  }
  return new CompileError(`${path}: ${(error as Error).message}`)
}

/**
 * Checks the tsconfig.json at `path`, or what one extends, alone.
 *
 * @throws {CompileError} It is cut, no JSON, or has a value that the option does not take.
 */
export function checkTsconfig (path: string): void {
  const text = readFileSync(path, 'utf8')
  const json = blanked(text)
  if (json.trim() === '') return
  const at = (name: string, what: string): CompileError => {
    const before = json.slice(0, Math.max(0, json.indexOf(`"${name}"`, json.indexOf('"compilerOptions"')))).split('\n')
    return mistake(path, text.split('\n'), before.length, before.at(-1)!.length, what)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (error) {
    throw unparsable(path, text, error)
  }
  if (!isObject(parsed)) throw new CompileError(`${path}: Expected an object`)
  const { compilerOptions = {} } = parsed
  if (!isObject(compilerOptions)) throw at('compilerOptions', 'compilerOptions: Expected an object')
  for (const [name, value] of Object.entries(compilerOptions)) {
    const check = checks[name]
    // Nothing is how to take back what another file says.
    if (check === undefined || value === null || check[1](value)) continue
    throw at(name, `compilerOptions.${name}: Expected ${check[0]}, not ${JSON.stringify(value)}`)
  }
}
