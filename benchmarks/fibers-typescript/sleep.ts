// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn } from '@emilua/runtime'
import { sleep } from '@emilua/time'
import { rate } from '../measure/measure.mjs'

await rate('sleep_0', async n => {
  await spawn(async () => {
    for (let i = 0; i < n; i++) await sleep(0)
  }).join()
})
