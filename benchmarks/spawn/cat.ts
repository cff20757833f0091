// SPDX-License-Identifier: MIT OR BSL-1.0
// Writes to `cat` and reads what it writes.
import { isEof, writeAll } from '@emilua/stream'
import { environment, spawn } from '@emilua/system'

const least = Number(environment['BENCHMARK_SECONDS']) * 1000
await using child = await spawn({ program: '/bin/cat', arguments: ['cat'], stdin: 'pipe', stdout: 'pipe' })
const { stdin, stdout } = child

const begin = performance.now()
const block = new Uint8Array(65536)
const buffer = new Uint8Array(65536)
let size = 0
await Promise.all([
  (async () => {
    do await writeAll(stdin, block)
    while (performance.now() - begin < least)
    stdin.close()
  })(),
  (async () => {
    try {
      for (;;) size += await stdout.readSome(buffer)
    } catch (error) {
      if (!isEof(error)) throw error
    }
  })()
])
console.log(`cat ${(size / (performance.now() - begin) / 1000).toFixed(0)} MB/s`)
await child.wait()
