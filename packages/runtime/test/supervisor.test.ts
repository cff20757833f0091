// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { EmiluaError } from '@emilua/errors'
import { forever } from './operations.js'
import { inbox, spawn, spawnVm, Supervisor, TooManyRestarts, type Channel, type SupervisedActor, type SupervisorStrategy } from '@emilua/runtime'
import { program, thrown } from './actors.js'

/** An actor that says its name when it begins, and ends as it is told to. */
function mortal (name: string, restart?: SupervisedActor['restart']): SupervisedActor {
  return {
    name,
    ...restart === undefined ? {} : { restart },
    async start () {
      const channel = await spawnVm<unknown>(program('mortal.lua'))
      channel.send({ name, to: inbox })
      return channel
    }
  }
}

async function seen (count: number): Promise<string> {
  const names: string[] = []
  for (let i = 0; i < count; i++) names.push(await inbox.receive<string>())
  return names.join(' ')
}

describe('Supervisor', () => {
  const expected: [SupervisorStrategy, string][] = [['one_for_one', 'b'], ['rest_for_one', 'b c'], ['one_for_all', 'a b c']]
  for (const [strategy, again] of expected) {
    it(`starts again, ${strategy}`, async () => {
      const supervisor = await Supervisor.start(['a', 'b', 'c'].map(name => mortal(name)), { strategy })
      expect(await seen(3)).to.equal('a b c')
      const before = supervisor.channel('a')!
      supervisor.channel<string>('b')!.send('end')
      expect(await seen(again.split(' ').length)).to.equal(again)
      expect(supervisor.channel('a')!.equals(before)).to.equal(strategy !== 'one_for_all')
      await supervisor.stop()
      expect(supervisor.channel('a')).to.equal(null)
      expect(supervisor.channel('c')).to.equal(null)
      expect((await before.closed).reason).to.equal('ended')
    })
  }

  it('lets those end that are to be started again only if they failed', async () => {
    const supervisor = await Supervisor.start([mortal('once', 'failed')])
    await seen(1)
    supervisor.channel<string>('once')!.send('fail')
    await seen(1)
    while (supervisor.channel('once') === null) await new Promise(setImmediate)
    supervisor.channel<string>('once')!.send('end')
    await supervisor.join()
  })

  it('gives up when too many have ended, and stops the others', async () => {
    const supervisor = await Supervisor.start([mortal('bad'), mortal('good')], { intensity: 2, period: 60 })
    const good = supervisor.channel('good')!
    await seen(2)
    const joined = supervisor.join()
    for (let i = 0; i < 3; i++) {
      if (i > 0) await seen(1)
      while (supervisor.channel('bad') === null) await new Promise(setImmediate)
      supervisor.channel<string>('bad')!.send('fail')
    }
    const error = await thrown(() => joined)
    expect(error).to.be.instanceOf(TooManyRestarts)
    expect(error).to.include({ actor: 'bad' })
    expect((await good.closed).reason).to.equal('ended')
  })

  it('tells its failure once: join, and not the end of its block as well', async () => {
    const fail = async (joins: boolean): Promise<unknown> => thrown(async () => {
      await using supervisor = await Supervisor.start([mortal('bad')], { intensity: 0, period: 60 })
      await seen(1)
      supervisor.channel<string>('bad')!.send('fail')
      await supervisor.channel('bad')!.closed
      if (joins) await supervisor.join()
    })
    expect(await fail(true)).to.be.instanceOf(TooManyRestarts)
    expect(await fail(false)).to.be.instanceOf(TooManyRestarts)
  })

  it('stops what it has started when another cannot be', async () => {
    let first: Channel | undefined
    const error = await thrown(() => Supervisor.start([
      { name: 'first', start: async () => (first = await spawnVm(program('waiting.lua'))) },
      { name: 'second', start: () => spawnVm(program('nothing.lua')) }
    ]))
    expect(error).to.include({ code: 'MODULE_NOT_FOUND' })
    expect((await first!.closed).reason).to.equal('ended')
  })

  it('says whose start gives no channel, at the start and later, and stops what it has started', async () => {
    let first: Channel | undefined
    for (const [given, shown] of [[undefined, 'undefined'], [5, '5'], [{ close () {} }, 'an object']] as const) {
      const error = await thrown(() => Supervisor.start([
        { name: 'first', start: async () => (first = await spawnVm(program('waiting.lua'))) },
        { name: 'web', start: async () => given as never }
      ]))
      expect(error).to.include({ code: 'EINVAL', arg: 'actors[1].start' }).and.property('message').contain("the channel of the actor 'web'").and.contain(shown)
      expect((await first!.closed).reason).to.equal('ended')
    }
    let starts = 0
    const once = mortal('once')
    const supervisor = await Supervisor.start([{ name: 'once', start: async () => starts++ === 0 ? await once.start() : undefined as never }])
    await seen(1)
    supervisor.channel<string>('once')!.send('end')
    expect(await thrown(() => supervisor.join())).to.include({ code: 'EINVAL', arg: 'actors[0].start' })
  })

  it('keeps actors whose starter was canceled', async () => {
    let supervisor: Supervisor | undefined
    const starter = spawn(async () => { supervisor = await Supervisor.start([mortal('kept')]); await forever() })
    await seen(1)
    while (supervisor === undefined) await new Promise(setImmediate)
    await starter[Symbol.asyncDispose]()
    supervisor.channel<string>('kept')!.send('end')
    expect(await seen(1)).to.equal('kept')
    await supervisor.stop()
  })

  it('counts what is undefined as left out', async () => {
    const supervisor = await Supervisor.start([{ ...mortal('kept'), restart: undefined, restrt: undefined } as never], { strategy: undefined, intensity: undefined, period: undefined } as object)
    await seen(1)
    supervisor.channel<string>('kept')!.send('end')
    expect(await seen(1)).to.equal('kept')
    await supervisor.stop()
  })

  it('refuses what it cannot use, by name', async () => {
    for (const [arg, actors, options] of [
      ['options.strategy', [], { strategy: 'some' }], ['options.intensity', [], { intensity: -1 }], ['options.period', [], { period: 'x' }],
      ['actors', [mortal('a'), mortal('a')], {}], ['options.intensty', [], { intensty: 1 }], ['actors', undefined, {}], ['actors[0]', [5], {}],
      ['actors[0].name', [{ ...mortal('a'), name: 5 }], {}], ['actors[1].start', [mortal('a'), { name: 'b', start: 5 }], {}],
      ['actors[0].stop', [{ ...mortal('a'), stop: 'x' }], {}], ['actors[0].restart', [{ ...mortal('a'), restart: 'x' }], {}],
      ['actors[0].restrt', [{ ...mortal('a'), restrt: 'never' }], {}]
    ] as const) {
      expect(await thrown(() => Supervisor.start(actors as never, options as object)), arg).to.include({ code: 'EINVAL', arg })
    }
  })
})

