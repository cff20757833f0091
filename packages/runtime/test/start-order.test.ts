// SPDX-License-Identifier: MIT OR BSL-1.0
import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from 'chai'
import { spawn, thisFiber, type Fiber } from '@emilua/runtime'

describe('a fiber that begins beyond the budget of a turn', () => {
  it('has the stores of its own spawner, in the order of spawning', async () => {
    const store = new AsyncLocalStorage<number>()
    const began: number[] = []
    const wrong: unknown[] = []
    const running: Fiber<void>[] = []
    let next = 0
    // Some begin on ticks, some after turns of the event loop, some were spawned by those while others still wait.
    const start = (depth: number): void => {
      const n = next++
      running.push(store.run(n, () => spawn(async () => {
        began.push(n)
        if (store.getStore() !== n) wrong.push([n, store.getStore()])
        if (depth > 0) for (let i = 0; i < 3; i++) start(depth - 1)
        for (let i = 0; i < n % 4; i++) {
          await thisFiber.yield()
          if (store.getStore() !== n) wrong.push([n, store.getStore()])
        }
      })))
    }
    for (let i = 0; i < 3000; i++) start(i % 3)
    setImmediate(() => { for (let i = 0; i < 100; i++) start(1) })
    setTimeout(() => { for (let i = 0; i < 100; i++) start(1) }, 0)
    await new Promise(resolve => { setTimeout(resolve, 20) })
    for (let i = 0; i < running.length; i++) await running[i]!.join()
    expect(wrong).to.deep.equal([])
    expect(began).to.deep.equal(began.map((_, i) => i))
  })
})
