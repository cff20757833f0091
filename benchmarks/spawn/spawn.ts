// SPDX-License-Identifier: MIT OR BSL-1.0
// Spawns /bin/true and waits, one after the other and 8 in flight, with BENCHMARK_HEAP MiB of heap.
import { environment, spawn } from '@emilua/system'

const least = Number(environment['BENCHMARK_SECONDS']) * 1000
const heap = Buffer.alloc(Number(environment['BENCHMARK_HEAP']) * 1024 * 1024, 1)

const options = {
  program: '/bin/true',
  arguments: ['true'],
  environment,
  stdin: 'inherit',
  stdout: 'inherit',
  stderr: 'inherit'
} as const

async function rate (name: string, inFlight: number): Promise<void> {
  const begin = performance.now()
  let n = 0
  await Promise.all(Array.from({ length: inFlight }, async () => {
    do {
      const child = await spawn(options)
      await child.wait()
      if (child.exitCode !== 0) throw new Error('/bin/true failed')
      n++
    } while (performance.now() - begin < least)
  }))
  console.log(`${name} ${(n * 1000 / (performance.now() - begin)).toFixed(0)} /s`)
}

await rate('spawn_1', 1)
await rate('spawn_8', 8)
if (heap.at(-1) !== 1) throw new Error('no heap')
