// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * For launchers: gives the main fiber an end.
 *
 * @packageDocumentation
 */
import { main } from './fiber.js'
import { runHandlers } from './handlers.js'
import './process.js'
import { reportPanic } from './report.js'

/**
 * Runs a program's top level as the main fiber: when it is through, its root scope's cleanup handlers run. If it
 * fails, that is reported on stderr, the handlers run, and the process exits with 1.
 *
 * @param start - usually `() => import(program)`
 */
export async function runMain (start: () => Promise<unknown>): Promise<void> {
  let failed = false
  try {
    await start()
  } catch (error) {
    failed = true
    reportPanic(`Main fiber from VM ${main.id}`, error)
  }
  if (main.scope !== null) await runHandlers(main, main.scope)
  if (failed) process.exit(1)
}
