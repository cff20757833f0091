// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages between the main thread of Node and an actor on another, in each language.
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
