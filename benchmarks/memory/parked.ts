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
runInNewContext('gc')()
console.log(`parked ${count}`)
await sleep(1000)
