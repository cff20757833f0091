// SPDX-License-Identifier: MIT OR BSL-1.0
// Where the thread of a `Worker` begins whose module has to be compiled.
import { run } from './run.js'

/** Runs the module at `path` as that of this thread. */
export async function start (path: string): Promise<void> {
  process.argv.splice(1, 0, path)
  await run(path)
}
