// SPDX-License-Identifier: MIT OR BSL-1.0
import { isTypeScript, runsOnNode } from './kinds.js'

/** What a command line asks for. */
export type CommandLine = {
  /** Options that Node has to be started with. */
  node: string[]
  /** Modules in TypeScript that are to be imported first. */
  imports: string[]
  /** What is to be run: a file, a text, what is read from the standard input; nothing: it is the native executable's. */
  source?: { file: string } | { text: string, print: boolean } | 'stdin'
  /** The program's arguments. */
  rest: string[]
}

/** A command line that cannot be run. */
export class UsageError extends Error {
  override name = 'UsageError'

  /** @param unknown - an option that is not known to exist */
  constructor (message: string, readonly unknown?: string) {
    super(message)
  }
}

// Node's options whose value is the next word, unless it is attached with '='.
const withValue = new Set([
  '-r', '--require', '--import', '-C', '--conditions', '--env-file', '--env-file-if-exists', '--loader',
  '--experimental-loader', '--watch-path', '--watch-kill-signal', '--title', '--inspect-port', '--debug-port',
  '--inspect-publish-uid', '--disable-warning', '--redirect-warnings', '--icu-data-dir', '--openssl-config',
  '--diagnostic-dir', '--unhandled-rejections', '--dns-result-order', '--cpu-prof-dir', '--cpu-prof-name',
  '--cpu-prof-interval', '--heap-prof-dir', '--heap-prof-name', '--heap-prof-interval', '--max-http-header-size',
  '--network-family-autoselection-attempt-timeout', '--report-dir', '--report-directory', '--report-filename',
  '--report-signal', '--heapsnapshot-signal', '--heapsnapshot-near-heap-limit', '--secure-heap', '--secure-heap-min',
  '--stack-trace-limit', '--tls-cipher-list', '--tls-keylog', '--trace-event-categories',
  '--trace-event-file-pattern', '--trace-require-module', '--localstorage-file', '--allow-fs-read', '--allow-fs-write'
])

// These start something else than one program.
const foreign = new Set(['--test', '-c', '--check', '-i', '--interactive', '--run', '--build-snapshot', '--prof-process', '--v8-options', '--completion-bash'])

function withoutDashes (rest: string[]): string[] {
  return rest[0] === '--' ? rest.slice(1) : rest
}

/** Whether Node is known to have it: its own list is of those that it takes from the environment. */
function isOfNode (option: string): boolean {
  const name = option.split('=', 1)[0]!
  return process.allowedNodeEnvironmentFlags.has(name) || withValue.has(name)
}

/**
 * Takes a command line apart: `[OPTIONS OF NODE] PROGRAM [--] [ARGUMENTS]`.
 *
 * @throws {UsageError} Options of Node are given and no program that runs on it.
 */
export function parse (words: readonly string[]): CommandLine {
  const node: string[] = []
  const imports: string[] = []
  const line = (rest: string[], source?: CommandLine['source']): CommandLine => ({ node, imports, rest, ...source && { source } })
  let at = 0
  while (at < words.length) {
    const word = words[at]!
    if (word === '-') return line(withoutDashes(words.slice(at + 1)), 'stdin')
    if (!word.startsWith('-') || word === '--') break
    const [name, attached] = /^(--[^=]+)=(.*)$/s.exec(word)?.slice(1) ?? [word]
    if (foreign.has(name!)) throw new UsageError(`${name} of Node is not for emilua, which runs one program`)
    if (['-e', '--eval', '-p', '--print', '-pe'].includes(name!)) {
      const text = attached ?? words[++at]
      if (text === undefined) throw new UsageError(`${name} needs a text`)
      return line(withoutDashes(words.slice(at + 1)), { text, print: name!.includes('p') })
    }
    const value = attached ?? (withValue.has(name!) ? words[++at] : undefined)
    if (value === undefined && withValue.has(name!)) throw new UsageError(`${name} needs a value`)
    if (name === '--import' && isTypeScript(value!)) imports.push(value!)
    else node.push(word, ...attached === undefined && value !== undefined ? [value] : [])
    at++
  }
  const program = words[at]
  if (program !== undefined && runsOnNode.test(program)) return line(withoutDashes(words.slice(at + 1)), { file: program })
  const [first] = [...node, ...imports]
  if (first === undefined) return line([...words])
  if (!isOfNode(first)) throw new UsageError(`no program after ${first}`, first)
  if (program === undefined || program === '--') throw new UsageError(`no program after ${first}`)
  throw new UsageError(`${first} is an option of Node, and ${program} does not run on it`)
}
