// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { FiberCanceled, race, scope, scopeCleanupPush, spawn, TaskGroup, taskGroup, thisFiber, timeout, TimeoutError, uncancelable } from '@emilua/runtime'
import { checkpoint, withoutFiber } from '@emilua/native/fiber'
import { forever, rejection, sleep } from './operations.js'

/** Waits until it is canceled, notes that, and cleans up with a wait. */
const tidy = (log: string[], name: string) => async (): Promise<never> => {
  try {
    await forever()
  } finally {
    await uncancelable(() => sleep(1))
    log.push(name)
  }
  throw new Error('unreachable')
}

const fails = (message: string) => async (): Promise<never> => { await sleep(0); throw new Error(message) }

describe('a task group', () => {
  it('waits for its fibers and gives what its function returned', async () => {
    const log: string[] = []
    const result = await taskGroup(async group => {
      group.spawn(async () => {
        await sleep(2)
        group.spawn(async () => { await sleep(1); log.push('grandchild') })
        log.push('child')
      })
      const value = group.spawn(() => 7)
      log.push('block')
      return await value.join()
    })
    expect(result).to.equal(7)
    expect(log).to.deep.equal(['block', 'child', 'grandchild'])
    expect(await taskGroup(() => 'nothing to wait for')).to.equal('nothing to wait for')
  })

  it('is ended by the first failure, which cancels fibers and block and comes out unchanged', async () => {
    const log: string[] = []
    let thrown: unknown
    const error = await rejection(taskGroup(async group => {
      group.spawn(tidy(log, 'sibling'))
      group.spawn(async () => { await sleep(1); thrown = new RangeError('first'); throw thrown })
      await tidy(log, 'block')()
    }))
    expect(error).to.equal(thrown)
    expect(log).to.have.members(['sibling', 'block'])
    expect(thisFiber.signal.aborted).to.equal(false)
    await sleep(0)
  })

  it('raises what fails meanwhile together with the first', async () => {
    const error = await rejection(taskGroup(async group => {
      group.spawn(async () => { try { await forever() } catch { throw new Error('cleanup') } })
      group.spawn(fails('first'))
      try { await forever() } catch { throw new Error('block') }
    })) as AggregateError
    expect(error).to.be.instanceOf(AggregateError)
    expect(error.errors.map((each: Error) => each.message)).to.have.members(['first', 'cleanup', 'block'])
    expect(error.errors[0]).to.have.property('message', 'first')
    expect(error.cause).to.equal(error.errors[0])
  })

  it('counts a failure once that the block has joined', async () => {
    const error = await rejection(taskGroup(async group => { await group.spawn(fails('joined')).join() }))
    expect(error).to.be.instanceOf(Error).with.property('message', 'joined')
  })

  it('is ended by a failure of its block', async () => {
    const log: string[] = []
    expect(await rejection(taskGroup(async group => {
      group.spawn(tidy(log, 'child'))
      await thisFiber.yield()
      throw new Error('block')
    }))).to.have.property('message', 'block')
    expect(log).to.deep.equal(['child'])
  })

  it('is canceled with its fiber, while its block runs and while it waits', async () => {
    for (const block of [forever, async () => {}]) {
      const log: string[] = []
      const fiber = spawn(() => taskGroup(async group => {
        group.spawn(tidy(log, 'a'))
        group.spawn(tidy(log, 'b'))
        await block()
      }))
      await sleep(1)
      fiber.cancel()
      expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
      expect(fiber.cancellationCaught).to.equal(true)
      expect(log).to.deep.equal(['a', 'b'])
    }
  })

  it('fails if cleanup fails after a cancellation', async () => {
    const fiber = spawn(() => taskGroup(async group => {
      group.spawn(async () => { try { await forever() } catch { throw new Error('cleanup') } })
    }))
    await sleep(1)
    fiber.cancel()
    expect(await rejection(fiber.join())).to.have.property('message', 'cleanup')
    expect(fiber.cancellationCaught).to.equal(false)
  })

  it('cancels what is started in a canceled fiber', async () => {
    const log: string[] = []
    const fiber = spawn(async () => {
      await taskGroup(group => {
        group.spawn(async () => { log.push('child begins'); await forever() })
        log.push('block')
      })
    })
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(log).to.deep.equal(['block', 'child begins'])
  })

  it('nests: the failure of an inner one ends the outer one', async () => {
    const log: string[] = []
    const error = await rejection(taskGroup(async outer => {
      outer.spawn(tidy(log, 'outer child'))
      await taskGroup(inner => {
        inner.spawn(tidy(log, 'inner child'))
        inner.spawn(fails('innermost'))
      })
    }))
    expect(error).to.have.property('message', 'innermost')
    expect(log).to.deep.equal(['inner child', 'outer child'])
  })

  it('does not count a fiber that was canceled as failed, and can cancel all it has', async () => {
    const log: string[] = []
    const result = await taskGroup(async group => {
      const one = group.spawn(forever)
      group.spawn(tidy(log, 'other'))
      await sleep(1)
      one.cancel()
      await rejection(one.join())
      group.cancel()
      await sleep(0)
      group.spawn(() => { log.push('later') })
      return 'goes on'
    })
    expect(result).to.equal('goes on')
    expect(log).to.have.members(['other', 'later'])
  })

  it('keeps its fibers: no detach, no spawn after its end; and cancels what joins it while it ends', async () => {
    let kept!: TaskGroup
    await taskGroup(group => {
      kept = group
      const child = group.spawn(() => sleep(1))
      expect(() => { child.detach() }).to.throw().with.property('code', 'NOT_JOINABLE')
    })
    expect(() => kept.spawn(() => {})).to.throw().with.property('code', 'EINVAL')
    const log: string[] = []
    await rejection(taskGroup(group => {
      group.spawn(async () => {
        try { await forever() } finally { group.spawn(async () => { log.push('begins'); await forever() }) }
      })
      group.spawn(fails('x'))
    }))
    expect(log).to.deep.equal(['begins'])
  })

  it('waits for its fibers even where cancellation is masked or suspension forbidden', async () => {
    const log: string[] = []
    const fiber = spawn(() => uncancelable(() => taskGroup(group => {
      group.spawn(async () => { await sleep(2); log.push('whole') })
    })))
    await sleep(0)
    fiber.cancel()
    await fiber.join()
    const strict = spawn(() => taskGroup(group => {
      group.spawn(tidy(log, 'ended'))
      thisFiber.forbidSuspend()
    }))
    expect(await rejection(strict.join())).to.have.property('code', 'SUSPENSION_FORBIDDEN')
    expect(log).to.deep.equal(['whole', 'ended'])
  })

  it('works outside of fibers', async () => {
    const log: string[] = []
    expect(await rejection(withoutFiber(() => taskGroup(async group => {
      group.spawn(fails('outside'))
      await tidy(log, 'block')()
    })))).to.have.property('message', 'outside')
    expect(log).to.deep.equal(['block'])
    expect(await rejection(taskGroup(1 as never))).to.include({ code: 'EINVAL', arg: 'fn' })
  })

  it('aborts thisFiber.signal of its block', async () => {
    let signal!: AbortSignal
    await rejection(taskGroup(async group => {
      signal = thisFiber.signal
      group.spawn(fails('x'))
      await forever()
    }))
    expect(signal.reason).to.be.instanceOf(FiberCanceled)
  })
})

