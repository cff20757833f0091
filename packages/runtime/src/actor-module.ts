// SPDX-License-Identifier: MIT OR BSL-1.0
// Where an actor begins that runs on Node, whatever it lives in: it loads its module.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { EmiluaError, inboxEnded } from '@emilua/native'
import { endMainFiber } from '@emilua/native/fiber'

/** The module that runs TypeScript where Node does not, if it is installed. */
export function installedLoader (module: string): string {
  for (const from of [module, import.meta.url]) {
    try {
      return createRequire(from).resolve('@emilua/cli')
    } catch { /* it may be elsewhere */ }
  }
  throw new Error(`Node ${process.versions.node} does not run TypeScript (${fileURLToPath(module)}): start the program with the ` +
    'command `emilua`, or install the package @emilua/cli')
}

/** Node's status for a top level that waits for what cannot come. */
const unsettled = 13

/**
 * Runs the module of this actor.
 *
 * @param module - its URL
 * @param load - imports it
 */
export async function runActor (module: string, load: () => Promise<unknown>): Promise<void> {
  let emptied = false
  let settled = false
  process.argv[1] = fileURLToPath(module)
  process.once('beforeExit', () => { emptied = true })
  process.on('exit', status => { if (emptied && !settled && status === 0) process.exitCode = unsettled })
  try {
    await load()
  } catch (error) {
    // Nobody is left who could send to it: its work is done.
    if (!(error instanceof EmiluaError && error.code === 'CHANNEL_CLOSED' && inboxEnded())) throw error
  } finally {
    await endMainFiber()
    settled = true
  }
}
