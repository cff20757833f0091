// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets node:cluster start programs that have to be compiled first, as `fork` does.
import type { ClusterSettings } from 'node:cluster'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { command, ours, through } from './children.js'

type Setup = (settings?: ClusterSettings) => void

const cluster = createRequire(import.meta.url)('node:cluster') as { isPrimary: boolean, setupPrimary: Setup, setupMaster: Setup }
const installed = Symbol.for('@emilua/cli: TypeScript for node:cluster')

// There may be two of us in a process: one that came with the command, one of the program's own packages.
if (cluster.isPrimary && !(installed in cluster)) {
  Object.defineProperty(cluster, installed, { value: true })
  const { setupPrimary } = cluster
  let program = ours(process.argv[1])
  let args: readonly string[] = process.argv.slice(2)
  cluster.setupMaster = cluster.setupPrimary = settings => {
    if (settings?.exec !== undefined) program = ours(settings.exec)
    if (settings?.args !== undefined) args = settings.args
    setupPrimary(program === undefined ? { ...settings, args: [...args] } : { ...settings, exec: command, args: through(program, args) })
  }
  syncBuiltinESMExports()
}
