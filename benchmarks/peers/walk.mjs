// SPDX-License-Identifier: MIT OR BSL-1.0
// walk.mjs HOW: the same by find, readdir or opendir. Node's own recursion drops entries, so each folder is asked.
import { spawn } from 'node:child_process'
import { opendir, readdir } from 'node:fs/promises'
import { passes } from '../measure/passes.mjs'

const { BENCHMARK_TREE: tree, BENCHMARK_ENTRIES: expected } = process.env

const ways = {
  find: () => new Promise((resolve, reject) => {
    let entries = -1 // the tree itself
    const child = spawn('find', [tree], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.on('data', chunk => { for (let i = -1; (i = chunk.indexOf(10, i + 1)) >= 0;) entries++ })
    child.on('error', reject).on('close', () => resolve(entries))
  }),
  async readdir (folder = tree) {
    let entries = 0
    const found = await readdir(folder, { withFileTypes: true })
    for (const entry of found) {
      entries++
      if (entry.isDirectory()) entries += await ways.readdir(`${folder}/${entry.name}`)
    }
    return entries
  },
  async opendir (folder = tree) {
    let entries = 0
    for await (const entry of await opendir(folder)) {
      entries++
      if (entry.isDirectory()) entries += await ways.opendir(`${folder}/${entry.name}`)
    }
    return entries
  }
}

await passes('walk', async () => {
  const entries = await ways[process.argv[2]]()
  if (entries !== Number(expected)) throw new Error(`${entries} entries`)
})
