// SPDX-License-Identifier: MIT OR BSL-1.0
// Goes through the tree BENCHMARK_TREE, which has BENCHMARK_ENTRIES entries, again and again.
import { recursiveDirectoryIterator } from '@emilua/filesystem'
import { passes } from '../measure/passes.mjs'

const { BENCHMARK_TREE: tree = '', BENCHMARK_ENTRIES: expected } = process.env

await passes('walk', async () => {
  let entries = 0
  for await (const entry of recursiveDirectoryIterator(tree)) if (entry.depth >= 0) entries++
  if (entries !== Number(expected)) throw new Error(`${entries} entries`)
})
