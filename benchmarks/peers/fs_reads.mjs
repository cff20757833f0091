// SPDX-License-Identifier: MIT OR BSL-1.0
// Reads of one file with fs.promises: one after the other, and 64 in flight. fs_reads.mjs FILE
import { Buffer } from 'node:buffer'
import { open } from 'node:fs/promises'
import { rate } from '../measure/measure.mjs'

const file = await open(process.argv[2])
const blocks = Math.floor((await file.stat()).size / 4096)
let seed = 1
const somewhere = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return ((seed >>> 8) % blocks) * 4096
}

const piece = Buffer.alloc(65536)
let position = 0
await rate('sequential_64k', async n => {
  for (let i = 0; i < n; i++) {
    const { bytesRead } = await file.read(piece, 0, piece.length, position)
    position = bytesRead === 0 ? 0 : position + bytesRead
  }
})

await rate('random_4k', async n => {
  await Promise.all(Array.from({ length: 64 }, async () => {
    const block = Buffer.alloc(4096)
    while (n-- > 0) await file.read(block, 0, 4096, somewhere())
  }))
})
await file.close()
