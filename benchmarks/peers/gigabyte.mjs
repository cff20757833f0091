// SPDX-License-Identifier: MIT OR BSL-1.0
// gigabyte.mjs HOW FILE: reads the file from its beginning to its end in 64 KiB, by dd, fs.promises or a stream of node:fs.
import { spawn } from 'node:child_process'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { passes } from '../measure/passes.mjs'

const [, , how, path] = process.argv
const size = 65536

const ways = {
  async dd () {
    const child = spawn('dd', [`if=${path}`, 'of=/dev/null', `bs=${size}`, 'status=none'], { stdio: ['ignore', 'ignore', 'inherit'] })
    const [status] = await once(child, 'close')
    if (status !== 0) throw new Error(`dd ended with status ${status}`)
  },
  async promises () {
    const file = await open(path)
    const piece = Buffer.alloc(size)
    while ((await file.read(piece, 0, size)).bytesRead > 0);
    await file.close()
  },
  async stream () {
    let all = 0
    for await (const piece of createReadStream(path, { highWaterMark: size })) all += piece.length
    if (all === 0) throw new Error('nothing was read')
  }
}

await passes('gigabyte', ways[how])
