// SPDX-License-Identifier: MIT OR BSL-1.0
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { scopeCleanupPush, spawn, thisFiber, type Fiber, type FiberEnd, type FiberSpawn } from '@emilua/runtime'
import { expect } from 'chai'

describe('channels of node:diagnostics_channel', () => {
  const request = new AsyncLocalStorage<string>()
  let events: string[] = []
  let ends: FiberEnd[] = []
  /** Other tests of the process may have left some that end meanwhile. */
  let known = new Set<Fiber<unknown>>()

  const onSpawn = (message: unknown): void => {
    const { fiber } = message as FiberSpawn
    known.add(fiber)
    events.push(`spawn ${fiber.name} ${fiber.status} ${request.getStore()}`)
  }
  const onEnd = (message: unknown): void => {
    const end = message as FiberEnd
    if (!known.has(end.fiber)) return
    ends.push(end)
    events.push(`end ${end.fiber.name} ${end.fiber.status} ${request.getStore()}`)
  }

  beforeEach(() => {
    events = []
    ends = []
    known = new Set()
    subscribe('emilua:fiber:spawn', onSpawn)
    subscribe('emilua:fiber:end', onEnd)
  })

  afterEach(() => {
    unsubscribe('emilua:fiber:spawn', onSpawn)
    unsubscribe('emilua:fiber:end', onEnd)
  })

  const joined = (fiber: Fiber<unknown>): Promise<unknown> => fiber.join().then(value => value, (error: unknown) => error)

  it('publish a fiber before it begins and when it has ended, in its asynchronous context', async () => {
    const fiber = request.run('r1', () => spawn(() => { events.push('runs') }, { name: 'a' }))
    expect(events).to.deep.equal(['spawn a ready r1'])
    await fiber.join()
    expect(events).to.deep.equal(['spawn a ready r1', 'runs', 'end a succeeded r1'])
    expect(ends[0]!.fiber).to.equal(fiber)
    expect(ends[0]!.error).to.equal(undefined)
  })

  it('publish the error of a fiber that failed, though it is joined, and none of one that was canceled', async () => {
    const error = new Error('boom')
    expect(await joined(spawn(() => { throw error }, { name: 'sync' }))).to.equal(error)
    expect(await joined(spawn(async () => { await thisFiber.yield(); throw error }, { name: 'async' }))).to.equal(error)
    const canceled = spawn(() => thisFiber.yield(), { name: 'canceled' })
    canceled.cancel()
    await joined(canceled)
    expect(ends.map(({ fiber, error: failure }) => [fiber.name, fiber.status, failure])).to.deep.equal(
      [['sync', 'failed', error], ['async', 'failed', error], ['canceled', 'canceled', undefined]])
  })

  it('publish the end after the cleanup handlers and before whoever joins goes on', async () => {
    await request.run('r2', () => spawn(() => {
      scopeCleanupPush(async () => { await thisFiber.yield(); events.push('cleanup') })
    }, { name: 'b' })).join()
    events.push('joined')
    expect(events).to.deep.equal(['spawn b ready r2', 'cleanup', 'end b succeeded r2', 'joined'])
  })

  it('publish nothing to those who are through', async () => {
    unsubscribe('emilua:fiber:spawn', onSpawn)
    unsubscribe('emilua:fiber:end', onEnd)
    await spawn(() => 1, { name: 'c' }).join()
    expect(events).to.deep.equal([])
  })
})
