// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { ConditionVariable, FiberCanceled, Future, Mutex, RecursiveMutex, scopeCleanupPush, spawn, thisFiber } from '@emilua/runtime'
import { withoutFiber } from '@emilua/native/fiber'
import { rejection } from './operations.js'

for (const Lock of [Mutex, RecursiveMutex]) {
  describe(Lock.name, () => {
    it('does not switch fibers when it is free (B066)', async () => {
      const out: string[] = []
      const other = spawn(() => { out.push('other fiber') })
      const mutex = new Lock()
      for (let i = 0; i < 3; i++) {
        await mutex.lock()
        mutex.unlock()
      }
      out.push('main ran first')
      await other.join()
      expect(out).to.deep.equal(['main ran first', 'other fiber'])
    })

    it('excludes, and is handed over in order', async () => {
      const mutex = new Lock()
      let inside = 0
      let most = 0
      const order: number[] = []
      const fibers = [0, 1, 2, 3].map(i => spawn(async () => {
        await mutex.lock()
        most = Math.max(most, ++inside)
        order.push(i)
        await thisFiber.yield()
        await thisFiber.yield()
        inside--
        mutex.unlock()
      }))
      await thisFiber.yield()
      expect(mutex.tryLock()).to.equal(false)
      for (const fiber of fibers) await fiber.join()
      expect(most).to.equal(1)
      expect(order).to.deep.equal([0, 1, 2, 3])
      expect(mutex.tryLock()).to.equal(true)
      expect(await spawn(() => mutex.tryLock()).join()).to.equal(false)
      mutex.unlock()
      expect(await spawn(() => mutex.tryLock()).join()).to.equal(true)
    })

    it('lock is no cancellation point (B041, B042)', async () => {
      const mutex = new Lock()
      await mutex.lock()
      const out: string[] = []
      const waiter = spawn(async () => {
        await mutex.lock()
        out.push('locked')
        mutex.unlock()
        await thisFiber.yield()
      })
      await thisFiber.yield()
      waiter.cancel()
      for (let i = 0; i < 3; i++) await thisFiber.yield()
      expect(out).to.deep.equal([])
      mutex.unlock()
      await rejection(waiter.join())
      expect(out).to.deep.equal(['locked'])
      expect(waiter.cancellationCaught).to.equal(true)
    })

    it('lock is refused where suspension is forbidden, tryLock is not (B067, B069)', async () => {
      const mutex = new Lock()
      thisFiber.forbidSuspend()
      const error = rejection(mutex.lock())
      const locked = mutex.tryLock()
      thisFiber.allowSuspend()
      expect(await error).to.have.property('code', 'SUSPENSION_FORBIDDEN')
      expect(locked).to.equal(true)
      mutex.unlock()
    })

    it('refuses to be unlocked when it is not locked', () => {
      expect(() => { new Lock().unlock() }).to.throw().with.property('code', 'MUTEX_NOT_OWNED')
    })

    it('is unlocked at the end of a block by using', async () => {
      const mutex = new Lock()
      {
        using guard = await mutex.lock()
        expect(guard).to.be.an('object')
        expect(await spawn(() => mutex.tryLock()).join()).to.equal(false)
      }
      expect(mutex.tryLock()).to.equal(true)
    })
  })
}

describe('Mutex', () => {
  it('tryLock by its owner is an error (B068)', async () => {
    const mutex = new Mutex()
    await mutex.lock()
    expect(() => mutex.tryLock()).to.throw().with.property('code', 'MUTEX_OWNED')
    mutex.unlock()
  })

  it('excludes the branches of one fiber from each other', async () => {
    const mutex = new Mutex()
    const out: string[] = []
    const branch = async (name: string): Promise<void> => {
      await mutex.lock()
      out.push(`${name} in`)
      await thisFiber.yield()
      out.push(`${name} out`)
      mutex.unlock()
    }
    await spawn(() => Promise.all([branch('a'), branch('b')])).join()
    expect(out).to.deep.equal(['a in', 'a out', 'b in', 'b out'])
  })
})