describe('Channel', () => {
  for (const name of ['asked.lua', 'asked.mjs']) {
    it(`asks, with a deadline, ${name}`, async () => {
      const asked = await spawnVm<unknown>(program(name))
      expect(await asked.call({ n: 12 }, 10)).to.equal(144)
      expect(await thrown(() => asked.call({ late: true, to: inbox }, 0.05))).to.include({ code: 'ETIMEDOUT' }).and.property('message').match(/^Expected an answer of the actor .*asked.\w+ within 0.05 s$/)
      asked.send('go on')
      expect(await inbox.receive()).to.equal('closed')
      expect(await thrown(() => asked.call({ dropped: true }, Infinity))).to.include({ code: 'CHANNEL_CLOSED' }).and.property('message').match(/^Channel closed: the actor .*asked.\w+ has dropped the question$/)
      const stop = new AbortController()
      const waiting = thrown(() => asked.call({ late: true, to: inbox }, 60, { signal: stop.signal }))
      stop.abort(new Error('enough'))
      expect(await waiting).to.include({ message: 'enough' })
      asked.send('go on')
      expect(await inbox.receive()).to.equal('closed')
      asked.watch({ tag: 1 })
      expect(await thrown(() => asked.call({ end: true }, Infinity))).to.include({ code: 'CHANNEL_CLOSED' })
      expect(await inbox.receive()).to.deep.equal({ ended: { tag: 1 }, reason: 'ended' })
      expect(await thrown(() => asked.call({}, 1))).to.include({ code: 'CHANNEL_CLOSED' }).and.property('message').match(/^Channel closed: the actor .*asked.\w+ has ended$/)
      asked.close()
      expect(() => { asked.send({}) }).to.throw('Channel closed: this channel was closed')
      for (const wrong of [[{}, -1], [5, 1], [{}, NaN]] as const) {
        expect(await thrown(() => asked.call(wrong[0] as object, wrong[1]))).to.be.instanceOf(EmiluaError).and.include({ code: 'EINVAL' })
      }
    })
  }

  it('has in one place what Lua has in several, and large bytes whole', async () => {
    const sharing = await spawnVm<unknown>(program('sharing.lua'))
    sharing.send({ to: inbox })
    const { a, b, bytes } = await inbox.receive<{ a: unknown[], b: { deep: unknown[] }, bytes: Uint8Array }>()
    expect(a).to.deep.equal([1, 2])
    expect(b.deep).to.equal(a)
    expect(bytes).to.have.length(200_000)
    expect([bytes[0], bytes[199_999]]).to.deep.equal([1, 7])
    bytes.fill(3)
    expect(bytes[100_000]).to.equal(3)
  })
})
