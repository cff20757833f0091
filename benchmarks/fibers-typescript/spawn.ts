// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn } from '@emilua/runtime'
import { rate } from '../measure/measure.mjs'

const nothing = (): void => {}

await rate('spawn_join', async n => {
  for (let i = 0; i < n; i++) await spawn(nothing).join()
})
