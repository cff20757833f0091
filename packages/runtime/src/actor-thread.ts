// SPDX-License-Identifier: MIT OR BSL-1.0
// Where the thread of an actor begins: gives it its inbox, and runs its module.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { workerData } from 'node:worker_threads'
import { beginActor, EmiluaError, inboxEnded } from '@emilua/native'
import type { ActorStart } from './actor-start.js'

const { number, module, runtime, loader } = workerData as ActorStart

/** The module that runs TypeScript where Node does not, if it is installed. */
function installedLoader (): string {
  for (const from of [module, import.meta.url]) {
    try {
      return createRequire(from).resolve('@emilua/cli')
    } catch { /* it may be elsewhere */ }
  }
  throw new Error(`Node ${process.versions.node} does not run TypeScript (${fileURLToPath(module)}): start the program with the ` +
    'command `emilua`, or install the package @emilua/cli')
}

async function loadBy (by: string): Promise<void> {
  const { run } = await import(by) as { run: (path: string) => Promise<unknown> }
  await run(fileURLToPath(module))
}

async function load (): Promise<void> {
  if (loader !== undefined) return await loadBy(loader)
  try {
    await import(module)
  } catch (error) {
    const unknown = (error as NodeJS.ErrnoException | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION'
    if (!unknown || !String(error).includes(fileURLToPath(module))) throw error
    await loadBy(installedLoader())
  }
}

/** Node's status for a top level that waits for what cannot come. */
const unsettled = 13
let emptied = false
let settled = false

process.argv[1] = fileURLToPath(module)
process.once('beforeExit', () => { emptied = true })
process.on('exit', status => { if (emptied && !settled && status === 0) process.exitCode = unsettled })
beginActor(number)
// Now, because it watches the end, and not before: it asks for the inbox. By its URL, so that it exists once.
await import(runtime)
try {
  await load()
  settled = true
} catch (error) {
  settled = true
  // Nobody is left who could send to it: its work is done.
  if (!(error instanceof EmiluaError && error.code === 'CHANNEL_CLOSED' && inboxEnded())) throw error
}
