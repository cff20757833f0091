// SPDX-License-Identifier: MIT OR BSL-1.0
// Leaves actors behind that wait.
import { test } from 'node:test'
import { spawnVm } from '@emilua/runtime'

test('starts actors', async () => {
  await spawnVm(new URL('../actors/waiting.lua', import.meta.url))
  await spawnVm(new URL('../actors/waiting.lua', import.meta.url), { inheritContext: false })
})
