// SPDX-License-Identifier: MIT OR BSL-1.0
// As parked.lua, in TypeScript.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ConditionVariable, Mutex, spawn, thisFiber } from '@emilua/runtime'
import { sleep } from '@emilua/time'

const count = Number(process.env.BENCHMARK_PARKED)
const mutex = new Mutex()
const never = new ConditionVariable()
let parked = 0

for (let i = 0; i < count; i++) {
  spawn(async () => {
    await mutex.lock()
    parked++
    await never.wait(mutex)
  }).detach()
}
while (parked < count) await thisFiber.yield()

setFlagsFromString('--expose-gc')
runInNewContext('gc')()
console.log(`parked ${count}`)
await sleep(1000)
