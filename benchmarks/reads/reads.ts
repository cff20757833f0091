// SPDX-License-Identifier: MIT OR BSL-1.0
// Reads of one file: one after the other, and 64 in flight. reads.ts FILE
import { RandomAccess, Stream } from '@emilua/file'
import { rate } from '../measure/measure.mjs'

const stream = new Stream()
const file = new RandomAccess()
await stream.open(process.argv[2]!, ['read_only'])
await file.open(process.argv[2]!, ['read_only'])
const blocks = Math.floor(file.size / 4096)
const pieces = Math.floor(file.size / 65536)
let seed = 1
const somewhere = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return ((seed >>> 8) % blocks) * 4096
}

const piece = new Uint8Array(65536)
await rate('sequential_64k', async (n: number) => {
  for (let i = 0; i < n; i++) {
    if (i % pieces === 0) stream.seek(0, 'set')
    await stream.readSome(piece)
  }
})

await rate('random_4k', async (n: number) => {
  await Promise.all(Array.from({ length: 64 }, async () => {
    const block = new Uint8Array(4096)
    while (n-- > 0) await file.readSomeAt(somewhere(), block)
  }))
})
