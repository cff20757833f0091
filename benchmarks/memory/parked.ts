// SPDX-License-Identifier: MIT OR BSL-1.0
// As parked.lua, in TypeScript.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Mutex, spawn } from '@emilua/runtime'
import { sleep } from '@emilua/time'

const count = Number(process.env.BENCHMARK_PARKED)
const mutex = new Mutex()
let parked = 0

await mutex.lock()
for (let i = 0; i < count; i++) {
  spawn(async () => {
    parked++
    await mutex.lock()
  }).detach()
}
while (parked < count) await sleep(0)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
// More than once, and with time in between: pages that a collection empties are given back by the next one, on another thread.
for (let i = 0; i < 3; i++) {
  collect()
  await sleep(0.1)
}
console.log(`parked ${count}`)
await sleep(1000)
