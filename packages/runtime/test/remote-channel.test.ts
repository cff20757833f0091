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
