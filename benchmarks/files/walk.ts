// SPDX-License-Identifier: MIT OR BSL-1.0
// Goes through the tree BENCHMARK_TREE, which has BENCHMARK_ENTRIES entries, again and again.
import { recursiveDirectoryIterator } from '@emilua/filesystem'

const { BENCHMARK_TREE: tree = '', BENCHMARK_ENTRIES: expected, BENCHMARK_SECONDS: least } = process.env
const begin = performance.now()
let walks = 0
let elapsed: number
do {
  let entries = 0
  for await (const entry of recursiveDirectoryIterator(tree)) if (entry.depth >= 0) entries++
  if (entries !== Number(expected)) throw new Error(`${entries} entries`)
  walks++
  elapsed = performance.now() - begin
} while (elapsed < Number(least) * 1000)
console.log(`walk ${(elapsed / walks).toFixed(2)} ms`)