describe('RecursiveMutex', () => {
  it('needs an unlock a level (B070)', async () => {
    const mutex = new RecursiveMutex()
    await mutex.lock()
    await mutex.lock()
    expect(mutex.tryLock()).to.equal(true)
    const other = () => spawn(() => mutex.tryLock() && (mutex.unlock(), true)).join()
    for (let level = 3; level > 0; level--) {
      expect(await other()).to.equal(false)
      mutex.unlock()
    }
    expect(await other()).to.equal(true)
  })

  it('treats callbacks outside of fibers as strangers to each other', async () => {
    const mutex = new RecursiveMutex()
    const [first, second] = withoutFiber(() => [mutex.tryLock(), mutex.tryLock()])
    expect([first, second]).to.deep.equal([true, false])
  })
})

describe('ConditionVariable', () => {
  it('wakes one or all, and returns with the mutex (B064, B065)', async () => {
    const mutex = new Mutex()
    const changed = new ConditionVariable()
    let awake = 0
    const fibers = [1, 2, 3].map(() => spawn(async () => {
      await mutex.lock()
      await changed.wait(mutex)
      awake++
      expect(await spawn(() => mutex.tryLock()).join()).to.equal(false)
      mutex.unlock()
    }))
    await thisFiber.yield()
    changed.notifyOne()
    await fibers[0]!.join()
    for (let i = 0; i < 3; i++) await thisFiber.yield()
    expect(awake).to.equal(1)
    changed.notifyAll()
    for (const fiber of fibers.slice(1)) await fiber.join()
    expect(awake).to.equal(3)
  })

  it('needs no lock to notify, and notifying does not suspend (B063)', async () => {
    const mutex = new Mutex()
    const changed = new ConditionVariable()
    const out: string[] = []
    let ready = false
    const consumer = spawn(async () => {
      scopeCleanupPush(() => { mutex.unlock() })
      await mutex.lock()
      while (!ready) await changed.wait(mutex)
      out.push('consumed')
    })
    await thisFiber.yield()
    ready = true
    changed.notifyOne()
    out.push('notified')
    await consumer.join()
    expect(out).to.deep.equal(['notified', 'consumed'])
    expect(mutex.tryLock()).to.equal(true)
  })

  it('has the mutex again before a cancellation or an abort is delivered (B040)', async () => {
    for (const how of ['cancel', 'abort']) {
      const mutex = new Mutex()
      const changed = new ConditionVariable()
      const controller = new AbortController()
      const out: string[] = []
      const waiter = spawn(async () => {
        await mutex.lock()
        scopeCleanupPush(() => {
          out.push('handler owns the mutex')
          mutex.unlock()
        })
        await changed.wait(mutex, { signal: controller.signal })
      })
      await thisFiber.yield()
      expect(mutex.tryLock()).to.equal(true)
      if (how === 'cancel') waiter.cancel()
      else controller.abort('aborted')
      for (let i = 0; i < 5; i++) await thisFiber.yield()
      expect(out).to.deep.equal([])
      mutex.unlock()
      const error = await rejection(waiter.join())
      if (how === 'cancel') expect(error).to.be.instanceOf(FiberCanceled)
      else expect(error).to.equal('aborted')
      expect(out).to.deep.equal(['handler owns the mutex'])
      expect(mutex.tryLock()).to.equal(true)
    }
  })

  it('leaves timers, and other fibers, their turn when two fibers only wake each other', async () => {
    const mutex = new Mutex()
    const changed = new ConditionVariable()
    let stop = false
    const players = [0, 1].map(() => spawn(async () => {
      using guard = await mutex.lock()
      expect(guard).to.be.an('object')
      while (!stop) {
        changed.notifyOne()
        await changed.wait(mutex)
      }
      changed.notifyAll()
    }))
    await new Promise<void>(resolve => setTimeout(resolve, 1))
    await thisFiber.yield()
    stop = true
    for (const player of players) await player.join()
  })

  it('a fiber that is notified and then canceled has waited successfully', async () => {
    const mutex = new Mutex()
    const changed = new ConditionVariable()
    const out: string[] = []
    const waiter = spawn(async () => {
      await mutex.lock()
      await changed.wait(mutex)
      out.push('woken')
      mutex.unlock()
      await thisFiber.yield()
    })
    await thisFiber.yield()
    changed.notifyOne()
    waiter.cancel()
    await rejection(waiter.join())
    expect(out).to.deep.equal(['woken'])
    expect(waiter.cancellationCaught).to.equal(true)
  })

  it('forgets a waiter that was canceled', async () => {
    const mutex = new Mutex()
    const changed = new ConditionVariable()
    const wait = async (): Promise<string> => {
      await mutex.lock()
      try { await changed.wait(mutex); return 'woken' } finally { mutex.unlock() }
    }
    const [first, second] = [spawn(wait), spawn(wait)]
    for (let i = 0; i < 3; i++) await thisFiber.yield()
    first.cancel()
    changed.notifyOne()
    expect(await second.join()).to.equal('woken')
    await rejection(first.join())
  })

  it('refuses a mutex that is not locked, or none at all, and keeps the mutex when it refuses', async () => {
    const changed = new ConditionVariable()
    expect(await rejection(changed.wait(new Mutex()))).to.have.property('code', 'MUTEX_NOT_OWNED')
    expect(await rejection(changed.wait({} as never))).to.include({ code: 'EINVAL', arg: 'mutex' })
    const mutex = new Mutex()
    const fiber = spawn(async () => { await mutex.lock(); await changed.wait(mutex) })
    fiber.cancel()
    await rejection(fiber.join())
    expect(mutex.tryLock()).to.equal(false)
  })
})

