// SPDX-License-Identifier: MIT OR BSL-1.0
import { basename } from 'node:path'
import { Path } from '@emilua/filesystem'
import { invalidArgument } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import { checkConversation, converse, Listener, type Said, type StandardStreamOption } from './child-streams.js'
import { checkRecord, hasExpired, ourFields, type SpawnOptions, start } from './spawn.js'

/** What {@link run} takes: the options of {@link spawn}, with other defaults for the standard streams. */
export interface RunOptions extends Omit<SpawnOptions, 'arguments' | 'stdout' | 'stderr'> {
  /**
   * Its words, of which the first has to be its name, with or without folders: `['ls', '-l']`; that alone if left out.
   * For a program that goes by another name see {@link spawn}.
   */
  arguments?: readonly string[] | undefined
  /** What the program reads; nothing if both this and `stdin` are left out. */
  input?: string | Uint8Array | undefined
  /** Where its output goes; `'pipe'`, to be kept, if left out. */
  stdout?: StandardStreamOption
  /** Where its complaints go; `'pipe'`, to be kept, if left out. */
  stderr?: StandardStreamOption
  /** How many bytes of each are kept; a mebibyte if left out. What comes after them is read and thrown away. */
  limit?: number | undefined
}

/** How a program ended, and what it had to say. */
export interface RunResult extends Said {
  /** What it passed to exit(3), or 128 and the signal that ended it. */
  readonly exitCode: number
  /** The signal that ended it. */
  readonly exitSignal: number | undefined
  /** Whether it had not ended when its `timeout` was over, and was sent `killSignal`. */
  readonly timedOut: boolean
}

/**
 * Runs a program until it ends, and tells how it ended and what it wrote.
 *
 * A program that fails is no error: see `exitCode`. When the calling fiber is canceled, `signal` is aborted or anything
 * else fails, the program is ended and waited for first. Its `timeout` ends it with `killSignal`, as `timedOut` then
 * says. Suspends.
 *
 * @throws as `spawn` does; `EINVAL` for `arguments` that do not begin with the program's name, which was forgotten as a
 * rule and would be lost in silence; the reason of `signal`
 */
export function run (opts: RunOptions): Promise<RunResult> {
  return composed(runToEnd(opts))
}

const optionAlone = /^-(-|.$)/ // which the core refuses

/** Refuses `words` that do not begin with the name of `program`. Before that of a login shell is a dash. */
function checkName (program: unknown, words: unknown): void {
  const path = program instanceof Path ? program.toString() : program instanceof URL ? program.pathname : program
  const first = Array.isArray(words) ? words[0] as unknown : undefined
  if (typeof path !== 'string' || typeof first !== 'string' || optionAlone.test(first)) return
  const name = basename(path)
  if (basename(first).replace(/^-/, '') === name) return
  throw invalidArgument('opts.arguments', `Expected the name of the program as the first, "${name}"`, first)
}

async function runToEnd (opts: RunOptions): Promise<RunResult> {
  checkRecord(opts)
  checkName(opts.program, opts.arguments)
  const { input, limit = 1024 * 1024, ...rest } = opts
  checkConversation(opts)
  if (input !== undefined && opts.stdin !== undefined) throw invalidArgument('opts.input', 'Expected no stdin with it')
  await using child = await start<StandardStreamOption, StandardStreamOption, StandardStreamOption>({
    ...rest,
    stdin: input === undefined ? opts.stdin : 'pipe',
    stdout: opts.stdout ?? 'pipe',
    stderr: opts.stderr ?? 'pipe'
  }, undefined, `${ourFields}, input, limit`)
  const said = await converse(child, new Listener(child, limit), { input, timeout: opts.timeout, signal: opts.signal })
  opts.signal?.throwIfAborted()
  return {
    exitCode: child.exitCode,
    exitSignal: child.exitSignal,
    timedOut: hasExpired(child),
    ...said
  }
}
