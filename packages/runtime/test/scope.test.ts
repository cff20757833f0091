// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { FiberCanceled, scope, scopeCleanupPop, scopeCleanupPush, spawn, thisFiber, uncancelable } from '@emilua/runtime'
import { withoutFiber } from '@emilua/native/fiber'
import { forever, rejection, sleep } from './operations.js'

describe('scope', () => {
  it('runs its handlers in reverse order on every way out, nested (B044, B045)', async () => {
    const out: string[] = []
    const body = (end: () => unknown) => scope(async () => {
      scopeCleanupPush(() => { out.push('outer 1') })
      scopeCleanupPush(async () => { await null; out.push('outer 2') })
      await scope(async () => {
        scopeCleanupPush(() => { out.push('inner') })
        await end()
      })
      return 'result'
    })
    expect(await body(() => {})).to.equal('result')
    expect(await rejection(body(() => { throw new Error('thrown') }))).to.have.property('message', 'thrown')
    const fiber = spawn(() => body(forever))
    await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    const once = ['inner', 'outer 2', 'outer 1']
    expect(out).to.deep.equal([...once, ...once, ...once])
  })

  it('is no cancellation point (B021)', async () => {
    const out: string[] = []
    const fiber = spawn(async () => {
      await scope(() => { out.push('inside') })
      out.push('after')
      await thisFiber.yield()
      out.push('unreachable')
    })
    fiber.cancel()
    await rejection(fiber.join())
    expect(out).to.deep.equal(['inside', 'after'])
  })

  it('runs handlers with cancellation disabled; they may suspend (B030)', async () => {
    const out: string[] = []
    const fiber = spawn(async () => {
      scopeCleanupPush(async () => {
        await sleep(1)
        await thisFiber.yield()
        out.push('root handler')
      })
      await scope(async () => {
        scopeCleanupPush(async () => { await sleep(1); out.push('scope handler') })
        await forever()
      })
    })
    await thisFiber.yield()
    fiber.cancel()
    await rejection(fiber.join())
    expect(out).to.deep.equal(['scope handler', 'root handler'])
    expect(fiber.cancellationCaught).to.equal(true)
  })

  it('pops: executes by default, only removes with false (B047)', async () => {
    const out: string[] = []
    await scope(async () => {
      for (const name of ['one', 'two', 'three', 'four']) scopeCleanupPush(() => { out.push(name) })
      await scopeCleanupPop()
      await scopeCleanupPop(false)
      await scopeCleanupPop(true)
      out.push('body ends')
    })
    expect(out).to.deep.equal(['four', 'two', 'body ends', 'one'])
    expect(await rejection(scope(() => scopeCleanupPop()))).to.have.property('code', 'NO_CLEANUP_HANDLER')
  })

  it('exists at the root of every fiber, on success, too (B048)', async () => {
    const out: string[] = []
    await spawn(async () => {
      scopeCleanupPush(() => { out.push('pushed before a suspension') })
      await thisFiber.yield()
      scopeCleanupPush(() => { out.push('pushed after it') })
    }).join()
    await spawn(() => { scopeCleanupPush(() => { out.push('without any') }) }).join()
    expect(out).to.deep.equal(['pushed after it', 'pushed before a suspension', 'without any'])
  })

  it('belongs to the branch that opened it', async () => {
    const out: string[] = []
    const branch = (name: string, turns: number) => scope(async () => {
      scopeCleanupPush(() => { out.push(`${name} ends`) })
      for (let i = 0; i < turns; i++) await thisFiber.yield()
      scopeCleanupPush(() => { out.push(`${name} ends first`) })
    })
    await spawn(() => Promise.all([branch('a', 2), branch('b', 4)])).join()
    expect(out).to.deep.equal(['a ends first', 'a ends', 'b ends first', 'b ends'])
  })

  it('runs handlers that a handler pushes', async () => {
    const out: string[] = []
    await scope(() => {
      scopeCleanupPush(() => { out.push('first') })
      scopeCleanupPush(() => { scopeCleanupPush(() => { out.push('pushed by a handler') }) })
    })
    expect(out).to.deep.equal(['pushed by a handler', 'first'])
  })

  it('works outside of any fiber, where there is no root scope', async () => {
    const out: string[] = []
    await withoutFiber(() => scope(() => { scopeCleanupPush(() => { out.push('run') }) }))
    expect(out).to.deep.equal(['run'])
    expect(() => { withoutFiber(() => { scopeCleanupPush(() => {}) }) }).to.throw().with.property('code', 'NOT_IN_A_FIBER')
  })

  it('masks a method decorated with uncancelable', async () => {
    const out: string[] = []
    class Session implements AsyncDisposable {
      constructor (private readonly name: string) {}

      @uncancelable async [Symbol.asyncDispose] (): Promise<void> {
        await sleep(1)
        out.push(`${this.name} closed`)
      }
    }
    const fiber = spawn(async () => {
      await using a = new Session('a')
      await using b = new Session('b')
      out.push(typeof a, typeof b)
      await forever()
    })
    await thisFiber.yield()
    fiber.cancel()
    expect(await rejection(fiber.join())).to.be.instanceOf(FiberCanceled)
    expect(out).to.deep.equal(['object', 'object', 'b closed', 'a closed'])
  })

  it('refuses what is no function', async () => {
    expect(() => { scopeCleanupPush(1 as never) }).to.throw().that.includes({ code: 'EINVAL', arg: 'handler' })
    expect(await rejection(scope(1 as never))).to.include({ code: 'EINVAL', arg: 'fn' })
  })
})