describe('timeout', () => {
  it('gives the result in time, and keeps none of its timers', async () => {
    expect(await timeout(1000, async () => { await sleep(1); return 'in time' })).to.equal('in time')
    expect(await timeout(Infinity, () => 'no limit')).to.equal('no limit')
    expect(await rejection(timeout(1000, fails('own')))).to.have.property('message', 'own')
  })

  it('cancels inside, lets it clean up, and says so', async () => {
    const log: string[] = []
    const error = await rejection(timeout(0.002, () => scope(async () => {
      scopeCleanupPush(async () => { await sleep(1); log.push('handler') })
      await tidy(log, 'inside')()
    })))
    expect(error).to.be.instanceOf(TimeoutError).that.includes({ name: 'TimeoutError', code: 'ETIMEDOUT', seconds: 0.002, message: 'Timed out after 0.002 s' })
    expect(log).to.deep.equal(['inside', 'handler'])
    await sleep(0)
  })

  it('of less than 0 is refused', async () => {
    for (const seconds of [-1, -Infinity, NaN, '1']) {
      expect(await rejection(timeout(seconds as number, () => 'x'))).to.include({
        code: 'EINVAL', arg: 'seconds', message: `seconds: Expected a number of seconds from 0, not ${typeof seconds === 'string' ? '"1"' : seconds}`
      })
    }
  })

  it('of 0 refuses the first cancellation point, and lets pass what has none', async () => {
    for (const seconds of [0, -0, 1e-9]) {
      expect(await rejection(timeout(seconds, () => sleep(0)))).to.be.instanceOf(TimeoutError)
      expect(await timeout(seconds, () => 'at once')).to.equal('at once')
    }
  })

  it('keeps a success that comes late, and passes on a failure of cleanup', async () => {
    expect(await timeout(0.001, async () => { await rejection(forever()); return 'late' })).to.equal('late')
    const error = await rejection(timeout(0.001, async () => { try { await forever() } catch { throw new Error('cleanup') } }))
    expect(error).to.have.property('message', 'cleanup')
  })

  it('nests: the limit that is over is the one that is told', async () => {
    const which = async (outer: number, inner: number): Promise<unknown> => (await rejection(timeout(outer, () => timeout(inner, forever))) as TimeoutError).seconds
    expect(await which(0.001, 1000)).to.equal(0.001)
    expect(await which(1000, 0.002)).to.equal(0.002)
    expect(await which(0, 0)).to.equal(0)
    const caught = await timeout(1000, async () => {
      const error = await rejection(timeout(0.001, forever))
      await sleep(0)
      return error
    })
    expect(caught).to.be.instanceOf(TimeoutError)
  })

  it('gives way to the cancellation of its fiber', async () => {
    const fiber = spawn(() => timeout(1000, forever))
    await sleep(0)
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(fiber.cancellationCaught).to.equal(true)
    const both = spawn(() => timeout(0, forever))
    both.cancel()
    expect(await rejection(both.join())).to.be.instanceOf(FiberCanceled)
  })

  it('holds inside of uncancelable, and not for uncancelable inside of it', async () => {
    expect(await rejection(uncancelable(() => timeout(0.001, forever)))).to.be.instanceOf(TimeoutError)
    const log: string[] = []
    expect(await rejection(timeout(0, async () => {
      await uncancelable(async () => { await sleep(1); log.push('masked') })
      await sleep(0)
    }))).to.be.instanceOf(TimeoutError)
    expect(log).to.deep.equal(['masked'])
  })

  it('waits while its fiber has disabled cancellation', async () => {
    const log: string[] = []
    const fiber = spawn(() => timeout(0.001, async () => {
      thisFiber.disableCancellation()
      await sleep(5)
      log.push('whole', String(thisFiber.signal.aborted))
      const branch = rejection(forever())
      thisFiber.restoreCancellation()
      expect(await branch).to.be.instanceOf(FiberCanceled)
      await sleep(0)
    }))
    expect(await rejection(fiber.join())).to.be.instanceOf(TimeoutError)
    expect(log).to.deep.equal(['whole', 'false'])
  })

  it('ends a task group in it, cannot starve the process, and aborts thisFiber.signal', async () => {
    const log: string[] = []
    expect(await rejection(timeout(0.001, () => taskGroup(group => { group.spawn(tidy(log, 'child')) })))).to.be.instanceOf(TimeoutError)
    expect(log).to.deep.equal(['child'])
    let stop = false
    setTimeout(() => { stop = true }, 3)
    await timeout(0, async () => { while (!stop) await sleep(1000).catch(() => {}) })
    const fiber = spawn(() => timeout(1000, async () => {
      const signal = await timeout(0.001, async () => {
        const { signal } = thisFiber
        await rejection(forever())
        return signal
      })
      return [signal.aborted, thisFiber.signal.aborted]
    }))
    expect(await fiber.join()).to.deep.equal([true, false])
  })

  it('refuses also what its block left behind when it ended', async () => {
    let goOn!: () => void
    const foreign = new Promise<void>(resolve => { goOn = resolve })
    let left!: Promise<unknown>
    const late = async (): Promise<void> => { await foreign; await checkpoint() }
    expect(await rejection(timeout(0, () => { left = rejection(late()); return sleep(1) }))).to.be.instanceOf(TimeoutError)
    goOn()
    expect(await left).to.be.instanceOf(FiberCanceled)
  })

  it('refuses what is no number and no function', async () => {
    expect(await rejection(timeout(NaN, forever))).to.include({ code: 'EINVAL', arg: 'seconds' })
    expect(await rejection(timeout('1' as never, forever))).to.include({ code: 'EINVAL', arg: 'seconds' })
    expect(await rejection(timeout(1, 1 as never))).to.include({ code: 'EINVAL', arg: 'fn' })
  })
})

