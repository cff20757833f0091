// SPDX-License-Identifier: MIT OR BSL-1.0
// Async functions, bare or (with the argument `als`) each run under an AsyncLocalStorage, as a fiber is.
import { AsyncLocalStorage } from 'node:async_hooks'
import { rate } from '../measure/measure.mjs'

const storage = new AsyncLocalStorage()
const start = process.argv[2] === 'als' ? f => storage.run({}, f) : f => f()

async function nothing () {}

await rate('spawn_join', async n => {
  for (let i = 0; i < n; i++) await start(nothing)
})

const switches = count => n => {
  const each = Math.floor(n / count)
  return Promise.all(Array.from({ length: count }, () => start(async () => {
    for (let i = 0; i < each; i++) await undefined
  })))
}

await rate('yield_2', switches(2))
await rate('yield_100', switches(100))
