// SPDX-License-Identifier: MIT OR BSL-1.0
// The same by node:child_process.
import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'

const least = Number(process.env.BENCHMARK_SECONDS) * 1000

async function rate (name, inFlight) {
  const begin = performance.now()
  let n = 0
  await Promise.all(Array.from({ length: inFlight }, async () => {
    do {
      await new Promise((resolve, reject) => {
        spawn('/bin/true', [], { stdio: 'inherit' }).on('error', reject)
          .on('exit', code => code === 0 ? resolve() : reject(new Error('/bin/true failed')))
      })
      n++
    } while (performance.now() - begin < least)
  }))
  console.log(`${name} ${(n * 1000 / (performance.now() - begin)).toFixed(0)} /s`)
}

async function throughCat () {
  const child = spawn('/bin/cat', [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const begin = performance.now()
  const block = new Uint8Array(65536)
  let size = 0
  child.stdout.on('data', chunk => { size += chunk.length })
  const write = () => {
    while (performance.now() - begin < least) if (!child.stdin.write(block)) return child.stdin.once('drain', write)
    child.stdin.end()
  }
  write()
  await new Promise(resolve => { child.stdout.on('end', resolve) })
  console.log(`cat ${(size / (performance.now() - begin) / 1000).toFixed(0)} MB/s`)
}

if (process.argv[2] === 'cat') {
  await throughCat()
} else {
  const heap = Buffer.alloc(Number(process.env.BENCHMARK_HEAP) * 1024 * 1024, 1)
  await rate('spawn_1', 1)
  await rate('spawn_8', 8)
  if (heap.at(-1) !== 1) throw new Error('no heap')
}