describe('race', () => {
  it('takes what the first one returned, and waits for the others it cancels', async () => {
    const log: string[] = []
    const result = await race([tidy(log, 'a'), async () => { await sleep(1); return 'first' }, tidy(log, 'c')])
    expect(result).to.equal('first')
    expect(log).to.deep.equal(['a', 'c'])
  })

  it('takes what the first one threw', async () => {
    const log: string[] = []
    expect(await rejection(race([tidy(log, 'a'), fails('first')]))).to.have.property('message', 'first')
    expect(log).to.deep.equal(['a'])
  })

  it('is canceled with its fiber, but keeps what was won', async () => {
    const log: string[] = []
    const fiber = spawn(() => race([tidy(log, 'a'), tidy(log, 'b')]))
    await sleep(0)
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(log).to.deep.equal(['a', 'b'])
    const won = spawn(() => race([() => 'won', tidy(log, 'c')]))
    await thisFiber.yield()
    won.cancel()
    expect(await won.join().catch((error: Error) => error.name)).to.be.oneOf(['won', 'FiberCanceled'])
  })

  it('refuses to race nobody', async () => {
    expect(await rejection(race([]))).to.include({ code: 'EINVAL', arg: 'fns' })
    expect(await rejection(race([]))).to.include({ code: 'EINVAL', message: 'fns: Expected one function or more, not none' })
    expect(await rejection(race((() => 1) as never))).to.include({ code: 'EINVAL', message: 'fns: Expected a list of functions, not a function' })
    expect(await rejection(race([1 as never]))).to.include({ code: 'EINVAL', arg: 'fns[0]', message: 'fns[0]: Expected a function, not 1' })
    expect(await rejection(race(5 as never))).to.include({ code: 'EINVAL', arg: 'fns' })
  })
})
