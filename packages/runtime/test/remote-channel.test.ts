// SPDX-License-Identifier: MIT OR BSL-1.0
import { inbox, spawnVm, type Inbox, type RemoteChannel } from '@emilua/runtime'
import { pair } from '@emilua/pipe'
import { readAll } from '@emilua/stream'
import { expect } from 'chai'

/** An actor of a Lua source, in a process of its own. */
function start<T> (source: string, options: object = {}): Promise<RemoteChannel<T>> {
  return spawnVm<T>(new URL('file:///guest.lua'), { subprocess: { ...options, sourceTreeCache: { 'guest.lua': source } } })
}

async function failure (promise: Promise<unknown>): Promise<{ code?: string, message?: string }> {
  return promise.then(() => expect.fail('it did not fail'), error => error as { code?: string })
}

describe('an actor in a process of its own', () => {
  it('gets messages and answers, in order', async () => {
    const actor = await start<Inbox | string | number | { a: boolean }>(`
      local inbox = require 'inbox'
      local to = inbox:receive()
      for i = 1, 4 do to:send(inbox:receive()) end`)
    await actor.send(inbox)
    for (const message of ['text', 1.5, { a: true }]) {
      await actor.send(message)
      expect(await inbox.receive()).deep.equal(message)
    }
    expect(actor.childPid).not.equal(process.pid)
    await actor.send('last')
    expect(await inbox.receive()).equal('last')
    expect(await actor.closed).deep.equal({ reason: 'ended' })
    expect((await failure(actor.send('too late'))).code).equal('CHANNEL_CLOSED')
  })

  it('gets descriptors, and what it was given and nothing else', async () => {
    const [reader, writer] = pair()
    const actor = await start<{ out: unknown }>(`
      local inbox = require 'inbox'
      local out = require('pipe').write_stream.new(inbox:receive().out)
      local names = {}
      for name, value in pairs(require('system').environment) do names[#names + 1] = name .. '=' .. value end
      require('stream').write_all(out, table.concat(names, ' '))`, { environment: { A: '1' } })
    await actor.send({ out: writer.release() } as never)
    const text = new Uint8Array(3)
    await readAll(reader, text)
    expect(new TextDecoder().decode(text)).equal('A=1')
    await actor.closed
    reader.close()
  })

  it('says how it ended', async () => {
    expect((await (await start('require("system").exit(3)')).closed).reason).equal('exited with status 3')
    const actor = await start<string>('require("inbox"):receive()')
    actor.kill()
    expect((await actor.closed).reason).equal('killed')
    expect((await failure(actor.send('x'))).code).equal('CHANNEL_CLOSED')
  })

  it('is asked, with a deadline, and watched', async () => {
    const actor = await start<{ n?: number, late?: boolean, end?: boolean, reply: unknown }>(`
      local inbox = require 'inbox'
      while true do
        local job = inbox:receive()
        if job.n then job.reply:send(job.n * job.n) end
        if job.late then late = job.reply end
        if job.drop then job.reply:close() end
        if job.stop then error('no more', 0) end
      end`)
    expect(await actor.call<number>({ n: 12 }, 10)).equal(144)
    const late = await failure(actor.call({ late: true }, 0.02))
    expect(late).include({ code: 'ETIMEDOUT' }).and.property('message').match(/^Expected an answer of the actor \/guest.lua \(process \d+\) within 0.02 s$/)
    const dropped = await failure(actor.call({ drop: true } as never, Infinity))
    expect(dropped).include({ code: 'CHANNEL_CLOSED' }).and.property('message').match(/ has dropped the question$/)
    const stop = new AbortController()
    const waiting = failure(actor.call({ late: true }, 60, { signal: stop.signal }))
    stop.abort(new Error('enough'))
    expect(await waiting).include({ message: 'enough' })
    for (const [message, seconds] of [[{}, -1], [5, 1], [{ n: [1] }, 1]] as const) {
      expect(await failure(actor.call(message as never, seconds))).include({ code: 'EINVAL' })
    }
    actor.watch({ tag: 'x' })
    const last = await failure(actor.call({ stop: true } as never, Infinity))
    expect(last).include({ code: 'CHANNEL_CLOSED' }).and.property('message').match(/ has failed: no more$/)
    expect(await inbox.receive()).deep.equal({ ended: { tag: 'x' }, reason: 'panicked: no more' })
    expect(await failure(actor.send({ n: 1 } as never))).property('message').match(/^Channel closed: the actor \/guest.lua \(process \d+\) has failed: no more$/)
  })

  it('is not started where there is no such program', async () => {
    expect(await failure(spawnVm('nope.lua', { subprocess: {} }))).include({ code: 'MODULE_NOT_FOUND' }).and.property('message').match(/^Module not found: .*nope.lua$/)
    const elsewhere = await spawnVm('nope.lua', { subprocess: { newnsUser: true, newnsMount: true } })
    expect((await elsewhere.closed).reason).match(/^panicked: .*nope.lua/)
  })

  it('ends when its inbox can get nothing more', async () => {
    const actor = await start<string>('pcall(function () require("inbox"):receive() end) require("system").exit(4)')
    const { closed } = actor
    actor.close()
    expect((await closed).reason).equal('exited with status 4')
  })

  it('refuses what no other process can be sent, by name', async () => {
    const actor = await start<never>('require("inbox"):receive()')
    for (const message of [undefined, {}, [1], { a: { b: 1 } }, 'x'.repeat(256), 1n, new Uint8Array(1)]) {
      const error = await failure(actor.send(message as never))
      expect(error.code, String(message)).equal('EINVAL')
    }
    actor.kill()
    await actor.closed
  })

  it('is refused with options that are none, before there is a process', async () => {
    const at = new URL('file:///guest.lua')
    expect((await failure(spawnVm(at, { subprocess: { newnsAll: true } as never }))).message).match(/newnsAll/)
    expect((await failure(spawnVm(at, { subprocess: true as never }))).code).equal('EINVAL')
    expect((await failure(spawnVm('guest.ts', { subprocess: {} }))).code).equal('EINVAL')
    expect((await failure(spawnVm(at, { subprocess: { stdin: 'ignore' as never } }))).code).equal('EINVAL')
  })
})
