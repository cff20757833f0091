// SPDX-License-Identifier: MIT OR BSL-1.0
// As parked.ts, with async functions that each run under an AsyncLocalStorage.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const count = Number(process.env.BENCHMARK_PARKED)
const storage = new AsyncLocalStorage()
const parked = []

for (let i = 0; i < count; i++) {
  storage.run({}, async () => { await new Promise(resolve => parked.push(resolve)) })
}

setFlagsFromString('--expose-gc')
runInNewContext('gc')()
console.log(`parked ${count}`)
await sleep(1_000_000)
