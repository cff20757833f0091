// SPDX-License-Identifier: MIT OR BSL-1.0
import { it } from 'mocha'
import { spawn } from '@emilua/runtime'

it('has none', async () => {
  spawn(() => { return 1 }).detach()
  await new Promise(resolve => setTimeout(resolve, 5))
})
