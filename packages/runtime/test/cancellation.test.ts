// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { currentFiber, uncancelable as uncancelableWithoutImport, withoutFiber } from '@emilua/native/fiber'
import { FiberCanceled, interruptible, scopeCleanupPush, spawn, thisFiber, uncancelable } from '@emilua/runtime'
import { Device, forever, rejection, sleep } from './operations.js'

describe('cancellation', () => {
  it('lets a fiber run until its first cancellation point (B020, B022)', async () => {
    const out: string[] = []
    const fiber = spawn(async () => {
      out.push('first lines run')
      await null
      out.push('a foreign await is no cancellation point')
      await thisFiber.yield()
      out.push('unreachable')
    })
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(fiber.cancellationCaught).to.equal(true)
    expect(out).to.deep.equal(['first lines run', 'a foreign await is no cancellation point'])
  })

  it('is latched (B018, B024)', async () => {
    const out: unknown[] = []
    const fiber = spawn(async () => {
      scopeCleanupPush(() => { out.push('root cleanup') })
      out.push(await rejection(forever()), await rejection(forever()), await rejection(thisFiber.yield()))
      await forever()
    })
    await thisFiber.yield()
    fiber.cancel()
    fiber.cancel()
    const error = await rejection(fiber.join())
    expect(out).to.deep.equal([error, error, error, 'root cleanup'])
    expect(error).to.be.instanceOf(FiberCanceled)
  })

  it('is safe on any handle at any time and affects only joinable fibers (B019)', async () => {
    const out: string[] = []
    const ended = spawn(() => 'value')
    await thisFiber.yield()
    ended.cancel()
    expect(await ended.join()).to.equal('value')
    ended.cancel()
    expect(ended.cancellationCaught).to.equal(false)
    const detached = spawn(async () => { await thisFiber.yield(); out.push('a detached fiber is not canceled') })
    detached.detach()
    detached.cancel()
    await thisFiber.yield()
    await thisFiber.yield()
    expect(out).to.deep.equal(['a detached fiber is not canceled'])
  })

  it('is caught only when the fiber ends by it (B007)', async () => {
    const survivor = spawn(async () => { await rejection(forever()); return 'survived' })
    await thisFiber.yield()
    survivor.cancel()
    expect(await survivor.join()).to.equal('survived')
    expect(survivor.cancellationCaught).to.equal(false)
    const impostor = spawn(async () => { throw new FiberCanceled() })
    expect(await rejection(impostor.join())).to.be.instanceOf(FiberCanceled)
    expect(impostor.cancellationCaught).to.equal(false)
    const target = spawn(forever)
    const bystander = spawn(() => target.join())
    await thisFiber.yield()
    target.cancel()
    expect(await rejection(bystander.join())).to.be.instanceOf(FiberCanceled)
    expect([target.cancellationCaught, bystander.cancellationCaught]).to.deep.equal([true, false])
  })

  it('cancel neither suspends nor is a cancellation point (B029)', async () => {
    const fiber = spawn(async () => {
      const other = spawn(() => forever())
      self.cancel()
      expect(other.cancel()).to.equal(undefined)
      return other
    })
    const self = fiber
    const other = await fiber.join()
    await rejection(other.join())
  })

  it('counts disableCancellation, and restoring is no cancellation point (B025, B026, B027)', async () => {
    const out: string[] = []
    const fiber = spawn(async () => {
      thisFiber.disableCancellation()
      thisFiber.disableCancellation()
      await thisFiber.yield()
      out.push('A')
      thisFiber.restoreCancellation()
      await sleep(1)
      out.push('B')
      thisFiber.restoreCancellation()
      out.push('C')
      await thisFiber.yield()
      out.push('unreachable')
    })
    fiber.cancel()
    await rejection(fiber.join())
    expect(out).to.deep.equal(['A', 'B', 'C'])
    expect(fiber.cancellationCaught).to.equal(true)
  })

  it('reaches, once enabled again, an operation that was started before', async () => {
    const device = new Device()
    const fiber = spawn(async () => {
      thisFiber.disableCancellation()
      const read = device.read()
      await sleep(1)
      expect(device.log).to.deep.equal(['started'])
      thisFiber.restoreCancellation()
      return rejection(read)
    })
    await thisFiber.yield()
    fiber.cancel()
    expect(await fiber.join()).to.be.instanceOf(FiberCanceled)
    expect(device.log).to.deep.equal(['started', 'cancel', 'canceled'])
  })

  it('does not reach into uncancelable, which nests and is lexical', async () => {
    const device = new Device()
    const fiber = spawn(async () => {
      const value = await uncancelable(async () => {
        const inner = await uncancelableWithoutImport(() => device.read())
        await thisFiber.yield()
        return inner
      })
      return [value, await rejection(thisFiber.yield())]
    })
    await thisFiber.yield()
    fiber.cancel()
    await thisFiber.yield()
    expect(device.log).to.deep.equal(['started'])
    device.complete(5)
    const [value, error] = await fiber.join()
    expect(value).to.equal(5)
    expect(error).to.be.instanceOf(FiberCanceled)
  })

  it('masks only the branch that asked, of several in one fiber', async () => {
    const [masked, open] = [new Device(), new Device()]
    const fiber = spawn(() => Promise.all([uncancelable(() => masked.read()), rejection(open.read())]))
    await thisFiber.yield()
    fiber.cancel()
    expect([masked.log, open.log]).to.deep.equal([['started'], ['started', 'cancel']])
    masked.complete(1)
    const [value, error] = await fiber.join()
    expect(value).to.equal(1)
    expect(error).to.be.instanceOf(FiberCanceled)
  })

  it('interrupts every pending operation of the fiber', async () => {
    const devices = [1, 2, 3, 4].map(() => new Device())
    const fiber = spawn(() => Promise.allSettled(devices.map(device => device.read())))
    await thisFiber.yield()
    devices[1]!.complete(0)
    fiber.cancel()
    const results = await fiber.join()
    expect(results.map(result => result.status === 'fulfilled' || result.reason instanceof FiberCanceled)).to.deep.equal([true, true, true, true])
    expect(devices.map(device => device.log.length)).to.deep.equal([3, 1, 3, 3])
  })

  it('resumes the fiber only when the operation has ended, so that it may be tried again (B031, B032)', async () => {
    const device = new Device()
    const fiber = spawn(async () => {
      const error = await rejection(device.read())
      device.log.push('resumed')
      return error
    })
    await thisFiber.yield()
    fiber.cancel()
    expect(await fiber.join()).to.be.instanceOf(FiberCanceled)
    expect(device.log).to.deep.equal(['started', 'cancel', 'canceled', 'resumed'])
    const again = device.read()
    device.complete(3)
    expect(await again).to.equal(3)
  })

  it('is beaten by a success and waits for the next point (B033)', async () => {
    const device = new Device()
    const fiber = spawn(async () => [await device.read(), await rejection(thisFiber.yield())])
    await thisFiber.yield()
    fiber.cancel()
    device.complete(9)
    const [value, error] = await fiber.join()
    expect(value).to.equal(9)
    expect(error).to.be.instanceOf(FiberCanceled)
  })

  it('refuses an operation that would complete at once', async () => {
    const device = new Device()
    device.inline = 1
    const fiber = spawn(() => device.read())
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(device.log).to.deep.equal([])
  })

  it('cannot starve the process: a retry loop is refused from macrotasks, with one warning (B028)', async () => {
    const warnings: string[] = []
    const listen = (warning: Error): void => { warnings.push(warning.message) }
    process.on('warning', listen)
    let stop = false
    let tries = 0
    const fiber = spawn(async () => {
      while (!stop) {
        try { await sleep(60_000) } catch { tries++ }
      }
    })
    await thisFiber.yield()
    fiber.cancel()
    await new Promise(resolve => setTimeout(resolve, 5))
    while (warnings.length === 0) await new Promise(resolve => setImmediate(resolve))
    stop = true
    await fiber.join()
    process.off('warning', listen)
    expect(tries).to.be.greaterThan(2)
    expect(warnings).to.have.length(1)
    expect(warnings[0]).to.match(/^Fiber 0x[0-9a-f]+ goes on/)
  })

  it('lets a parent cancel its children in a handler', async () => {
    let children: ReturnType<typeof spawn<void>>[] = []
    const parent = spawn(async () => {
      children = [1, 2, 3].map(() => spawn(forever))
      scopeCleanupPush(async () => {
        for (const child of children) child.cancel()
        for (const child of children) await rejection(child.join())
      })
      for (const child of children) await child.join()
    })
    await thisFiber.yield()
    parent.cancel()
    await rejection(parent.join())
    expect(children.map(child => child.cancellationCaught)).to.deep.equal([true, true, true])
  })
})

