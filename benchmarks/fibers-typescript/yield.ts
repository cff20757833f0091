// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawn, thisFiber } from '@emilua/runtime'
import { rate } from '../measure/measure.mjs'

const switches = (fibers: number) => async (n: number): Promise<void> => {
  const each = n / fibers
  const running = Array.from({ length: fibers }, () => spawn(async () => {
    for (let i = 0; i < each; i++) await thisFiber.yield()
  }))
  for (const fiber of running) await fiber.join()
}

await rate('yield_2', switches(2))
await rate('yield_100', switches(100))
