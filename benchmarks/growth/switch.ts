// SPDX-License-Identifier: MIT OR BSL-1.0
// CPU of one switch among as many fibers as asked for.
import { spawn, thisFiber } from '@emilua/runtime'

const count = Number(process.env['BENCHMARK_PARKED'])
const passes = Math.max(1, Math.floor(200_000 / count))

async function run (times: number): Promise<number> {
  const begin = process.cpuUsage()
  const fibers = Array.from({ length: count }, () => spawn(async () => {
    for (let i = 0; i < times; i++) await thisFiber.yield()
  }))
  for (const fiber of fibers) await fiber.join()
  const { user, system } = process.cpuUsage(begin)
  return user + system
}

// What spawning and joining takes is left out.
const once = await run(1)
const all = await run(1 + passes)
console.log(`switch ${(Math.max(0, all - once) * 1e3 / (count * passes)).toFixed(1)} ns`)
