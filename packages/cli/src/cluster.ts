// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets node:cluster start programs that have to be compiled first, as `fork` does.
import type { ClusterSettings } from 'node:cluster'
import { changeBuiltin } from './builtins.js'
import { command, ours, through } from './children.js'

type Setup = (settings?: ClusterSettings) => void

changeBuiltin('node:cluster', (cluster: { isPrimary: boolean, setupPrimary: Setup, setupMaster: Setup }) => {
  if (!cluster.isPrimary) return
  const { setupPrimary } = cluster
  let program = ours(process.argv[1])
  let args: readonly string[] = process.argv.slice(2)
  cluster.setupMaster = cluster.setupPrimary = settings => {
    if (settings?.exec !== undefined) program = ours(settings.exec)
    if (settings?.args !== undefined) args = settings.args
    setupPrimary(program === undefined ? { ...settings, args: [...args] } : { ...settings, exec: command, args: through(program, args) })
  }
})
