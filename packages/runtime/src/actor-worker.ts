// SPDX-License-Identifier: MIT OR BSL-1.0
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { endActor, reserveActor } from '@emilua/native'
import { currentLoader, type ActorStart } from './actor-start.js'
import { Panic, report } from './panic.js'

/** Whether the file at `path` runs on Node. */
export function runsOnNode (path: string): boolean {
  return /\.[cm]?[jt]s$|\.[jt]sx$/.test(path)
}

/**
 * Starts the module at `path` as an actor on a thread of its own.
 *
 * @param inbox - of how many messages its inbox holds, and whether senders wait for room
 * @returns the channel to it
 */
export async function startWorker (path: string, inbox: { limit: number, waits: boolean }): Promise<unknown> {
  const { Worker } = await import('node:worker_threads')
  const name = relative('', path)
  const [number, channel] = reserveActor(name, inbox.limit, inbox.waits)
  const start: ActorStart = {
    number,
    module: pathToFileURL(path).href,
    runtime: new URL('./index.js', import.meta.url).href,
    loader: currentLoader()
  }
  let failure: string | undefined
  try {
    // As text, because a worker is not to know that this program came from the command line: --input-type.
    const beginning = `import(${JSON.stringify(new URL('./actor-thread.js', import.meta.url).href)})`
    const worker = new Worker(beginning, { eval: true, workerData: start })
    const who = `Actor ${name} (thread ${worker.threadId})`
    worker.on('error', error => {
      failure = `panicked: ${textOf(error)}`
      report(new Panic(who, error))
    })
    worker.on('exit', status => {
      endActor(number, failure ?? (status === 0 ? 'ended' : `ended with status ${status}`), failure !== undefined || status !== 0)
    })
    // What keeps the program are the actors that have not ended, as long as anything can happen to them.
    worker.unref()
  } catch (error) {
    endActor(number, 'never began', false)
    throw error
  }
  return channel
}

function textOf (error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'an error that cannot be shown'
  }
}
