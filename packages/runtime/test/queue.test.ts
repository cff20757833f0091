// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { FiberCanceled, Queue, Semaphore, spawn, taskGroup, thisFiber, timeout, TimeoutError } from '@emilua/runtime'
import { rejection, sleep } from './operations.js'

describe('a semaphore', () => {
  it('lets so many pass, the others in the order of arrival', async () => {
    const semaphore = new Semaphore(2)
    const log: string[] = []
    let inside = 0
    await taskGroup(group => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        group.spawn(async () => {
          using permit = await semaphore.acquire()
          expect(permit).to.have.property(Symbol.dispose as never)
          expect(++inside).to.be.lessThanOrEqual(2)
          log.push(name)
          await sleep(1)
          inside--
        })
      }
    })
    expect(log).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
    expect(semaphore.available).to.equal(2)
  })

  it('loses no permit to a cancellation, in the line or at the moment it is granted', async () => {
    const semaphore = new Semaphore(1)
    const held = await semaphore.acquire()
    const waiters = [1, 2, 3].map(() => spawn(async () => {
      const permit = await semaphore.acquire()
      try { await thisFiber.yield() } finally { permit[Symbol.dispose]() }
    }))
    await thisFiber.yield()
    waiters[0]!.cancel()
    held[Symbol.dispose]()
    held[Symbol.dispose]()
    waiters[1]!.cancel()
    for (const waiter of waiters) await waiter.join().catch(() => {})
    expect(waiters.map(waiter => waiter.cancellationCaught)).to.deep.equal([true, true, false])
    expect(semaphore.available).to.equal(1)
  })

  it('can be tried, released by hand, aborted, and refuses bad numbers', async () => {
    const semaphore = new Semaphore(0)
    expect(semaphore.tryAcquire()).to.equal(null)
    expect(await rejection(semaphore.acquire({ signal: AbortSignal.abort('why') }))).to.equal('why')
    expect(await rejection(timeout(0.001, () => semaphore.acquire()))).to.be.instanceOf(TimeoutError)
    semaphore.release()
    expect(semaphore.tryAcquire()).to.not.equal(null)
    for (const permits of [-1, 0.5, NaN, '1' as never]) expect(() => new Semaphore(permits)).to.throw().that.includes({ code: 'EINVAL', arg: 'permits' })
  })
})

