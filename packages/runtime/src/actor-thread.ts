// SPDX-License-Identifier: MIT OR BSL-1.0
// Where the thread of an actor begins: gives it its inbox, and runs its module.
import { fileURLToPath } from 'node:url'
import { workerData } from 'node:worker_threads'
import { beginActor } from '@emilua/native'
import { installedLoader, runActor } from './actor-module.js'
import type { ActorStart } from './actor-start.js'

const { number, module, runtime, loader } = workerData as ActorStart

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
    await loadBy(installedLoader(module))
  }
}

beginActor(number)
// Now, because it watches the end, and not before: it asks for the inbox. By its URL, so that it exists once.
await import(runtime)
await runActor(module, load)
