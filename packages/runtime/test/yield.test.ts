// SPDX-License-Identifier: MIT OR BSL-1.0
import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from 'chai'
import { Mutex, spawn, thisFiber } from '@emilua/runtime'

describe('yield', () => {
  it('gives each of many fibers one turn a round, in order', async () => {
    const turns: number[] = []
    const fibers = Array.from({ length: 200 }, (_, n) => spawn(async () => {
      for (let i = 0; i < 3; i++) {
        await thisFiber.yield()
        turns.push(n)
      }
    }))
    for (const fiber of fibers) await fiber.join()
    expect(turns).to.deep.equal(Array.from({ length: 600 }, (_, i) => i % 200))
  })

  it('keeps the order between those who yield and who is woken between them, outside of a microtask as well', async () => {
    for (const call of [(fn: () => void) => { fn() }, setImmediate]) {
      const order: string[] = []
      const mutex = new Mutex()
      await mutex.lock()
      const waiting = spawn(async () => {
        await mutex.lock()
        order.push('woken')
        mutex.unlock()
      })
      await thisFiber.yield()
      const yields = async (name: string): Promise<void> => {
        await thisFiber.yield()
        order.push(name)
      }
      await new Promise<void>((resolve, reject) => {
        call(() => {
          const both = [yields('first'), yields('second')]
          mutex.unlock()
          both.push(yields('third'))
          Promise.all(both).then(() => { resolve() }, reject)
        })
      })
      await waiting.join()
      expect(order).to.deep.equal(['first', 'second', 'woken', 'third'])
    }
  })

  it('keeps the order between those who yield and a fiber that is spawned between them, outside of a microtask as well', async () => {
    for (const call of [(fn: () => void) => { fn() }, setImmediate]) {
      const order: string[] = []
      const yields = async (name: string): Promise<void> => {
        await thisFiber.yield()
        order.push(name)
      }
      await new Promise<void>((resolve, reject) => {
        call(() => {
          const first = yields('first')
          const spawned = spawn(async () => {
            await null
            order.push('spawned')
          })
          Promise.all([first, yields('second'), yields('third'), spawned.join()]).then(() => { resolve() }, reject)
        })
      })
      expect(order).to.deep.equal(['first', 'spawned', 'second', 'third'])
    }
  })

  it('lets each fiber keep its own stores and fail alone', async () => {
    const store = new AsyncLocalStorage<number>()
    const seen: (number | undefined)[] = []
    const fibers = Array.from({ length: 3 }, (_, n) => store.run(n, () => spawn(async () => {
      await thisFiber.yield()
      seen.push(store.getStore())
      if (n === 1) throw new Error('the second one')
    })))
    await fibers[0]!.join()
    expect(await fibers[1]!.join().catch((error: unknown) => (error as Error).message)).to.equal('the second one')
    await fibers[2]!.join()
    expect(seen).to.deep.equal([0, 1, 2])
  })

  it('leaves timers and input and output their turn, however many fibers yield', async () => {
    let fired = false
    const timer = new Promise<void>(resolve => setTimeout(() => { fired = true; resolve() }, 1))
    const fibers = Array.from({ length: 500 }, () => spawn(async () => { while (!fired) await thisFiber.yield() }))
    await timer
    for (const fiber of fibers) await fiber.join()
  })
})
