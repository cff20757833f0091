// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages between the main thread of Node and an actor on another, in each language; work for one and for two that compute.
import { inbox, spawnVm } from '@emilua/runtime'
import { rate } from '../measure/wall.mjs'

const program = (name: string): URL => new URL(`./partners/${name}`, import.meta.url)

await rate('vms', async n => {
  for (let i = 0; i < n; i++) await (await spawnVm(program('empty.lua'))).closed
})
await rate('workers', async n => {
  for (let i = 0; i < n; i++) await (await spawnVm(program('empty.mjs'))).closed
}, 1)

for (const [where, name] of [['lua', 'partner.lua'], ['worker', 'partner.ts']] as const) {
  const partner = await spawnVm<unknown>(program(name))
  partner.send(inbox)
  await rate(`${where}_round_trips`, async n => {
    partner.send({ each: true, count: n })
    for (let i = 0; i < n; i++) {
      partner.send(i)
      await inbox.receive()
    }
  })
  await rate(`${where}_one_way`, async n => {
    partner.send({ each: false, count: n })
    for (let i = 0; i < n; i++) partner.send(i)
    await inbox.receive()
  })
  partner.close()
}

for (const workers of [1, 2]) {
  const all = await Promise.all(Array.from({ length: workers }, () => spawnVm<unknown>(program('job.ts'))))
  for (const worker of all) worker.send(inbox)
  await rate(`jobs_${workers}`, async n => {
    // Each has two, so that none waits for the next.
    for (let i = 0; i < n + 2 * workers; i++) {
      if (i >= 2 * workers) await inbox.receive()
      if (i < n) all[i % workers]!.send(i)
    }
  })
  for (const worker of all) worker.close()
}
