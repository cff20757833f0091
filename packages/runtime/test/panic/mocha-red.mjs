// SPDX-License-Identifier: MIT OR BSL-1.0
import { it } from 'mocha'
import { spawn } from '@emilua/runtime'

it('loses a failure', async () => {
  spawn(() => { throw new Error('lost in a test') }).detach()
  await new Promise(resolve => setTimeout(resolve, 5))
})