describe('an AbortSignal', () => {
  it('rejects with its reason, before and during the wait, in a fiber or without one', async () => {
    for (const run of [<T>(fn: () => Promise<T>) => fn(), <T>(fn: () => Promise<T>) => spawn(fn).join()]) {
      const reason = new Error('reason')
      expect(await rejection(run(() => new Device().read({ signal: AbortSignal.abort(reason) })))).to.equal(reason)
      const device = new Device()
      const controller = new AbortController()
      const read = rejection(run(() => device.read({ signal: controller.signal })))
      await thisFiber.yield()
      controller.abort(reason)
      expect(await read).to.equal(reason)
      expect(device.log).to.deep.equal(['started', 'cancel', 'canceled'])
    }
  })

  it('competes with fiber.cancel: the first wins', async () => {
    for (const order of ['signal', 'cancel']) {
      const controller = new AbortController()
      const device = new Device()
      const fiber = spawn(() => rejection(device.read({ signal: controller.signal })))
      await thisFiber.yield()
      if (order === 'signal') controller.abort('aborted')
      fiber.cancel()
      controller.abort('aborted')
      const error = await fiber.join()
      if (order === 'signal') expect(error).to.equal('aborted')
      else expect(error).to.be.instanceOf(FiberCanceled)
      expect(device.log.filter(line => line === 'cancel')).to.have.length(1)
    }
  })

  it('works where cancellation is masked', async () => {
    const controller = new AbortController()
    const fiber = spawn(() => uncancelable(() => rejection(forever2(controller.signal))))
    await thisFiber.yield()
    controller.abort('asked')
    expect(await fiber.join()).to.equal('asked')
  })

  it('keeps no listener after the operation', async () => {
    let listeners = 0
    const signal = new AbortController().signal
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => { listeners++; add(...args) }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => { listeners--; remove(...args) }
    const device = new Device()
    const read = device.read({ signal })
    expect(listeners).to.equal(1)
    device.complete(1)
    await read
    expect(listeners).to.equal(0)
  })

  it('that is none is refused by name', async () => {
    expect(await rejection(sleep(1, { signal: 1 as never }))).to.include({ code: 'EINVAL', arg: 'options.signal' })
  })
})

