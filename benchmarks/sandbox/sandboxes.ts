// SPDX-License-Identifier: MIT OR BSL-1.0
// /bin/true in a sandbox from its start to its end, and a Node in one from its start to its first message: each alone and
// BENCHMARK_REST seconds after the last one.
import { setTimeout } from 'node:timers/promises'
import { inbox, spawnVm } from '@emilua/runtime'
import { Sandbox, systemPaths } from '@emilua/sandbox'
import { environment } from '@emilua/system'

const least = Number(environment['BENCHMARK_SECONDS'] ?? 0.5) * 1000
const rest = Number(environment['BENCHMARK_REST'] ?? 0) * 1000

// The median, because what disturbs a start makes it ten times as long.
async function measure (name: string, once: () => Promise<() => Promise<unknown>>): Promise<void> {
  const times: number[] = []
  const begin = performance.now()
  do {
    if (rest > 0) await setTimeout(rest)
    const t = performance.now()
    const end = await once()
    times.push(performance.now() - t)
    await end()
  } while (performance.now() - begin < least)
  times.sort((a, b) => a - b)
  console.log(`${name} ${(times[Math.floor(times.length / 2)]! * 1000).toFixed(1)} us`)
}

for (const [name, foundation] of [['program', 'namespaces'], ['in_process', 'process']] as const) {
  const sandbox = new Sandbox({ read: systemPaths(), foundation })
  await measure(name, async () => {
    const guest = await sandbox.spawn({ program: '/bin/true', arguments: ['true'] })
    await guest.wait()
    return async () => {}
  })
}

const { module, subprocess } = new Sandbox().context(new URL('guest.ts', import.meta.url))
await measure('node', async () => {
  const guest = await spawnVm({ module, subprocess })
  await guest.send({ reply: inbox })
  await inbox.receive()
  return () => guest.closed
})
