// SPDX-License-Identifier: MIT OR BSL-1.0
import { AsyncLocalStorage } from 'node:async_hooks'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { Fiber, spawn, thisFiber } from '@emilua/runtime'
import { rejection, sleep } from './operations.js'

describe('a fiber', () => {
  it('starts after its spawner has suspended (B001)', async () => {
    const order: string[] = []
    const fiber = spawn(() => { order.push('child') })
    order.push('main 1')
    await null
    order.push('main 2')
    await thisFiber.yield()
    order.push('main 3')
    await fiber.join()
    expect(order).to.deep.equal(['main 1', 'main 2', 'child', 'main 3'])
  })

  it('gives its result to join (B003)', async () => {
    expect(await spawn(() => 7).join()).to.equal(7)
    expect(await spawn(async () => 'late').join()).to.equal('late')
    expect(await spawn(() => ({ then: (done: (n: number) => void) => { done(8) } }) as PromiseLike<number>).join()).to.equal(8)
    expect(await spawn(() => undefined).join()).to.equal(undefined)
    const ended = spawn(() => 9)
    await thisFiber.yield()
    expect(await ended.join()).to.equal(9)
  })

  it('gives its error to join, unchanged, and counts as joined (B004, B008)', async () => {
    for (const body of [() => { throw new RangeError('at once') }, async () => { await null; throw new RangeError('later') }]) {
      const fiber = spawn(body)
      expect(fiber.joinable).to.equal(true)
      expect(await rejection(fiber.join())).to.be.instanceOf(RangeError)
      expect(fiber.joinable).to.equal(false)
      expect(fiber.cancellationCaught).to.equal(false)
    }
  })

  it('cannot be joined after detach, nor detached after or during a join (B005)', async () => {
    const detached = spawn(() => {})
    detached.detach()
    expect(detached.joinable).to.equal(false)
    expect(await rejection(detached.join())).to.have.property('code', 'NOT_JOINABLE')
    expect(() => { detached.detach() }).to.throw('Fiber is not joinable: it was detached before').with.property('code', 'NOT_JOINABLE')
    const joined = spawn(() => {})
    const first = joined.join()
    expect(() => { joined.detach() }).to.throw('Fiber is not joinable: somebody waits in its join()').with.property('code', 'NOT_JOINABLE')
    await first
    expect(() => { joined.detach() }).to.throw('Fiber is not joinable: it was joined before').with.property('code', 'NOT_JOINABLE')
  })

  it('can be joined by many, at once and later', async () => {
    for (const text of ['value', 'failed']) {
      const fiber = spawn(async () => {
        await sleep(1)
        if (text === 'failed') throw new Error(text)
        return text
      })
      const outcome = (): Promise<string> => fiber.join().catch((error: Error) => error.message)
      const joiners = [1, 2, 3, 4].map(() => spawn(outcome))
      await thisFiber.yield()
      joiners[0]!.cancel()
      joiners[2]!.cancel()
      const outcomes = await Promise.all(joiners.map(joiner => joiner.join()))
      expect([...outcomes, await outcome()]).to.deep.equal(['fiber canceled', text, 'fiber canceled', text, text])
    }
  })

  it('is waited for by await using whoever else waits, and tells each failure once', async () => {
    const ended: string[] = []
    const slow = async (): Promise<void> => { try { await sleep(2 ** 30) } finally { ended.push('child') } }
    await (async () => {
      await using child = spawn(slow)
      await Promise.race([rejection(child.join()), sleep(1)])
    })()
    expect(ended).to.deep.equal(['child'])
    const failing = spawn(async () => { try { await sleep(2 ** 30) } catch { throw new Error('cleanup') } })
    await thisFiber.yield()
    const join = rejection(failing.join())
    await failing[Symbol.asyncDispose]()
    expect(await join).to.have.property('message', 'cleanup')
    const self: Fiber<unknown> = spawn(() => rejection(self[Symbol.asyncDispose]()))
    expect(await self.join()).to.have.property('code', 'JOIN_SELF')
  })

  it('has the stores of where it was spawned, whatever else is ready', async () => {
    const request = new AsyncLocalStorage<number>()
    const seen = async (): Promise<unknown[]> => {
      const first = request.getStore()
      await thisFiber.yield()
      return [first, request.getStore(), await request.run(0, () => spawn(() => request.getStore()).join())]
    }
    const start = (): Fiber<unknown[]>[] => [1, 2, 3].flatMap(user => {
      spawn(() => thisFiber.yield()).detach()
      return request.run(user, () => spawn(seen))
    })
    const expected = [1, 2, 3].map(user => [user, user, 0])
    expect(await Promise.all(start().map(fiber => fiber.join()))).to.deep.equal(expected)
    const fromTimer = await new Promise<Fiber<unknown[]>[]>(resolve => { setTimeout(() => { resolve(start()) }) })
    expect(await Promise.all(fromTimer.map(fiber => fiber.join()))).to.deep.equal(expected)
    const many = Array.from({ length: 3000 }, (_, user) => request.run(user, () => spawn(() => request.getStore())))
    for (const [user, fiber] of many.entries()) expect(await fiber.join()).to.equal(user)
  })

  it('prints its id, name and status, and nothing else', async () => {
    const fiber = spawn(() => sleep(2 ** 30), { name: 'janitor' })
    expect(inspect(fiber)).to.equal(`Fiber ${fiber.id} 'janitor' (ready)`)
    await thisFiber.yield()
    expect(inspect({ fiber })).to.equal(`{ fiber: Fiber ${fiber.id} 'janitor' (running) }`)
    fiber.cancel()
    expect(fiber.status).to.equal('canceling')
    await rejection(fiber.join())
    expect(fiber.status).to.equal('canceled')
    const [good, bad] = [spawn(() => {}), spawn(() => { throw new Error('bad') })]
    await rejection(bad.join())
    expect([good.status, good.name, bad.status]).to.deep.equal(['succeeded', undefined, 'failed'])
  })

  it('cannot join itself', async () => {
    let error: unknown
    const fiber: Fiber<void> = spawn(async () => { error = await rejection(fiber.join()) })
    await thisFiber.yield()
    await fiber.join()
    expect(error).to.have.property('code', 'JOIN_SELF')
  })

  it('remains joinable when a join is canceled', async () => {
    let go = (): void => {}
    const target = spawn(async () => { await new Promise<void>(resolve => { go = resolve }); return 'value' })
    const joiner = spawn(() => target.join())
    await thisFiber.yield()
    joiner.cancel()
    await rejection(joiner.join())
    expect(joiner.cancellationCaught).to.equal(true)
    expect(target.joinable).to.equal(true)
    go()
    expect(await target.join()).to.equal('value')
  })

  it('refuses what is no function', () => {
    expect(() => spawn(1 as never)).to.throw().that.includes({ code: 'EINVAL', arg: 'fn' })
  })

  it('yields to every ready fiber, round by round (B009)', async () => {
    const out: string[] = []
    const nested = async (depth: number): Promise<void> => { if (depth === 0) await thisFiber.yield(); else await nested(depth - 1) }
    const fibers = ['a', 'b', 'c'].map((name, depth) => spawn(async () => {
      for (let i = 1; i <= 50; i++) {
        out.push(name + String(i))
        await nested(depth * 4)
      }
    }))
    for (const fiber of fibers) await fiber.join()
    const expected = Array.from({ length: 50 }, (_, i) => ['a', 'b', 'c'].map(name => name + String(i + 1))).flat()
    expect(out).to.deep.equal(expected)
  })

  it('lets timers run beside fibers that yield for ever', async () => {
    let stop = false
    const busy = [1, 2].map(() => spawn(async () => { while (!stop) await thisFiber.yield() }))
    await new Promise<void>(resolve => setTimeout(resolve, 1))
    stop = true
    for (const fiber of busy) await fiber.join()
  })

  it('suspends alone (B015)', async () => {
    const order: string[] = []
    const slow = spawn(async () => { await sleep(20); order.push('slow') })
    const quick = spawn(async () => { await thisFiber.yield(); order.push('quick') })
    await slow.join()
    await quick.join()
    expect(order).to.deep.equal(['quick', 'slow'])
  })

  it('knows whether it is the main fiber, and has an id of its own (B012, B014)', async () => {
    const [a, b] = [spawn(() => [thisFiber.isMain, thisFiber.id]), spawn(() => [thisFiber.isMain, thisFiber.id])]
    const ids = [thisFiber.id, (await a.join())[1], (await b.join())[1]]
    expect(new Set(ids).size).to.equal(3)
    for (const id of ids) expect(id).to.match(/^0x[0-9a-f]+$/)
    expect(thisFiber.isMain).to.equal(true)
    const inside = spawn(async () => { await null; return thisFiber.isMain })
    expect(await inside.join()).to.equal(false)
  })

  it('has storage of its own (B013)', async () => {
    thisFiber.local.k = 'main'
    const fibers = [1, 2].map(k => spawn(async () => {
      thisFiber.local.k = k
      await thisFiber.yield()
      return thisFiber.local.k
    }))
    expect(await fibers[0]!.join()).to.equal(1)
    expect(await fibers[1]!.join()).to.equal(2)
    expect(thisFiber.local.k).to.equal('main')
  })

  it('may forbid itself to suspend, nestably (B010, B067)', async () => {
    const fiber = spawn(async () => {
      thisFiber.forbidSuspend()
      thisFiber.forbidSuspend()
      const first = await rejection(thisFiber.yield())
      thisFiber.allowSuspend()
      const second = await rejection(sleep(0))
      thisFiber.allowSuspend()
      await thisFiber.yield()
      return [first, second]
    })
    for (const error of await fiber.join()) expect(error).to.be.instanceOf(Error).with.property('code', 'SUSPENSION_FORBIDDEN')
  })

  it('forbids in the main fiber, too, and only where it was asked', async () => {
    thisFiber.forbidSuspend()
    const error = rejection(sleep(0))
    const other = spawn(() => sleep(0))
    thisFiber.allowSuspend()
    expect(await error).to.have.property('code', 'SUSPENSION_FORBIDDEN')
    await other.join()
  })

  it('refuses an unmatched allowSuspend or restoreCancellation (B011)', async () => {
    expect(() => { thisFiber.allowSuspend() }).to.throw().with.property('code', 'SUSPENSION_ALREADY_ALLOWED')
    expect(() => { thisFiber.restoreCancellation() }).to.throw().with.property('code', 'CANCELLATION_NOT_DISABLED')
    const fiber = spawn(() => { thisFiber.allowSuspend() })
    expect(await rejection(fiber.join())).to.have.property('code', 'SUSPENSION_ALREADY_ALLOWED')
  })

  it('is canceled and joined by await using', async () => {
    let caught: Fiber<void>
    {
      await using child = spawn(() => sleep(2 ** 30))
      caught = child
      await thisFiber.yield()
    }
    expect(caught.cancellationCaught).to.equal(true)
    expect(caught.joinable).to.equal(false)
    {
      await using done = spawn(() => {})
      await done.join()
    }
    const failing = spawn(async () => { throw new Error('child failed') })
    await thisFiber.yield()
    expect(await rejection(failing[Symbol.asyncDispose]())).to.have.property('message', 'child failed')
  })
})