describe('Future', () => {
  it('is shared: many waiters, repeated get (B071)', async () => {
    const { promise, future } = Future.create<string>()
    const got: string[] = []
    const waiters = [1, 2].map(() => spawn(async () => { got.push(await future.get()) }))
    await thisFiber.yield()
    expect(got).to.deep.equal([])
    promise.setValue('value')
    for (const waiter of waiters) await waiter.join()
    got.push(await future.get(), await future.get())
    expect(got).to.deep.equal(['value', 'value', 'value', 'value'])
  })

  it('raises the very error that was set (B072)', async () => {
    const { promise, future } = Future.create<never>()
    const error = {}
    const waiter = spawn(() => future.get())
    await thisFiber.yield()
    promise.setError(error)
    expect(await rejection(waiter.join())).to.equal(error)
    expect(await rejection(future.get())).to.equal(error)
  })

  it('an error that nobody asks for is no unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const listen = (error: unknown): void => { unhandled.push(error) }
    process.on('unhandledRejection', listen)
    Future.create<never>().promise.setError(new Error('unasked'))
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    expect(unhandled).to.deep.equal([])
  })

  it('can be set once', () => {
    const { promise } = Future.create<undefined>()
    promise.setValue(undefined)
    expect(() => { promise.setValue(undefined) }).to.throw().with.property('code', 'PROMISE_SATISFIED')
    expect(() => { promise.setError(1) }).to.throw().with.property('code', 'PROMISE_SATISFIED')
  })

  it('get is a cancellation point, and a canceled get leaves the future as it was', async () => {
    const { promise, future } = Future.create<number>()
    const waiter = spawn(() => future.get())
    await thisFiber.yield()
    waiter.cancel()
    expect(await rejection(waiter.join())).to.be.instanceOf(FiberCanceled)
    expect(await rejection(future.get({ signal: AbortSignal.abort('no') }))).to.equal('no')
    promise.setValue(1)
    expect(await future.get()).to.equal(1)
  })
})
