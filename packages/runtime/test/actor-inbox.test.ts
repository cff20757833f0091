// SPDX-License-Identifier: MIT OR BSL-1.0
import { inspect } from 'node:util'
import { expect } from 'chai'
import * as pipe from '@emilua/pipe'
import { BoundedChannel, Channel, inbox, spawn, spawnVm, thisFiber, type InboxOptions } from '@emilua/runtime'
import { sleep } from '@emilua/time'
import { failure, program } from './actors.js'

/** An actor that takes `count` messages when its door is opened, and its own address, as it has sent it. */
async function held (language: string, full: NonNullable<InboxOptions['full']>, limit: number, count: number): Promise<{ actor: Channel<unknown>, own: Channel<unknown>, open: () => void }> {
  const actor = await spawnVm<unknown>(program(`holding.${language}`), { inbox: { limit, full } })
  const [gate, door] = pipe.pair()
  void actor.send({ main: inbox, gate: gate.release(), count })
  const { own } = await inbox.receive<{ own: Channel<unknown> }>()
  return { actor, own, open: () => { door.close() } }
}

const got = async (): Promise<unknown> => (await inbox.receive<{ got: unknown }>()).got

/** Whether `promise` is settled soon. */
async function soon (promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true, () => true), sleep(0.02).then(() => false)])
}

for (const language of ['lua', 'mjs']) {
  describe(`an inbox with a limit, of an actor in ${language}`, () => {
    it('has senders wait for room, who get in as they came', async () => {
      const { actor, own, open } = await held(language, 'wait', 2, 5)
      expect(actor).to.be.instanceOf(BoundedChannel)
      expect(own.equals(actor)).to.equal(true)
      await actor.send(1)
      await own.send(2)
      const waiting = [actor.send(3), own.send(4), actor.send(5)] as unknown as Promise<void>[]
      expect(await soon(Promise.any(waiting))).to.equal(false)
      open()
      expect(await got()).to.deep.equal([1, 2, 3, 4, 5])
      await Promise.all(waiting)
      expect(await actor.closed).to.deep.equal({ reason: 'ended' })
    })

    it('has sending fail', async () => {
      const { actor, own, open } = await held(language, 'fail', 2, 2)
      expect(actor).to.not.be.instanceOf(BoundedChannel)
      expect(own).to.not.be.instanceOf(BoundedChannel)
      actor.send(1)
      actor.send(2)
      for (const each of [actor, own]) {
        const error = await failure(() => each.send(3))
        expect(error).to.include({ code: 'EAGAIN' })
        expect(error.category.name).to.equal('system')
        expect(error.message).to.match(/holding\.(lua|mjs), where 2 messages lie/)
        expect(await failure(() => each.call({}, 60))).to.include({ code: 'EAGAIN' })
      }
      open()
      expect(await got()).to.deep.equal([1, 2])
      await actor.closed
    })

    it('lets a wait for room be canceled, after which nothing was sent', async () => {
      const { actor: address, open } = await held(language, 'wait', 1, 2)
      const actor = address as BoundedChannel<unknown>
      await actor.send('first')
      const [reader, writer] = pipe.pair()
      const controller = new AbortController()
      const reason = new Error('enough')
      const aborted = actor.send([reader], { signal: controller.signal })
      await thisFiber.yield()
      controller.abort(reason)
      expect(await aborted.catch((e: unknown) => e)).to.equal(reason)
      expect(reader.isOpen).to.equal(true)
      reader.close()
      writer.close()
      const fiber = spawn(() => actor.send('by a fiber'))
      await thisFiber.yield()
      fiber.cancel()
      expect(await fiber.join().catch((e: Error) => e.name)).to.equal('FiberCanceled')
      const second = actor.send('second')
      open()
      expect(await got()).to.deep.equal(['first', 'second'])
      await second
      await actor.closed
    })

    it('tells those that wait when the actor ends', async () => {
      const { actor, open } = await held(language, 'wait', 1, 0)
      await actor.send('never taken')
      const waiting = [() => actor.send('neither'), () => actor.call({}, 60)].map(f => failure(f))
      open()
      expect(await got()).to.be.an(language === 'lua' ? 'object' : 'array')
      for (const error of await Promise.all(waiting)) expect(error).to.include({ code: 'CHANNEL_CLOSED' })
      expect(await failure(() => actor.send('late'))).to.include({ code: 'CHANNEL_CLOSED' })
    })

    it('has questions wait for room within their time', async () => {
      const { actor, open } = await held(language, 'wait', 1, 1)
      await actor.send('only')
      expect(await failure(() => actor.call({ n: 1 }, 0.02))).to.include({ code: 'ETIMEDOUT' })
      open()
      expect(await got()).to.deep.equal(['only'])
      await actor.closed
    })
  })
}

describe('the options of an inbox', () => {
  const wrong: [string, object][] = [
    ['options.inbox.limit', {}],
    ['options.inbox.limit', { limit: 0 }],
    ['options.inbox.limit', { limit: 1.5 }],
    ['options.inbox.full', { limit: 1, full: 'drop' }],
    ['options.inbox.size', { limit: 1, size: 2 }],
    ['options.inbox.limt', { limt: 1 }]
  ]
  for (const [arg, options] of wrong) {
    it(`refuse ${inspect(options)}`, async () => {
      expect(await failure(() => spawnVm(program('waiting.lua'), { inbox: options as InboxOptions }))).to.include({ code: 'EINVAL', arg })
    })
  }

  it('may be undefined, which says nothing', async () => {
    const actor = await spawnVm(program('waiting.lua'), { inbox: { limit: 1, full: undefined, size: undefined } as object as InboxOptions })
    actor.close()
    await actor.closed
  })

  it('are not those of another process', async () => {
    const options = { inbox: { limit: 1 }, subprocess: {} } as object
    expect(await failure(() => spawnVm(program('waiting.lua'), options))).to.include({ code: 'EINVAL', arg: 'options.inbox' })
  })
})