const forever2 = (signal: AbortSignal): Promise<void> => sleep(2 ** 30, { signal })

describe('thisFiber.signal', () => {
  it('is aborted with FiberCanceled when the fiber is canceled', async () => {
    const fiber = spawn(async () => {
      const { signal } = thisFiber
      expect(thisFiber.signal).to.equal(signal)
      await new Promise(resolve => { signal.addEventListener('abort', resolve) })
      return signal.reason as unknown
    })
    await thisFiber.yield()
    fiber.cancel()
    expect(await fiber.join()).to.be.instanceOf(FiberCanceled)
  })

  it('is already aborted in a canceled fiber, but not where cancellation is masked or disabled', async () => {
    const fiber = spawn(() => {
      const masked = uncancelable(() => thisFiber.signal.aborted)
      thisFiber.disableCancellation()
      const disabled = thisFiber.signal.aborted
      thisFiber.restoreCancellation()
      return [masked, disabled, thisFiber.signal.aborted]
    })
    fiber.cancel()
    expect(await fiber.join()).to.deep.equal([false, false, true])
    expect(thisFiber.signal.aborted).to.equal(false)
  })
})

describe('interruptible', () => {
  it('makes a foreign promise a cancellation point', async () => {
    const fiber = spawn(() => interruptible(new Promise(() => {})))
    await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(await interruptible(Promise.resolve(4))).to.equal(4)
    expect(await rejection(interruptible(Promise.reject(new Error('own'))))).to.have.property('message', 'own')
    expect(await rejection(interruptible(new Promise(() => {}), { signal: AbortSignal.timeout(1) }))).to.have.property('name', 'TimeoutError')
  })

  it('takes over the rejection of the promise it abandons', async () => {
    const unhandled: unknown[] = []
    const listen = (error: unknown): void => { unhandled.push(error) }
    process.on('unhandledRejection', listen)
    const fiber = spawn(() => interruptible(Promise.reject(new Error('late'))))
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    expect(unhandled).to.deep.equal([])
  })
})

describe('foreign code', () => {
  it('called by withoutFiber belongs to no fiber, nor does what it starts', async () => {
    const device = new Device()
    const fiber = spawn(async () => {
      const read = withoutFiber(() => {
        expect(currentFiber()).to.equal(null)
        return device.read()
      })
      await thisFiber.yield().catch(() => {})
      return read
    })
    await thisFiber.yield()
    fiber.cancel()
    await thisFiber.yield()
    expect(device.log).to.deep.equal(['started'])
    device.complete(2)
    expect(await fiber.join()).to.equal(2)
  })

  it('that outlives its fiber belongs to none', async () => {
    let late: Promise<unknown> | undefined
    const fiber = spawn(() => { setTimeout(() => { late = thisFiber.yield().then(() => currentFiber()) }, 1) })
    fiber.cancel()
    await fiber.join()
    while (late === undefined) await sleep(1)
    expect(await late).to.equal(null)
  })
})