describe('a queue', () => {
  it('keeps the order, and makes the faster one wait', async () => {
    for (const capacity of [0, 1, 3, Infinity]) {
      const queue = new Queue<number>(capacity)
      const received: number[] = []
      let most = 0
      await taskGroup(group => {
        group.spawn(async () => {
          for (let i = 0; i < 20; i++) {
            await queue.send(i)
            most = Math.max(most, queue.size)
          }
          queue.close()
        })
        group.spawn(async () => {
          for await (const item of queue) {
            received.push(item)
            await thisFiber.yield()
          }
        })
      })
      expect(received).to.deep.equal(Array.from({ length: 20 }, (_, i) => i))
      expect(most).to.be.lessThanOrEqual(Math.min(capacity, 20))
    }
  })

  it('serves receivers in the order of arrival, undefined included', async () => {
    const queue = new Queue<number | undefined>(1)
    const receivers = [1, 2, 3].map(() => spawn(() => queue.receive()))
    await thisFiber.yield()
    expect([queue.trySend(1), queue.trySend(undefined), queue.trySend(3), queue.trySend(4), queue.trySend(5)]).to.deep.equal([true, true, true, true, false])
    expect(await Promise.all(receivers.map(receiver => receiver.join()))).to.deep.equal([1, undefined, 3])
    expect([queue.tryReceive(), queue.tryReceive()]).to.deep.equal([{ item: 4 }, null])
  })

  it('loses no item to a cancellation, before, while and after it is handed over', async () => {
    const queue = new Queue<string>(1)
    const receiver = spawn(() => queue.receive())
    await thisFiber.yield()
    receiver.cancel()
    await queue.send('not for the canceled one')
    expect(await rejection(receiver.join())).to.be.instanceOf(FiberCanceled)
    expect(await queue.receive()).to.equal('not for the canceled one')

    const taker = spawn(async () => [await queue.receive(), await rejection(thisFiber.yield())])
    await thisFiber.yield()
    expect(queue.trySend('handed over')).to.equal(true)
    taker.cancel()
    const [item, error] = await taker.join()
    expect(item).to.equal('handed over')
    expect(error).to.be.instanceOf(FiberCanceled)

    await queue.send('in the queue')
    const senders = ['canceled', 'second', 'third'].map(text => spawn(() => queue.send(text)))
    await thisFiber.yield()
    senders[0]!.cancel()
    expect(await rejection(senders[0]!.join())).to.be.instanceOf(FiberCanceled)
    expect([await queue.receive(), await queue.receive(), await queue.receive()]).to.deep.equal(['in the queue', 'second', 'third'])
    expect(queue.tryReceive()).to.equal(null)
  })

  it('moves every item once under random cancellations', async () => {
    const queue = new Queue<number>(2)
    const received: number[] = []
    let sent = 0
    for (let round = 0; round < 300; round++) {
      const sender = spawn(async () => { await queue.send(round) })
      const taker = spawn(async () => { received.push(await queue.receive()) })
      for (let i = round % 4; i > 0; i--) await thisFiber.yield()
      if (round % 3 === 0) sender.cancel()
      if (round % 5 === 0) taker.cancel()
      // Whoever is left in the line goes on with the other end.
      await thisFiber.yield()
      if (!['succeeded', 'canceled'].includes(sender.status)) sender.cancel()
      if (!['succeeded', 'canceled'].includes(taker.status)) taker.cancel()
      await taker.join().catch(() => {})
      if (await sender.join().then(() => true, () => false)) sent++
    }
    for (let rest = queue.tryReceive(); rest !== null; rest = queue.tryReceive()) received.push(rest.item)
    expect(received).to.have.length(sent)
    expect(new Set(received).size).to.equal(sent)
    expect(received).to.deep.equal([...received].sort((a, b) => a - b))
  })

  it('gives what is in it after it was closed, and refuses those who wait', async () => {
    const queue = new Queue<string>(1)
    await queue.send('last')
    const refused = spawn(() => rejection(queue.send('too much')))
    await thisFiber.yield()
    queue.close()
    queue.close()
    expect(queue.closed).to.equal(true)
    expect(await refused.join()).to.have.property('code', 'CHANNEL_CLOSED')
    expect(await rejection(queue.send('x'))).to.have.property('code', 'CHANNEL_CLOSED')
    expect(() => queue.trySend('x')).to.throw().with.property('code', 'CHANNEL_CLOSED')
    const items: string[] = []
    for await (const item of queue) items.push(item)
    expect(items).to.deep.equal(['last'])
    expect(await rejection(queue.receive())).to.have.property('code', 'CHANNEL_CLOSED')
    const empty = new Queue<string>(0)
    const waiting = spawn(() => rejection(empty.receive()))
    await thisFiber.yield()
    empty.close()
    expect(await waiting.join()).to.have.property('code', 'CHANNEL_CLOSED')
  })

  it('stays open when a loop is left, and can be waited for with a limit', async () => {
    const queue = new Queue<number>(2)
    await queue.send(1)
    for await (const item of queue) if (item === 1) break
    expect(queue.closed).to.equal(false)
    expect(await rejection(timeout(0.001, () => queue.receive()))).to.be.instanceOf(TimeoutError)
    expect(await rejection(queue.receive({ signal: AbortSignal.timeout(1) }))).to.have.property('name', 'TimeoutError')
    for (const capacity of [-1, 1.5, NaN]) expect(() => new Queue(capacity)).to.throw().that.includes({ code: 'EINVAL', arg: 'capacity' })
  })
})
