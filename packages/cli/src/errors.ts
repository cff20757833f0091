// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { tree } from './mirror.js'

/** A source that does not parse. The message has one line a mistake, `file:line:column: what`, and the line at fault. */
export class CompileError extends Error {
  override name = 'CompileError'
  // The source is where it happened, and not the compiler.
  override stack = `CompileError: ${this.message}\n    at ${this.message.split(': ', 1)[0]!}`
}

function lineIn (compiled: string, line: number): number {
  try {
    const [, map] = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(readFileSync(compiled, 'utf8'))!
    const payload = JSON.parse(Buffer.from(map!, 'base64').toString()) as SourceMapPayload
    const entry = new SourceMap(payload).findEntry(line - 1, 0)
    return 'originalLine' in entry ? entry.originalLine + 1 : line
  } catch {
    return line
  }
}

/** Replaces mirrored paths in `text`, such as an error's message, by those of the sources, and lines by theirs. */
export function unmirrored (text: string): string {
  const root = tree()
  if (!text.includes(root) && !text.includes('.mjs')) return text
  return text
    .split(root).map((part, index) => index === 0
      ? part
      : part.replace(/^(.*?)\.[mc]js(?::(\d+))?(?![\w.])/, (_, path: string, line?: string) => path + (line ? `:${lineIn(`${root}${path}.mjs`, Number(line))}` : '')))
    .join('').replaceAll('file:///', '/').replace(/(\.[cm]?[jt]sx?)\.mjs\b/g, '$1')
}

/** Gives an error of Node's loader, which knows the compiled modules only, the names of the sources. Returns it. */
export function explained (error: unknown): unknown {
  if (!(error instanceof Error) || (error instanceof CompileError)) return error
  // A DOMException has a number for a code.
  const { code, message } = error as Error & { code?: unknown }
  if (!(error instanceof SyntaxError) && !(typeof code === 'string' && code.startsWith('ERR_'))) return error
  try {
    // Of an error whose stack was looked at Node does not show the line any more.
    const { stack } = error
    const told = unmirrored(message)
    if (told !== message) error.message = told
    if (stack?.includes(tree()) || told !== message) error.stack = unmirrored(stack!)
  } catch {
    // An error that cannot be changed is passed on as it is.
  }
  return error
}
