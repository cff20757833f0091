// SPDX-License-Identifier: MIT OR BSL-1.0
import { ConditionVariable, Mutex, spawn } from '@emilua/runtime'
import { rate } from '../measure/measure.mjs'

// Two fibers hand a turn to and fro; a round trip is one turn of each.
await rate('condition', async n => {
  const mutex = new Mutex()
  const changed = [new ConditionVariable(), new ConditionVariable()] as const
  let turn = 0
  const player = (me: 0 | 1, other: 0 | 1) => spawn(async () => {
    await mutex.lock()
    for (let i = 0; i < n; i++) {
      while (turn !== me) await changed[me].wait(mutex)
      turn = other
      changed[other].notifyOne()
    }
    mutex.unlock()
  })
  const [first, second] = [player(0, 1), player(1, 0)]
  await first.join()
  await second.join()
})
