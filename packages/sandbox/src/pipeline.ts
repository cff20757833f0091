// SPDX-License-Identifier: MIT OR BSL-1.0
import type { Buffer } from 'node:buffer'
import { checkFields, invalidArgument } from '@emilua/native'
import { composed } from '@emilua/native/fiber'
import { pair, type ReadStream } from '@emilua/pipe'
import { checkConversation, converse, Listener, type StandardStreamOption, type Streams } from '@emilua/system/child-streams'
import type { Guest } from './generated/guest.js'
import { asBuffer, end, programFields, Sandbox, start, type GuestOptions, type RunResult } from './sandbox.js'

/** A program of a pipeline, and the sandbox that it runs in. */
export interface PipelineStage extends Omit<GuestOptions, 'stdin' | 'stdout' | 'stderr'> {
  /** What it may do. */
  sandbox: Sandbox
}

/** What {@link pipeline} takes. */
export interface PipelineOptions {
  /** What the first program reads; nothing if left out. */
  input?: string | Uint8Array | undefined
  /** How many bytes are kept of the output and of the complaints of each program; a mebibyte if left out. */
  limit?: number | undefined
  /** Ends all programs when it is aborted. */
  signal?: AbortSignal | undefined
}

/** How one program of a pipeline ended, and what it complained. */
export type StageResult = Omit<RunResult, 'stdout'>

/** How a pipeline ended. */
export interface PipelineResult {
  /** What the last program wrote. */
  readonly stdout: Buffer
  /** Whether there was more than `limit` of it. */
  readonly truncated: boolean
  /** All programs, in their order. */
  readonly stages: readonly StageResult[]
}

type StageGuest = Guest & Streams

function check (stages: readonly PipelineStage[], opts: PipelineOptions): void {
  if (!Array.isArray(stages) || stages.length === 0) throw invalidArgument('stages', "Expected a list of at least one, such as { sandbox, program: 'sort' }", stages)
  for (const [i, stage] of (stages as readonly PipelineStage[]).entries()) {
    if (!(stage?.sandbox instanceof Sandbox)) throw invalidArgument(`stages[${i}].sandbox`, 'Expected a Sandbox', stage?.sandbox)
    for (const name of ['stdin', 'stdout', 'stderr'] as const) {
      const given = (stage as GuestOptions)[name]
      if (given !== undefined) throw invalidArgument(`stages[${i}].${name}`, 'Expected nothing: a pipeline has pipes of its own', given)
    }
    checkFields(`stages[${i}]`, stage, ['sandbox', ...programFields])
  }
  if (typeof opts !== 'object' || opts === null || Array.isArray(opts)) throw invalidArgument('opts', 'Expected an object of input, limit, signal', opts)
  checkFields('opts', opts, ['input', 'limit', 'signal'])
  checkConversation(opts)
}

/**
 * Runs programs at once, each in a sandbox of its own, of which each reads what the one before writes, until all have
 * ended.
 *
 * What goes from one to the next does not pass through this process. A program that fails is no error: see `exitCode` and
 * `limit` of its stage. When the calling fiber is canceled, `signal` is aborted or a program cannot be started, everything
 * in all of the sandboxes is ended first.
 *
 * @param stages - the programs, in their order
 * @param opts - what the first one reads, and how much is kept
 * @throws as {@link Sandbox.spawn} does; the reason of `signal`
 */
export function pipeline (stages: readonly PipelineStage[], opts: PipelineOptions = {}): Promise<PipelineResult> {
  return composed(run(stages, opts))
}

async function run (stages: readonly PipelineStage[], opts: PipelineOptions): Promise<PipelineResult> {
  check(stages, opts)
  const { input, limit = 1024 * 1024, signal } = opts
  signal?.throwIfAborted()
  const guests: StageGuest[] = []
  const stop = (): void => { for (const guest of guests) end(guest) }
  try {
    signal?.addEventListener('abort', stop, { once: true })
    await startAll(stages, input !== undefined, guests)
    if (signal?.aborted === true) stop()
    const said = await Promise.all(guests.map((guest, i) =>
      converse(guest, new Listener(guest, limit), { input: i === 0 ? input : undefined, signal })))
    signal?.throwIfAborted()
    const last = said.at(-1)!
    return {
      stdout: asBuffer(last.stdout),
      truncated: last.truncated,
      stages: guests.map((guest, i) => ({
        exitCode: guest.exitCode,
        exitSignal: guest.exitSignal,
        limit: guest.limit,
        stderr: asBuffer(said[i]!.stderr),
        truncated: said[i]!.truncated,
        processorTime: guest.processorTime,
        foundation: guest.foundation,
        memoryScope: guest.memoryScope,
        refused: guest.refused
      }))
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    // All at once: one may wait for what another one writes.
    stop()
    await Promise.all(guests.map(guest => guest[Symbol.asyncDispose]()))
  }
}

async function startAll (stages: readonly PipelineStage[], hasInput: boolean, guests: StageGuest[]): Promise<void> {
  let reader: ReadStream | undefined
  for (const [i, { sandbox, ...rest }] of stages.entries()) {
    const next = i + 1 < stages.length ? pair() : undefined
    const stdin = reader?.release()
    const stdout = next?.[1].release()
    reader = next?.[0]
    try {
      guests.push(await start<StandardStreamOption, StandardStreamOption, 'pipe'>(sandbox, {
        ...rest, stdin: stdin ?? (hasInput ? 'pipe' : undefined), stdout: stdout ?? 'pipe', stderr: 'pipe'
      }, undefined) as StageGuest)
    } catch (error) {
      reader?.close()
      throw error
    } finally {
      stdin?.close()
      stdout?.close()
    }
  }
}
