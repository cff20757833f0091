// SPDX-License-Identifier: MIT OR BSL-1.0
// /bin/true by node:child_process from its start to its end, and a Node from its start to its first message: each alone
// and BENCHMARK_REST seconds after the last one. No sandbox.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

if (process.argv[2] === 'guest') {
  process.once('message', () => {
    process.send(1)
    process.disconnect()
  })
} else {
  const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5) * 1000
  const rest = Number(process.env.BENCHMARK_REST ?? 0) * 1000

  // The median, because what disturbs a start makes it ten times as long.
  const measure = async (name, start) => {
    const times = []
    const begin = performance.now()
    do {
      if (rest > 0) await setTimeout(rest)
      const t = performance.now()
      const end = await start()
      times.push(performance.now() - t)
      await end
    } while (performance.now() - begin < least)
    times.sort((a, b) => a - b)
    console.log(`${name} ${(times[Math.floor(times.length / 2)] * 1000).toFixed(1)} us`)
  }

  await measure('program', async () => {
    const [status] = await once(spawn('/bin/true', [], { stdio: 'ignore', env: {} }), 'exit')
    if (status !== 0) throw new Error('/bin/true failed')
  })
  await measure('node', async () => {
    const child = fork(fileURLToPath(import.meta.url), ['guest'], { env: {} })
    const end = once(child, 'exit')
    child.send(1)
    await once(child, 'message')
    return end
  })
}
