// SPDX-License-Identifier: MIT OR BSL-1.0
import { Mutex, spawn, thisFiber } from '@emilua/runtime'
import { rate } from '../measure/measure.mjs'

await rate('mutex', async n => {
  const mutex = new Mutex()
  await spawn(async () => {
    for (let i = 0; i < n; i++) {
      await mutex.lock()
      mutex.unlock()
    }
  }).join()
})

// Each owner suspends while it holds the lock, so that the other three always queue for it.
await rate('mutex_contended', async n => {
  const mutex = new Mutex()
  const fibers = Array.from({ length: 4 }, () => spawn(async () => {
    for (let i = 0; i < n / 4; i++) {
      await mutex.lock()
      await thisFiber.yield()
      mutex.unlock()
    }
  }))
  for (const fiber of fibers) await fiber.join()
})
